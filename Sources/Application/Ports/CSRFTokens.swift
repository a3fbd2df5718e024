public import Domain

/// Makes and reads what a page shows to prove that it was served to the person whose cookies come with a request.
///
/// A browser sends cookies along whatever page asks; only a page of the server can read this and send it in a field
/// of its own. Nothing is kept: a token is a keyed hash that is bound to one session (the “HMAC-based token pattern”
/// of OWASP's cheat sheet on cross-site request forgery).
public protocol CSRFTokens: Sendable {
    /// The token of a session, of letters, digits, hyphens and dots; it may change when the server's key does.
    func token(for session: Identifier<Session>) -> String
    /// The session that a token was made for here; nil when it is none.
    func session(of token: String) -> Identifier<Session>?
}
