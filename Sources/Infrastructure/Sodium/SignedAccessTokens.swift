package import Application
package import Domain
import FoundationEssentials

/// Access tokens that say who they let in: JSON Web Tokens (RFC 7519), signed with HMAC-SHA-256 (HS256).
///
/// Nothing of a stranger is interpreted: a header must be, byte for byte, one that is written here, which settles the
/// algorithm, the type and the key; and claims are looked at only after the signature was found good.
///
/// Times are in whole seconds, rounded down, as most readers of such tokens want them.
package struct SignedAccessTokens: AccessTokens {
    /// A key, and the header of the tokens that it signs.
    package struct Key: Sendable {
        /// The header as it stands in a token.
        package let header: String
        /// The key.
        package let secret: SecretBytes

        /// A key that goes by that name, of letters and digits, in `kid`.
        package init(name: String, secret: SecretBytes) {
            header = Base64.forAddresses.text(
                of: Array(#"{"alg":"HS256","kid":"\#(name)","typ":"JWT"}"#.utf8))
            self.secret = secret
        }
    }

    /// The most bytes of a token that are looked at; ours have less than 500.
    package static let greatestLength = 2048
    /// By how much the clock of who signed may be ahead.
    package static let tolerance = Duration.seconds(60)

    /// The key in use, then earlier ones.
    private let keys: [Key]
    private let issuer: String
    private let audience: String?
    private let verified = VerifiedTokens<Claims>()

    /// Tokens signed with the key in use; those of earlier keys are still good.
    ///
    /// - Parameters:
    ///   - issuer: Who gives the tokens out (`iss`).
    ///   - audience: Who they are for (`aud`); nil to say nothing, and then they must say nothing.
    package init(_ keys: KeyRing, issuer: String = "cutroom", audience: String? = nil) {
        self.init(
            keys: keys.keys.map { key in
                Key(name: Base64.forAddresses.text(of: key.mark), secret: key.derived(for: .accessTokens))
            }, issuer: issuer, audience: audience)
    }

    /// Tokens signed with the first key; those of the others are still good.
    package init(keys: [Key], issuer: String, audience: String?) {
        self.keys = keys
        self.issuer = issuer
        self.audience = audience
    }

    package func sign(_ claims: AccessClaims) -> String {
        let claims = Claims(
            iss: issuer, aud: audience, sub: "\(claims.user)", sid: "\(claims.session)",
            iat: Self.seconds(claims.issuedAt), exp: Self.seconds(claims.expiresAt))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let payload = try? encoder.encode(claims) else {
            preconditionFailure("texts and whole numbers cannot be written as JSON")
        }
        let content = keys[0].header + "." + Base64.forAddresses.text(of: Array(payload))
        let tag = HMACSHA256.tag(of: content.utf8, key: keys[0].secret)
        return content + "." + Base64.forAddresses.text(of: tag)
    }

    package func verify(_ token: String, at now: Timestamp) -> AccessClaims? {
        let token = Array(token.utf8.prefix(Self.greatestLength + 1))
        guard token.count <= Self.greatestLength,
            let claims = verified.content(of: token, orRead: { signedClaims(of: token) })
        else { return nil }
        return accepted(claims, at: now)
    }

    /// The claims of a token whose signature is good.
    private func signedClaims(of token: [UInt8]) -> Claims? {
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let key = keys.first(where: { parts[0].elementsEqual($0.header.utf8) }),
            let tag = Base64.forAddresses.bytes(parts[2]),
            HMACSHA256.areEqual(tag, HMACSHA256.tag(of: token[..<parts[1].endIndex], key: key.secret)),
            let payload = Base64.forAddresses.bytes(parts[1])
        else { return nil }
        return try? JSONDecoder().decode(Claims.self, from: Data(payload))
    }

    private func accepted(_ claims: Claims, at now: Timestamp) -> AccessClaims? {
        let issuedAt = Self.moment(claims.iat)
        let expiresAt = Self.moment(claims.exp)
        guard claims.iss == issuer, claims.aud == audience,
            now < expiresAt, issuedAt <= now + Self.tolerance,
            let user = Identifier<User>(claims.sub), let session = Identifier<Session>(claims.sid)
        else { return nil }
        return AccessClaims(user: user, session: session, issuedAt: issuedAt, expiresAt: expiresAt)
    }

    private static func seconds(_ moment: Timestamp) -> Int64 {
        let (seconds, rest) = moment.milliseconds.quotientAndRemainder(dividingBy: 1000)
        return rest < 0 ? seconds - 1 : seconds
    }

    private static func moment(_ seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: 0) + .seconds(seconds)
    }
}

/// The claims as they are written, by the names that RFC 7519 and OpenID Connect (`sid`) have registered.
private struct Claims: Codable, Sendable {
    let iss: String
    let aud: String?
    let sub: String
    let sid: String
    let iat: Int64
    let exp: Int64
}
