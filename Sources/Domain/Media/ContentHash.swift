/// The SHA-256 of a file's bytes: equal contents have equal hashes, whatever they are called.
public struct ContentHash: Hashable, Sendable {
    /// The length of a digest in bytes.
    private static let byteCount = 32

    /// The 32 bytes of the digest.
    public let bytes: [UInt8]

    /// A hash from its digest; nil unless there are 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// A hash from 64 hexadecimal digits; nil for anything else.
    public init?(hexadecimal text: String) {
        guard let bytes = Hexadecimal.bytes(text, count: Self.byteCount) else { return nil }
        self.bytes = bytes
    }

    /// The digest as 64 lower-case hexadecimal digits.
    public var hexadecimal: String { Hexadecimal.text(of: bytes) }
}
