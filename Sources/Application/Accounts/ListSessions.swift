public import Domain

/// One line of the list of sessions.
public struct SessionListing: Hashable, Sendable {
    /// The session.
    public let session: Session
    /// Whether it is the one by which the list is asked for.
    public let isCurrent: Bool
}

/// Lists where the caller is signed in, newest first.
public struct ListSessions: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// The sessions that go on.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller) throws -> [SessionListing] {
        try caller.require(.accountSecurity)
        let now = desk.clock.now()
        return try desk.store.read { reader in
            try reader.sessions.active(of: caller.user, at: now).map { session in
                SessionListing(session: session, isCurrent: caller.means == .session(session.id))
            }
        }
    }
}
