/// Shows how much is stored.
public struct GetStatistics: Sendable {
    private let store: any Store

    /// The use case over the store.
    public init(store: any Store) {
        self.store = store
    }

    /// How much is stored now.
    public func callAsFunction() throws -> StoreStatistics {
        try store.read { try $0.tasks.statistics() }
    }
}
