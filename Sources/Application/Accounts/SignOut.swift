public import Domain

/// Ends the session by which the caller calls.
public struct SignOut: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Ends the session; one that is over already stays as it is.
    ///
    /// - Throws: ``Domain/AccessError`` for a program that calls by an API key; ``NotFound/session``.
    public func callAsFunction(by caller: Caller, from origin: Origin) async throws {
        try caller.require(.accountSecurity)
        guard case .session(let id) = caller.means else { return }
        let deed = desk.deed(by: caller, from: origin)
        try await desk.store.write { try $0.end(id, of: caller, because: .signedOut, doing: deed) }
    }
}

extension StoreWriter {
    /// Ends a session of the caller's own; someone else's is not there.
    func end(
        _ id: Identifier<Session>, of caller: Caller, because reason: Session.Revocation.Reason,
        doing deed: Deed
    ) throws {
        guard var session = try sessions.find(id), caller.owns(session.user) else {
            throw NotFound.session
        }
        let events = session.revoke(reason, at: deed.now)
        guard !events.isEmpty else { return }
        try sessionWriter.update(session, refreshToken: nil)
        try record(events, of: deed)
    }
}
