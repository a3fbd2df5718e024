import CSodium

/// Base64 without padding (RFC 4648), by libsodium.
struct Base64 {
    /// With the usual letters (section 4), as password hashes are written.
    static let standard = Base64(variant: sodium_base64_VARIANT_ORIGINAL_NO_PADDING)
    /// With the letters of addresses (section 5), as tokens are written (RFC 7515, appendix C).
    static let forAddresses = Base64(variant: sodium_base64_VARIANT_URLSAFE_NO_PADDING)

    private let variant: Int32

    /// The text of bytes.
    func text(of bytes: [UInt8]) -> String {
        // With room for the zero at its end.
        let room = sodium_base64_encoded_len(bytes.count, variant)
        var text = [CChar](repeating: 0, count: room)
        sodium_bin2base64(&text, room, bytes, bytes.count, variant)
        return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The bytes that a text stands for; nil when it has other letters, padding, or bits that stand for nothing,
    /// so that there is one text for some bytes and no other.
    func bytes(_ text: some Collection<UInt8>) -> [UInt8]? {
        let text = text.map { CChar(bitPattern: $0) }
        var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3 + 2)
        var length = 0
        guard sodium_base642bin(&bytes, bytes.count, text, text.count, nil, &length, nil, variant) == 0 else {
            return nil
        }
        return Array(bytes.prefix(length))
    }
}
