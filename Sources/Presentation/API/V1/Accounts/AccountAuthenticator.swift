package import Application
package import Domain

/// Finds out who makes a request by the token or API key that it shows.
package struct AccountAuthenticator: Authenticator {
    private let identify: IdentifyCaller

    package init(identify: IdentifyCaller) {
        self.identify = identify
    }

    package var schemes: [SecurityScheme] {
        [
            .bearer(
                "bearer", format: "an access token or an API key",
                "The access_token of a session, or an API key, which begins with “\(Self.keyPrefix)”.")
        ]
    }

    package func caller(of request: HTTPRequest) throws(Problem) -> Caller {
        guard let field = request.fields["Authorization"] else {
            throw .unauthenticated("Sign in, or show an API key.")
        }
        guard let token = Self.bearer(field) else {
            throw .unauthenticated("Authorization must be “Bearer ” and a token.", isTokenInvalid: true)
        }
        do {
            return try identify(token.hasPrefix(Self.keyPrefix) ? .apiKey(token) : .accessToken(token))
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
