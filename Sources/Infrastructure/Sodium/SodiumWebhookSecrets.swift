import Application
package import Domain
import Synchronization

/// The secrets of webhooks: made of the kernel's randomness, sealed with the installation's key, which is asked for
/// when the first one is made or opened.
package final class SodiumWebhookSecrets: WebhookSecrets {
    private let keys: @Sendable () throws -> KeyRing
    private let box = Mutex<SodiumSecretBox?>(nil)

    /// Secrets that are sealed with the keys that `keys` finds or makes; a failure is asked about again.
    package init(keys: @escaping @Sendable () throws -> KeyRing) {
        self.keys = keys
    }

    package func make() throws -> WebhookSecret {
        guard let secret = WebhookSecret(bytes: Sodium.randomBytes(WebhookSecret.byteCount)) else {
            preconditionFailure("a secret has \(WebhookSecret.byteCount) bytes")
        }
        return secret
    }

    package func seal(_ secret: WebhookSecret, context: String) throws -> [UInt8] {
        try opened().seal(secret.bytes, context: context)
    }

    package func open(_ sealed: [UInt8], context: String) throws -> WebhookSecret {
        guard let bytes = try opened().open(sealed, context: context),
            let secret = WebhookSecret(bytes: bytes)
        else { throw PortError.corrupt("a secret that was sealed with another key") }
        return secret
    }

    package func tag(of bytes: [UInt8], by secret: WebhookSecret) -> [UInt8] {
        HMACSHA256.tag(of: bytes, key: SecretBytes(secret.bytes))
    }

    private func opened() throws -> SodiumSecretBox {
        try box.withLock { box in
            if let box { return box }
            let made = SodiumSecretBox(try keys())
            box = made
            return made
        }
    }
}
