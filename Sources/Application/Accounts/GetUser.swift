public import Domain

/// A user, as an administrator sees one.
public struct UserDetails: Hashable, Sendable {
    /// The user.
    public let user: User
    /// The credits, with those of the present month.
    public let credits: CreditStatement
    /// The sessions that go on, newest first.
    public let sessions: [Session]
    /// The API keys, void ones included, newest first.
    public let keys: [APIKey]
}

/// Shows an administrator one user.
public struct GetUser: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// The user with what is known, deleted ones included.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/user``.
    public func callAsFunction(_ id: Identifier<User>, by caller: Caller) throws -> UserDetails {
        try caller.require(.admin)
        let now = desk.clock.now()
        return try desk.store.read { reader in
            let user = try reader.user(id)
            return UserDetails(
                user: user,
                credits: try reader.statement(try reader.presentCredits(of: user, at: now).ledger),
                sessions: try reader.sessions.active(of: id, at: now), keys: try reader.keys.all(of: id))
        }
    }
}
