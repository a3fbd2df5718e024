/// What a store keeps of a ``SecretToken``: a keyed hash of it, by which it is found again.
///
/// The hash is made by an adapter, with a key that is not in the store: who has read the store knows no token,
/// and cannot even try one.
public struct TokenHash: Hashable, Sendable {
    /// How many bytes a hash has.
    public static let byteCount = 32

    /// The bytes.
    public let bytes: [UInt8]

    /// A hash; nil unless there are 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }
}
