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

    /// How much of the caller's there is now.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller) throws -> Statistics {
        try caller.require(.tasksRead)
        return try statistics(of: caller.user)
    }

    /// How much there is on the whole server, whoever owns it.
    ///
    /// - Throws: ``Domain/AccessError`` for whoever is no administrator.
    public func ofServer(by caller: Caller) throws -> Statistics {
        try caller.require(.admin)
        return try statistics(of: nil)
    }

    private func statistics(of owner: Identifier<User>?) throws -> Statistics {
        try store.read { reader in
            Statistics(
                store: try reader.tasks.statistics(of: owner), jobs: try reader.jobs.counts(of: owner))
        }
    }
}
