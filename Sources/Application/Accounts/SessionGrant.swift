public import Domain

/// What a person gets who has signed in, or goes on with a session.
public struct SessionGrant: Redacted, Sendable {
    /// Who it is.
    public let user: User
    /// The session.
    public let session: Session
    /// What lets the person's program in.
    public let accessToken: String
    /// Until when.
    public let accessExpiresAt: Timestamp
    /// What goes on with the session, once.
    public let refreshToken: SecretToken
    /// What a page shows beside cookies, to prove that it is one of the server's own.
    public let csrfToken: String
}

/// Makes what a session gives out.
public struct SessionTokens: Sendable {
    private let mint: TokenMint
    private let access: any AccessTokens
    private let csrf: any CSRFTokens

    /// A maker over its ports.
    public init(mint: TokenMint, access: any AccessTokens, csrf: any CSRFTokens) {
        self.mint = mint
        self.access = access
        self.csrf = csrf
    }

    /// The next refresh token of some session, and what a store keeps of it.
    func makeRefreshToken() -> (token: SecretToken, hash: TokenHash) {
        mint.make(for: .refresh)
    }

    /// What a refresh token that was shown is found by; nil when it is none.
    func hash(of refreshToken: String) -> TokenHash? {
        mint.hash(of: refreshToken, for: .refresh)
    }

    /// What a session gives out together with a refresh token; no access outlives its session.
    func grant(_ session: Session, of user: User, refreshToken: SecretToken, at now: Timestamp)
        -> SessionGrant
    {
        let claims = AccessClaims(
            user: user.id, session: session.id, issuedAt: now,
            expiresAt: min(now + Session.accessLifetime, session.expiresAt))
        return SessionGrant(
            user: user, session: session, accessToken: access.sign(claims),
            accessExpiresAt: claims.expiresAt, refreshToken: refreshToken,
            csrfToken: csrf.token(for: session.id))
    }

    /// The session whose page shows that it is the server's own; nil when nothing, or nothing good, is shown.
    func session(ofCSRF token: String?) -> Identifier<Session>? {
        token.flatMap(csrf.session)
    }

    /// What an access token says that is good now.
    func claims(of accessToken: String, at now: Timestamp) -> AccessClaims? {
        access.verify(accessToken, at: now)
    }
}
