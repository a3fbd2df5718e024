public import Domain

/// How much there is on a server that has accounts.
public struct ServerStatistics: Sendable {
    /// How much is stored, and how the queue stands.
    public let stored: Statistics
    /// The number of users in each state that has any.
    public let users: [User.State.Name: Int]
    /// The number of users on each plan, deleted ones left out.
    public let tiers: [Tier.Name: Int]
    /// How credits came and went.
    public let credits: CreditTotals
}

/// Shows an administrator how much there is, whoever owns it.
public struct GetServerStatistics: Sendable {
    private let store: any Store

    /// The use case over the store.
    public init(store: any Store) {
        self.store = store
    }

    /// The numbers of one moment.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller) throws -> ServerStatistics {
        try caller.require(.admin)
        return try store.read { reader in
            ServerStatistics(
                stored: Statistics(
                    store: try reader.tasks.statistics(of: nil), jobs: try reader.jobs.counts(of: nil)),
                users: try reader.users.counts(), tiers: try reader.users.countsByTier(),
                credits: CreditTotals(try reader.credits.totals()))
        }
    }
}
