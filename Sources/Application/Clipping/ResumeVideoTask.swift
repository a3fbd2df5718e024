public import Domain

/// Lets a failed or cancelled task go on at the first stage whose artefact is missing.
public struct ResumeVideoTask: Sendable {
    private let store: any Store
    private let identifiers: IdentifierMaker
    private let clock: any WallClock
    private let billing: Billing?

    /// The use case over its ports.
    ///
    /// - Parameter billing: Nil where everything is free.
    public init(
        store: any Store, identifiers: IdentifierMaker, clock: any WallClock, billing: Billing? = nil
    ) {
        self.store = store
        self.identifiers = identifiers
        self.clock = clock
        self.billing = billing
    }

    /// Queues the task again, and holds what it costs to go on.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/task``, ``Domain/VideoTaskError/notResumable(_:)``,
    ///   ``OrderRefusal``.
    public func callAsFunction(_ id: Identifier<VideoTask>, by caller: Caller) async throws -> TaskDetails {
        try await UseCase.resumeVideoTask.run { try await resume(id, by: caller) }
    }

    private func resume(_ id: Identifier<VideoTask>, by caller: Caller) async throws -> TaskDetails {
        try caller.require(.tasksWrite)
        let now = clock.now()
        let job: Identifier<Job> = identifiers.make()
        let hold: Identifier<CreditHold> = identifiers.make()
        let trace = WorkContext.current?.carried ?? []
        return try await store.write { writer in
            try writer.requirePresence(of: caller.user)
            var task = try writer.task(id, of: caller)
            let events = try task.resume(finished: try writer.finishedStages(of: task))
            let priority =
                try billing.map { try writer.holdAgain(for: task, as: hold, by: $0.tariff, at: now) }
                ?? Job.ordinaryPriority
            try writer.taskWriter.update(task)
            try writer.announce(events, of: task)
            try writer.enqueue(
                RunVideoTask.job(for: task, id: job, priority: priority, trace: trace, at: now))
            return TaskDetails(task: task, clips: try writer.clips.all(of: id))
        }
    }
}

extension StoreReader {
    /// The stages of a task whose artefacts are there; rendering is never among them, since each clip is an
    /// artefact of its own.
    func finishedStages(of task: VideoTask) throws -> Set<Stage> {
        var finished: Set<Stage> = []
        if task.acquired != nil { finished.insert(.acquiring) }
        if try documents.transcript(of: task.id) != nil { finished.insert(.transcribing) }
        if try documents.analysis(of: task.id) != nil { finished.insert(.analyzing) }
        return finished
    }
}
