/// The numeric address of the other end of a connection.
package enum PeerAddress: Hashable, Sendable {
    /// An IPv4 address, first octet highest.
    case v4(UInt32)
    /// An IPv6 address as two halves, first byte highest.
    case v6(high: UInt64, low: UInt64)
    /// No network address: a test or a local socket.
    case unknown
}

extension PeerAddress: CustomStringConvertible {
    /// The usual text form; IPv6 with all eight groups.
    package var description: String {
        switch self {
        case .v4(let address):
            (0..<4).map { String(address >> (24 - 8 * $0) & 0xFF) }.joined(separator: ".")
        case .v6(let high, let low):
            (0..<8).map { group in
                String((group < 4 ? high : low) >> UInt64(48 - 16 * (group % 4)) & 0xFFFF, radix: 16)
            }.joined(separator: ":")
        case .unknown:
            "unknown"
        }
    }
}
