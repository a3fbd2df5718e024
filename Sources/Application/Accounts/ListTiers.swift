public import Domain

/// Lists the plans, by name.
public struct ListTiers: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// All plans.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller) throws -> [Tier] {
        try require(caller)
        return try desk.store.read { try $0.tiers.all() }
    }

    /// The plan with that name.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/tier``.
    public func callAsFunction(_ name: Tier.Name, by caller: Caller) throws -> Tier {
        try require(caller)
        return try desk.store.read { try $0.tier(name) }
    }

    /// Who may see a profile may see the plans, and so may who looks after them.
    private func require(_ caller: Caller) throws(AccessError) {
        if !caller.may(.admin) { try caller.require(.accountRead) }
    }
}
