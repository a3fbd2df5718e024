internal import Application
internal import Domain

/// The cookies by which a browser is signed in.
///
/// The prefix `__Host-` makes browsers hold them to this host, to encryption (or `localhost`) and to the whole of it,
/// so that neither a neighbouring host nor one who changes plain traffic can plant one.
enum WebCookies {
    /// The access token, out of the reach of pages.
    static let access = "__Host-cutroom_access"
    /// The refresh token, out of the reach of pages.
    static let refresh = "__Host-cutroom_refresh"
    /// What pages read and send in ``field``.
    static let csrf = "__Host-cutroom_csrf"
    /// The field in which a page shows that it belongs to the session.
    static let field = "X-CSRF-Token"

    /// Sets all of them to what a session gives out, each for as long as it is good.
    static func set(_ grant: SessionGrant, at now: Timestamp, in response: inout HTTPResponse) {
        let (access, session) = (grant.accessExpiresAt - now, grant.session.expiresAt - now)
        set(Self.access, grant.accessToken, for: access, in: &response)
        set(refresh, grant.refreshToken.text, for: session, in: &response)
        set(csrf, grant.csrfToken, for: session, isForPages: true, in: &response)
    }

    /// Takes all of them away from a browser that shows any.
    static func clear(for request: HTTPRequest, in response: inout HTTPResponse) {
        guard request.fields.contains("Cookie") else { return }
        for name in [access, refresh] { set(name, "", for: .zero, in: &response) }
        set(csrf, "", for: .zero, isForPages: true, in: &response)
    }

    /// The value of a cookie; nil when the request has none of that name.
    ///
    /// - Throws: ``Problem`` where more than one may be meant.
    static func value(of name: String, in request: HTTPRequest) throws(Problem) -> String? {
        switch Cookies.find(name, in: request.fields) {
        case .none: return nil
        case .one(let value): return value
        case .unclear:
            throw .unauthenticated(
                "It is not clear which cookie is meant: \(name) stands once, among at most \(Cookies.most) in "
                    + "\(Cookies.mostBytes) bytes.", isTokenInvalid: true)
        }
    }

    /// Refuses what a page of another origin may have asked for, with cookies that are not its own.
    ///
    /// Browsers send `Origin` with whatever changes something and with WebSockets, and newer ones `Sec-Fetch-Site` with
    /// everything. Origins that the API is opened to are not spared: they use tokens.
    static func requireOwnPage(_ request: HTTPRequest) throws(Problem) {
        if let origin = request.fields["Origin"], !request.isFromOwnPage(of: origin) {
            throw Problem(
                .originNotAllowed, "Cookies are for this server's own pages, not those of \(origin).")
        }
        if request.isChange, let site = request.fields["Sec-Fetch-Site"], site != "same-origin",
            site != "none"
        {
            throw Problem(.originNotAllowed, "Cookies change something only from this server's own pages.")
        }
    }

    private static func set(
        _ name: String, _ value: String, for lifetime: Duration, isForPages: Bool = false,
        in response: inout HTTPResponse
    ) {
        let seconds = max(0, lifetime.components.seconds)
        response.fields.append(
            "Set-Cookie",
            "\(name)=\(value); Max-Age=\(seconds); Path=/; Secure; SameSite=Lax\(isForPages ? "" : "; HttpOnly")"
        )
    }
}

/// Keeps answers to a browser's cookies out of caches that others share.
struct CookiePrivacy: Middleware {
    func receive(_ exchange: Exchange) throws(Problem) -> HTTPResponse? { nil }

    func send(_ response: inout HTTPResponse, for exchange: Exchange) {
        let fields = exchange.request.fields
        guard fields.contains("Cookie"), !fields.contains("Authorization") else { return }
        response.fields.append("Vary", "Cookie")
        if !response.fields.contains("Cache-Control") { response.fields["Cache-Control"] = "private" }
    }
}
