public import Domain

/// Gives a task another title.
public struct RenameVideoTask: Sendable {
    private let store: any Store

    /// The use case over the store.
    public init(store: any Store) {
        self.store = store
    }

    /// Renames the task.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/task``, ``Domain/VideoTaskError/title``.
    public func callAsFunction(
        _ id: Identifier<VideoTask>, title: String, by caller: Caller
    ) async throws -> TaskDetails {
        try await UseCase.renameVideoTask.run { try await rename(id, title: title, by: caller) }
    }

    private func rename(
        _ id: Identifier<VideoTask>, title: String, by caller: Caller
    ) async throws -> TaskDetails {
        try caller.require(.tasksWrite)
        return try await store.write { writer in
            var task = try writer.task(id, of: caller)
            try task.rename(to: title)
            try writer.taskWriter.update(task)
            return TaskDetails(task: task, clips: try writer.clips.all(of: id))
        }
    }
}
