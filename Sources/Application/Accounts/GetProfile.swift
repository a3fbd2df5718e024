public import Domain

/// Shows callers what is known about them.
public struct GetProfile: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// The caller's user.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/user``.
    public func callAsFunction(by caller: Caller) throws -> User {
        try caller.require(.accountRead)
        return try desk.store.read { try $0.user(caller.user) }
    }
}
