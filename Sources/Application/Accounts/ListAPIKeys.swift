public import Domain

/// Lists the caller's API keys, newest first.
public struct ListAPIKeys: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// The keys, void ones that are remembered included.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller) throws -> [APIKey] {
        try caller.require(.accountSecurity)
        return try desk.store.read { try $0.keys.all(of: caller.user) }
    }
}
