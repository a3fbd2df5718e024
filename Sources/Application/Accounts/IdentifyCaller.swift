public import Domain

/// Finds out who calls, from what was shown.
///
/// It reads one snapshot and never suspends; that a key was used is noted behind its back.
public struct IdentifyCaller: Sendable {
    /// What somebody shows to be let in.
    public enum Credential: Redacted, Sendable {
        /// The access token of a session.
        case accessToken(String)
        /// An API key.
        case apiKey(String)
    }

    private let desk: AccountDesk
    private let tokens: SessionTokens
    private let mint: TokenMint
    private let uses: KeyUses

    /// The use case over its ports.
    public init(desk: AccountDesk, tokens: SessionTokens, mint: TokenMint, uses: KeyUses) {
        self.desk = desk
        self.tokens = tokens
        self.mint = mint
        self.uses = uses
    }

    /// Who calls, with the role that the user has now.
    ///
    /// - Throws: ``IdentificationError/unknown``, ``Domain/SessionError``, ``Domain/APIKeyError``,
    ///   ``Domain/UserError``.
    public func callAsFunction(_ credential: Credential) throws -> Caller {
        let now = desk.clock.now()
        switch credential {
        case .accessToken(let text):
            guard let claims = tokens.claims(of: text, at: now) else { throw IdentificationError.unknown }
            return try desk.store.read { try $0.caller(claims, at: now) }
        case .apiKey(let text):
            guard let hash = mint.hash(of: text, for: .apiKey) else { throw IdentificationError.unknown }
            var (caller, key) = try desk.store.read { try $0.caller(hash, at: now) }
            if key.use(at: now) { uses.note(key.id, at: now) }
            return caller
        }
    }
}

extension StoreReader {
    fileprivate func caller(_ claims: AccessClaims, at now: Timestamp) throws -> Caller {
        guard let session = try sessions.find(claims.session), session.user == claims.user else {
            throw IdentificationError.unknown
        }
        try session.requireActive(at: now)
        let user = try activeUser(session.user, at: now)
        return Caller(user: user.id, role: user.role, means: .session(session.id))
    }

    fileprivate func caller(_ hash: TokenHash, at now: Timestamp) throws -> (Caller, APIKey) {
        guard let key = try keys.find(hash: hash) else { throw IdentificationError.unknown }
        try key.requireActive(at: now)
        let user = try activeUser(key.owner, at: now)
        return (Caller(user: user.id, role: user.role, means: .apiKey(key.id, key.scopes)), key)
    }
}

/// Why it is not known who calls.
public enum IdentificationError: CodedError, Equatable {
    /// The token or key is none that was given out here, or its time is over.
    case unknown

    /// The stable code.
    public var code: String { "credential_unknown" }

    /// What was wrong and what to do.
    public var explanation: String { "The token or key is not known here, or has expired. Sign in again." }
}
