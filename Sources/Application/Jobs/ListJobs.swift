public import Domain

/// Lists the jobs, newest first.
public struct ListJobs: Sendable {
    private let store: any Store

    /// The use case over the store.
    public init(store: any Store) {
        self.store = store
    }

    /// Up to `limit` (brought into ``Domain/PageSize/range``) jobs enqueued before the one at `cursor`.
    public func callAsFunction(
        state: Job.State.Name? = nil, limit: Int = PageSize.usual, before cursor: Identifier<Job>? = nil
    ) throws -> Page<Job, Identifier<Job>> {
        let limit = PageSize.nearest(to: limit)
        return try store.read { try $0.jobs.page(state: state, limit: limit, before: cursor) }
    }
}
