public import Domain

/// Stops a task: a waiting one never starts, a running one's programs are killed.
public struct CancelVideoTask: Sendable {
    private let store: any Store
    private let clock: any WallClock

    /// The use case over its ports.
    public init(store: any Store, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    /// Cancels the task; cancelling it again changes nothing.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/task``, ``Domain/VideoTaskError/alreadyEnded(_:)`` for one
    ///   that completed or failed.
    public func callAsFunction(_ id: Identifier<VideoTask>, by caller: Caller) async throws -> TaskDetails {
        try await UseCase.cancelVideoTask.run { try await cancel(id, by: caller) }
    }

    private func cancel(_ id: Identifier<VideoTask>, by caller: Caller) async throws -> TaskDetails {
        try caller.require(.tasksWrite)
        let now = clock.now()
        return try await store.write { writer in
            var task = try writer.task(id, of: caller)
            try writer.cancel(&task, at: now)
            return TaskDetails(task: task, clips: try writer.clips.all(of: id))
        }
    }
}

extension StoreWriter {
    /// Cancels a task, ends what is held for it and calls off its jobs; cancelling it again changes nothing.
    ///
    /// - Throws: ``Domain/VideoTaskError/alreadyEnded(_:)`` for one that completed or failed.
    func cancel(_ task: inout VideoTask, at now: Timestamp) throws {
        let events = try task.cancel(at: now)
        guard !events.isEmpty else { return }
        try taskWriter.update(task)
        try announce(events, of: task)
        try settle(task, at: now)
        try cancelJobs(of: task.id, at: now)
    }
}
