import CGnuTLS
import Domain

/// Computes a ``ContentHash`` from bytes that come piece by piece.
///
/// GnuTLS rather than libsodium: Debian's libsodium has no code for the processor's SHA instructions
/// (280 MB/s against 1,400 MB/s where it has them).
///
/// `@unchecked Sendable`: it cannot be copied, so whoever has it is the only one with the handle.
struct ContentHasher: ~Copyable, @unchecked Sendable {
    private let handle: OpaquePointer

    init() {
        var handle: gnutls_hash_hd_t?
        guard gnutls_hash_init(&handle, GNUTLS_DIG_SHA256) == 0, let handle else {
            preconditionFailure("GnuTLS has no SHA-256")
        }
        self.handle = handle
    }

    deinit {
        gnutls_hash_deinit(handle, nil)
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        gnutls_hash(handle, start, bytes.count)
    }

    /// The hash of all bytes so far; the next byte starts a new one.
    mutating func finish() -> ContentHash {
        let digest = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            gnutls_hash_output(handle, buffer.baseAddress)
            count = 32
        }
        guard let hash = ContentHash(bytes: digest) else { preconditionFailure("SHA-256 has 32 bytes") }
        return hash
    }
}
