import Application
import CSodium
package import Domain

/// Hashes tokens with BLAKE2b and a key.
///
/// The key is that of the oldest master key, so that a new one leaves the tokens alone that are kept: they cannot be
/// hashed anew. When the oldest is dropped, every API key, session and mailed token goes with it.
package struct SodiumTokenHasher: TokenHasher {
    private let key: SecretBytes

    /// A hasher.
    package init(_ keys: KeyRing) {
        key = keys.oldest.derived(for: .tokenHashes)
    }

    package func hash(_ token: SecretToken) -> TokenHash {
        // No purpose is the beginning of another, so that no two tokens make the same bytes.
        let bytes = Array(token.purpose.rawValue.utf8) + token.bytes
        var digest = [UInt8](repeating: 0, count: Int(crypto_generichash_BYTES))
        let status = key.withPointer {
            crypto_generichash(&digest, digest.count, bytes, UInt64(bytes.count), $0, key.count)
        }
        guard status == 0, let hash = TokenHash(bytes: digest) else {
            preconditionFailure("libsodium makes no hash of \(digest.count) bytes")
        }
        return hash
    }
}
