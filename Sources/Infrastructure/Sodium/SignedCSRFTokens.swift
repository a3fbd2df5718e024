import Application
package import Domain

/// Tokens that prove that a page belongs to a session: its identifier, a dot, and HMAC-SHA-256 of it.
///
/// They are made with the key in use; those of earlier keys are still good.
package struct SignedCSRFTokens: CSRFTokens {
    /// How many characters an identifier has.
    private static let identifierLength = 36

    /// The key in use, then earlier ones.
    private let keys: [SecretBytes]

    /// Tokens of an installation.
    package init(_ keys: KeyRing) {
        self.keys = keys.keys.map { $0.derived(for: .csrfTokens) }
    }

    package func token(for session: Identifier<Session>) -> String {
        "\(session)." + Base64.forAddresses.text(of: HMACSHA256.tag(of: "\(session)".utf8, key: keys[0]))
    }

    package func session(of token: String) -> Identifier<Session>? {
        let token = Array(token.utf8.prefix(128))
        guard token.count > Self.identifierLength, token[Self.identifierLength] == UInt8(ascii: "."),
            let tag = Base64.forAddresses.bytes(token[(Self.identifierLength + 1)...])
        else { return nil }
        let name = token[..<Self.identifierLength]
        guard keys.contains(where: { HMACSHA256.areEqual(tag, HMACSHA256.tag(of: name, key: $0)) }) else {
            return nil
        }
        return Identifier(String(decoding: name, as: UTF8.self))
    }
}
