package import Application
package import Domain

/// Finds out who makes a request by the token or API key that it shows, else by a browser's cookies.
package struct AccountAuthenticator: Authenticator {
    private let identify: IdentifyCaller

    package init(identify: IdentifyCaller) {
        self.identify = identify
    }

    package var schemes: [SecurityScheme] {
        [
            .bearer(
                "bearer", format: "an access token or an API key",
                "The access_token of a session, or an API key, which begins with “\(Self.keyPrefix)”."),
            .cookie(
                "cookie", named: WebCookies.access,
                "What signing in with “cookies” sets. Whatever changes something needs the value of the cookie "
                    + "\(WebCookies.csrf) in \(WebCookies.field) too. Authorization goes before it."),
        ]
    }

    package func caller(of request: HTTPRequest) throws(Problem) -> Caller {
        guard let field = request.fields["Authorization"] else {
            return try caller(byCookiesOf: request)
        }
        guard let token = Self.bearer(field) else {
            throw .unauthenticated("Authorization must be “Bearer ” and a token.", isTokenInvalid: true)
        }
        return try caller(token.hasPrefix(Self.keyPrefix) ? .apiKey(token) : .accessToken(token))
    }

    private func caller(byCookiesOf request: HTTPRequest) throws(Problem) -> Caller {
        guard let token = try WebCookies.value(of: WebCookies.access, in: request) else {
            throw .unauthenticated("Sign in, or show an API key.")
        }
        try WebCookies.requireOwnPage(request)
        return try caller(
            .accessCookie(
                token, csrfToken: request.fields[WebCookies.field], isChange: request.isChange))
    }

    private func caller(_ credential: IdentifyCaller.Credential) throws(Problem) -> Caller {
        do {
            return try identify(credential)
        } catch IdentificationError.forged {
            throw Problem(describing: IdentificationError.forged)
        } catch let error as any CodedError {
            throw .unauthenticated(error.explanation, isTokenInvalid: true)
        } catch {
            throw Problem(describing: error)
        }
    }

    private static let keyPrefix = SecretToken.Purpose.apiKey.rawValue

    /// The token of a field such as `Bearer abc`; the scheme is written in any case (RFC 9110, section 11.1).
    private static func bearer(_ field: String) -> String? {
        // By bytes: to walk the characters of a token takes as long as to read the task that it is shown for.
        let parts = field.utf8.split(separator: UInt8(ascii: " "))
        guard parts.count == 2, Substring(parts[0]).lowercased() == "bearer" else { return nil }
        return String(Substring(parts[1]))
    }
}
