public import Domain

/// How much there is, and how much there is to do.
public struct Statistics: Hashable, Sendable {
    /// How much is stored.
    public let store: StoreStatistics
    /// The number of jobs in each state that has any.
    public let jobs: [Job.State.Name: Int]
}

/// Shows how much is stored, and how the queue stands.
public struct GetStatistics: Sendable {
    private let store: any Store

    /// The use case over the store.
    public init(store: any Store) {
        self.store = store
    }

    /// How much there is now.
    public func callAsFunction() throws -> Statistics {
        try store.read { Statistics(store: try $0.tasks.statistics(), jobs: try $0.jobs.counts()) }
    }
}
