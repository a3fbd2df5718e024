public import Domain

/// Finds out who calls, from what was shown.
///
/// It reads one snapshot, or none for those who called since the last commit, and never suspends; that a key was used
/// is noted behind its back.
public struct IdentifyCaller: Sendable {
    /// What somebody shows to be let in.
    public enum Credential: Redacted, Sendable {
        /// The access token of a session.
        case accessToken(String)
        /// The access token of a session, in a cookie that a browser sends whatever page asks: what changes
        /// something needs the page's own token too.
        case accessCookie(String, csrfToken: String?, isChange: Bool)
        /// An API key.
        case apiKey(String)
    }

    private let desk: AccountDesk
    private let tokens: SessionTokens
    private let mint: TokenMint
    private let uses: KeyUses
    private let known: KnownCallers

    /// The use case over its ports.
    public init(desk: AccountDesk, tokens: SessionTokens, mint: TokenMint, uses: KeyUses) {
        self.desk = desk
        self.tokens = tokens
        self.mint = mint
        self.uses = uses
        known = KnownCallers(desk.store)
    }

    /// Who calls, with the role that the user has now.
    ///
    /// - Throws: ``IdentificationError/unknown``, ``Domain/SessionError``, ``Domain/APIKeyError``,
    ///   ``Domain/UserError``.
    public func callAsFunction(_ credential: Credential) throws -> Caller {
        let now = desk.clock.now()
        switch credential {
        case .accessToken(let text):
            return try caller(text, at: now)
        case .accessCookie(let text, let csrfToken, let isChange):
            let caller = try caller(text, at: now)
            if isChange, tokens.session(ofCSRF: csrfToken).map(Caller.Means.session) != caller.means {
                throw IdentificationError.forged
            }
            return caller
        case .apiKey(let text):
            let entry = try known.entry(for: text, at: now) {
                guard let hash = mint.hash(of: text, for: .apiKey) else { throw IdentificationError.unknown }
                return try desk.store.read { try $0.caller(hash, at: now) }
            }
            if var key = entry.key, key.use(at: now) { uses.note(key.id, at: now) }
            return entry.caller
        }
    }

    private func caller(_ accessToken: String, at now: Timestamp) throws -> Caller {
        try known.entry(for: accessToken, at: now) {
            guard let claims = tokens.claims(of: accessToken, at: now) else {
                throw IdentificationError.unknown
            }
            return try desk.store.read { try $0.caller(claims, at: now) }
        }.caller
    }
}

extension StoreReader {
    fileprivate func caller(_ claims: AccessClaims, at now: Timestamp) throws -> KnownCallers.Entry {
        guard let session = try sessions.find(claims.session), session.user == claims.user else {
            throw IdentificationError.unknown
        }
        try session.requireActive(at: now)
        let user = try activeUser(session.user, at: now)
        return KnownCallers.Entry(
            caller: Caller(user: user.id, role: user.role, means: .session(session.id)), key: nil,
            until: min(claims.expiresAt, session.overAt))
    }

    fileprivate func caller(_ hash: TokenHash, at now: Timestamp) throws -> KnownCallers.Entry {
        guard let key = try keys.find(hash: hash) else { throw IdentificationError.unknown }
        try key.requireActive(at: now)
        let user = try activeUser(key.owner, at: now)
        return KnownCallers.Entry(
            caller: Caller(user: user.id, role: user.role, means: .apiKey(key.id, key.scopes)), key: key,
            until: key.expiresAt)
    }
}

/// Why it is not known who calls.
public enum IdentificationError: CodedError, Equatable {
    /// The token or key is none that was given out here, or its time is over.
    case unknown
    /// A browser's cookies came without the token of a page that belongs to their session.
    case forged

    /// The stable code.
    public var code: String {
        switch self {
        case .unknown: "credential_unknown"
        case .forged: "csrf_refused"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .unknown: "The token or key is not known here, or has expired. Sign in again."
        case .forged: "Cookies change something only together with their session's token in X-CSRF-Token."
        }
    }
}
