import CSodium

/// What libsodium wants to be done before anything else.
enum Sodium {
    private static let isReady = sodium_init() >= 0

    /// Sets the library up, once; traps where the machine has no source of randomness.
    static func prepare() {
        precondition(isReady, "libsodium cannot be initialised")
    }

    /// Bytes that nobody can guess.
    static func randomBytes(_ count: Int) -> [UInt8] {
        prepare()
        var bytes = [UInt8](repeating: 0, count: count)
        randombytes_buf(&bytes, count)
        return bytes
    }
}
