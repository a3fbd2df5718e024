import Domain

/// Goes on with a session: a refresh token is used once, and replaced by the next.
///
/// One that comes back was in two hands; then the whole session ends, and the audit trail says so. Only the one that was
/// replaced last may come again for a moment (``Domain/Session/repetitionGrace``), and gets a token beside the one that
/// replaced it: whichever is used first, the other is the one that was replaced last.
public struct RefreshSession: Sendable {
    private let desk: AccountDesk
    private let tokens: SessionTokens

    /// The use case over its ports.
    public init(desk: AccountDesk, tokens: SessionTokens) {
        self.desk = desk
        self.tokens = tokens
    }

    /// Uses a refresh token.
    ///
    /// - Throws: ``IdentificationError/unknown``, ``Domain/SessionError``, ``Domain/UserError``.
    public func callAsFunction(_ token: String, from origin: Origin) async throws -> SessionGrant {
        try await UseCase.refreshSession.run { try await refresh(token, of: nil, from: origin) }
    }

    /// Uses a refresh token that came in a cookie.
    ///
    /// - Parameter csrfToken: What the page shows to prove that it belongs to the same session.
    /// - Throws: ``IdentificationError``, ``Domain/SessionError``, ``Domain/UserError``.
    public func callAsFunction(cookie token: String, csrfToken: String?, from origin: Origin) async throws
        -> SessionGrant
    {
        guard let session = tokens.session(ofCSRF: csrfToken) else { throw IdentificationError.forged }
        return try await UseCase.refreshSession.run { try await refresh(token, of: session, from: origin) }
    }

    /// - Parameter expected: The session that the token must be of; nil for any.
    private func refresh(
        _ token: String, of expected: Identifier<Session>?, from origin: Origin
    ) async throws -> SessionGrant {
        guard let hash = tokens.hash(of: token) else { throw IdentificationError.unknown }
        let anonymous = desk.deed(by: .anonymous, from: origin)
        let now = anonymous.now
        let next = tokens.makeRefreshToken()
        let outcome = try await desk.store.write { writer -> Result<(User, Session), SessionError> in
            guard let found = try writer.sessions.find(refreshToken: hash) else {
                throw IdentificationError.unknown
            }
            var session = found.session
            guard expected == nil || expected == session.id else { throw IdentificationError.forged }
            let user = try writer.activeUser(session.user, at: now)
            switch session.refresh(with: found.generation, at: now) {
            case .refreshed(let events):
                try writer.sessionWriter.update(session, refreshToken: next.hash)
                try writer.record(events, of: anonymous.known(as: user.id))
                return .success((user, session))
            case .repeated:
                try writer.sessionWriter.add(refreshToken: next.hash, to: session)
                try writer.note(
                    .sessionRefreshed, on: .thing(kind: "session", id: "\(session.id)", owner: user.id),
                    of: anonymous.known(as: user.id), detail: "again")
                return .success((user, session))
            case .reused(let events):
                // Whose hand it is that shows it again is not known.
                try writer.sessionWriter.update(session, refreshToken: nil)
                try writer.record(events, of: anonymous, isSuccess: false)
                return .failure(.revoked)
            case .refused(let error):
                throw error
            }
        }
        let (user, session) = try outcome.get()
        return tokens.grant(session, of: user, refreshToken: next.token, at: now)
    }
}
