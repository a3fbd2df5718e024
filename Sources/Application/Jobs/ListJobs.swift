public import Domain

/// Lists the jobs of the caller's tasks, or all of them for an administrator, newest first.
public struct ListJobs: Sendable {
    private let store: any Store

    /// The use case over the store.
    public init(store: any Store) {
        self.store = store
    }

    /// Up to `limit` (brought into ``Domain/PageSize/range``) jobs enqueued before the one at `cursor`.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(
        by caller: Caller, state: Job.State.Name? = nil, limit: Int = PageSize.usual,
        before cursor: Identifier<Job>? = nil
    ) throws -> Page<Job, Identifier<Job>> {
        try caller.require(.jobsRead)
        let limit = PageSize.nearest(to: limit)
        let owner = caller.seesEveryJob ? nil : caller.user
        return try store.read { try $0.jobs.page(of: owner, state: state, limit: limit, before: cursor) }
    }
}
