public import Domain

/// Has a job tried again now, as if it had never failed.
public struct RetryJob: Sendable {
    private let store: any Store
    private let followers: JobFollowers
    private let clock: any WallClock

    /// The use case over its ports.
    public init(store: any Store, followers: JobFollowers, clock: any WallClock) {
        self.store = store
        self.followers = followers
        self.clock = clock
    }

    /// Makes the job available.
    ///
    /// - Throws: ``Domain/AccessError``; ``NotFound/job``; ``Domain/JobError/notRetryable(_:)`` for one that is
    ///   available, running or completed; ``PortError/conflict(_:)`` when another job has taken its place.
    @discardableResult
    public func callAsFunction(_ id: Identifier<Job>, by caller: Caller) async throws -> Job {
        try await UseCase.retryJob.run { try await retry(id, by: caller) }
    }

    private func retry(_ id: Identifier<Job>, by caller: Caller) async throws -> Job {
        try caller.require(.jobsWrite)
        let now = clock.now()
        return try await store.write { [followers] writer in
            var job = try writer.job(id, of: caller)
            let event = try job.retry(at: now)
            try followers.keep(JobChange(job: job, event: event), in: writer, at: now)
            return job
        }
    }
}
