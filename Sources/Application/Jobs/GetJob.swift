public import Domain

/// Shows one job.
public struct GetJob: Sendable {
    private let store: any Store

    /// The use case over the store.
    public init(store: any Store) {
        self.store = store
    }

    /// The job.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/job``.
    public func callAsFunction(_ id: Identifier<Job>, by caller: Caller) throws -> Job {
        try caller.require(.jobsRead)
        return try store.read { try $0.job(id, of: caller) }
    }
}

extension Caller {
    /// Whether the caller looks after all jobs, the server's own included, and not only after those of the
    /// caller's tasks.
    var seesEveryJob: Bool { may(.admin) }
}

extension StoreReader {
    /// A job that the caller may see; another one is not there.
    ///
    /// - Throws: ``NotFound/job``.
    func job(_ id: Identifier<Job>, of caller: Caller) throws -> Job {
        guard let job = try jobs.find(id), caller.seesEveryJob || job.owner.map(caller.owns) == true else {
            throw NotFound.job
        }
        return job
    }
}
