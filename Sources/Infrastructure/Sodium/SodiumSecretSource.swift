import Application
package import Domain

/// Makes tokens of the kernel's randomness, by libsodium.
package struct SodiumSecretSource: SecretSource {
    /// A source of tokens.
    package init() {}

    package func token(for purpose: SecretToken.Purpose) -> SecretToken {
        guard let token = SecretToken(for: purpose, bytes: Sodium.randomBytes(SecretToken.byteCount)) else {
            preconditionFailure("a token has \(SecretToken.byteCount) bytes")
        }
        return token
    }
}
