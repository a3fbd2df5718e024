public import Domain

/// Lists the jobs, newest first.
public struct ListJobs: Sendable {
    /// How many jobs a page may have.
    public static let limitRange = 1...100

    private let store: any Store

    /// The use case over the store.
    public init(store: any Store) {
        self.store = store
    }

    /// Up to `limit` (clamped to 1–100) jobs enqueued before the one at `cursor`.
    public func callAsFunction(
        state: Job.State.Name? = nil, limit: Int = 20, before cursor: Identifier<Job>? = nil
    ) throws -> Page<Job, Identifier<Job>> {
        let limit = min(max(limit, Self.limitRange.lowerBound), Self.limitRange.upperBound)
        return try store.read { try $0.jobs.page(state: state, limit: limit, before: cursor) }
    }
}
