import Application
import CSodium

/// Seals bytes with XChaCha20-Poly1305 and a nonce of chance, which is long enough never to come twice.
///
/// What is sealed: one byte that tells the key, 24 of the nonce, the bytes, 16 of the tag. The context and the first
/// byte are authenticated with them; the context is not kept.
package struct SodiumSecretBox: SecretBox {
    private struct Key {
        let mark: UInt8
        let bytes: SecretBytes
    }

    private static let nonceLength = Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    private static let tagLength = Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)

    /// The key in use, then earlier ones.
    private let keys: [Key]

    /// A box that seals with the key in use and opens what earlier ones have sealed too.
    package init(_ keys: KeyRing) {
        self.keys = keys.keys.map { key in
            Key(
                mark: key.mark[0],
                bytes: key.derived(
                    for: .sealing, count: Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES)))
        }
    }

    package func seal(_ bytes: [UInt8], context: String) -> [UInt8] {
        let key = keys[0]
        let nonce = Sodium.randomBytes(Self.nonceLength)
        let known = [key.mark] + Array(context.utf8)
        var sealed = [UInt8](repeating: 0, count: bytes.count + Self.tagLength)
        // It has no way to fail.
        _ = key.bytes.withPointer {
            crypto_aead_xchacha20poly1305_ietf_encrypt(
                &sealed, nil, bytes, UInt64(bytes.count), known, UInt64(known.count), nil, nonce, $0)
        }
        return [key.mark] + nonce + sealed
    }

    package func open(_ sealed: [UInt8], context: String) -> [UInt8]? {
        guard let mark = sealed.first, sealed.count >= 1 + Self.nonceLength + Self.tagLength else {
            return nil
        }
        let nonce = Array(sealed[1...Self.nonceLength])
        let rest = Array(sealed[(1 + Self.nonceLength)...])
        // One byte tells keys apart only nearly always; the tag does always.
        for key in keys where key.mark == mark {
            if let bytes = open(rest, nonce: nonce, known: [mark] + Array(context.utf8), with: key.bytes) {
                return bytes
            }
        }
        return nil
    }

    private func open(
        _ sealed: [UInt8], nonce: [UInt8], known: [UInt8], with key: SecretBytes
    ) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: sealed.count - Self.tagLength)
        let status = key.withPointer {
            crypto_aead_xchacha20poly1305_ietf_decrypt(
                &bytes, nil, nil, sealed, UInt64(sealed.count), known, UInt64(known.count), nonce, $0)
        }
        return status == 0 ? bytes : nil
    }
}
