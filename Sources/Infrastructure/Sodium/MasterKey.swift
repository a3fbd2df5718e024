import CSodium
import Domain

/// The one secret of an installation: everything that is signed, sealed or hashed with a key is so with one that is
/// derived from it.
final class MasterKey: Redacted, Sendable {
    /// What a derived key is for, by the context that libsodium's derivation takes (eight letters).
    enum Purpose: String {
        case accessTokens = "cr-token"
        case tokenHashes = "cr-hashs"
        case sealing = "cr-seals"
        case mark = "cr-marks"
        case csrfTokens = "cr-pages"
    }

    /// How many bytes it has.
    static let byteCount = Int(crypto_kdf_KEYBYTES)
    /// How many hexadecimal digits it is written with.
    static let digitCount = 2 * byteCount

    private let bytes: SecretBytes

    /// A key from its digits, in either case; nil unless there are 64.
    init?(digits: some Collection<UInt8>) {
        guard digits.count == Self.digitCount else { return nil }
        var digits = digits.map { CChar(bitPattern: $0) }
        defer { sodium_memzero(&digits, digits.count) }
        var length = 0
        var isRead = false
        bytes = SecretBytes(count: Self.byteCount) { memory in
            isRead = sodium_hex2bin(memory, Self.byteCount, digits, digits.count, nil, &length, nil) == 0
        }
        guard isRead, length == Self.byteCount else { return nil }
    }

    /// The digits of a key that nobody has.
    static func makeDigits() -> [UInt8] {
        var bytes = Sodium.randomBytes(byteCount)
        defer { sodium_memzero(&bytes, bytes.count) }
        var digits = [CChar](repeating: 0, count: digitCount + 1)
        defer { sodium_memzero(&digits, digits.count) }
        sodium_bin2hex(&digits, digits.count, bytes, bytes.count)
        return digits.dropLast().map { UInt8(bitPattern: $0) }
    }

    /// The key for a purpose, always the same.
    func derived(for purpose: Purpose, count: Int = 32) -> SecretBytes {
        SecretBytes(count: count) { memory in
            let status = bytes.withPointer {
                crypto_kdf_derive_from_key(memory, count, 1, purpose.rawValue, $0)
            }
            precondition(status == 0, "a key of \(count) bytes cannot be derived")
        }
    }

    /// Bytes by which the key may be told apart in public: they tell nothing about it.
    var mark: [UInt8] {
        let mark = derived(for: .mark, count: Int(crypto_kdf_BYTES_MIN))
        return mark.withPointer { Array(UnsafeBufferPointer(start: $0, count: 8)) }
    }
}
