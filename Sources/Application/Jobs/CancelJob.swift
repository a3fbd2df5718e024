public import Domain

/// Calls a job off: one that waits at once, one that runs as soon as its worker notices.
public struct CancelJob: Sendable {
    private let store: any Store
    private let followers: JobFollowers
    private let clock: any WallClock

    /// The use case over its ports.
    public init(store: any Store, followers: JobFollowers, clock: any WallClock) {
        self.store = store
        self.followers = followers
        self.clock = clock
    }

    /// Calls the job off; doing it again changes nothing.
    ///
    /// - Throws: ``Domain/AccessError``; ``NotFound/job``; ``Domain/JobError/notCancellable(_:)`` for one that
    ///   completed or was given up.
    @discardableResult
    public func callAsFunction(_ id: Identifier<Job>, by caller: Caller) async throws -> Job {
        try caller.require(.jobsWrite)
        let now = clock.now()
        return try await store.write { [followers] writer in
            var job = try writer.job(id, of: caller)
            guard let event = try job.requestCancellation(at: now) else { return job }
            try followers.keep(JobChange(job: job, event: event), in: writer, at: now)
            return job
        }
    }
}
