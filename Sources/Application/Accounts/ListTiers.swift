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
        try caller.require(.accountRead)
        return try desk.store.read { try $0.tiers.all() }
    }
}
