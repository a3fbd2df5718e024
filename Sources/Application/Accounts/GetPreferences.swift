public import Domain

/// Shows callers how they want their clips.
public struct GetPreferences: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// What the caller has chosen, else what is meant without a choice.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller) throws -> Preferences {
        try caller.require(.accountRead)
        return try desk.store.read { try $0.preferences.find(caller.user) } ?? .ordinary
    }
}
