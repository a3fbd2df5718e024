import CSodium

/// HMAC with SHA-256 (RFC 2104), which RFC 7518 calls HS256.
package enum HMACSHA256 {
    /// How many bytes a tag has.
    package static let tagLength = Int(crypto_auth_hmacsha256_BYTES)

    /// The tag of bytes under a key of any length.
    package static func tag(of bytes: some Collection<UInt8>, key: SecretBytes) -> [UInt8] {
        var state = crypto_auth_hmacsha256_state()
        defer { sodium_memzero(&state, MemoryLayout.size(ofValue: state)) }
        _ = key.withPointer { crypto_auth_hmacsha256_init(&state, $0, key.count) }
        let bytes = Array(bytes)
        crypto_auth_hmacsha256_update(&state, bytes, UInt64(bytes.count))
        var tag = [UInt8](repeating: 0, count: tagLength)
        crypto_auth_hmacsha256_final(&state, &tag)
        return tag
    }

    /// Whether two tags are the same, in a time that does not tell where they differ.
    package static func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        first.count == second.count && sodium_memcmp(first, second, first.count) == 0
    }
}
