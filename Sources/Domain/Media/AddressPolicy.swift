/// Which addresses may be connected to on behalf of a person.
///
/// What a name leads to is only known when it is resolved, and may change between two look-ups; so this is
/// asked about the address of each connection at the moment when it is opened, redirects included.
public struct AddressPolicy: Hashable, Sendable {
    /// Blocks that the operator opens although they are not of the public internet.
    public let allowed: [AddressRange]

    /// A policy that opens the public internet and `allowed`.
    public init(allowed: [AddressRange] = []) {
        self.allowed = allowed
    }

    /// Why `address` may not be connected to; nil when it may.
    public func refusal(of address: NetworkAddress) -> String? {
        if allowed.contains(where: { $0.contains(address) }) { return nil }
        // With NAT64 every public IPv4 machine appears under this prefix (RFC 6052), so what counts is the
        // machine behind it.
        if Self.translated.contains(address) {
            return refusal(of: NetworkAddress(version4: UInt32(truncatingIfNeeded: address.low)))
        }
        if let block = Self.closed.first(where: { $0.range.contains(address) }) {
            return "\(address) is \(block.reason)"
        }
        // IPv6 hands out global addresses from 2000::/3 alone (RFC 4291, section 2.4).
        if address.version4 == nil, address.high >> 61 != 1 {
            return "\(address) is not an address of the public internet"
        }
        return nil
    }

    private static let translated = range("64:ff9b::/96")

    /// The blocks that do not lead to a machine of the public internet.
    ///
    /// They are those of IANA's special-purpose registries (RFC 6890, as of 2025) and the well-known metadata
    /// services of cloud machines. Tunnels that carry an IPv4 address inside an IPv6 one (6to4, Teredo) are
    /// closed altogether: nobody serves videos there.
    private static let closed: [(range: AddressRange, reason: String)] = [
        ("169.254.169.254/32", "a metadata service"),
        ("168.63.129.16/32", "a metadata service"),
        ("100.100.100.200/32", "a metadata service"),
        ("fd00:ec2::254/128", "a metadata service"),
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a provider's customers"),
        ("127.0.0.0/8", "this machine"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "reserved for documentation"),
        ("192.88.99.0/24", "a relay of tunnels"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "reserved for measurements"),
        ("198.51.100.0/24", "reserved for documentation"),
        ("203.0.113.0/24", "reserved for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "this machine"),
        ("64:ff9b:1::/48", "a private translation of IPv4"),
        ("2001::/23", "a tunnel or reserved"),
        ("2001:db8::/32", "reserved for documentation"),
        ("2002::/16", "a tunnel"),
        ("3fff::/20", "reserved for documentation"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private"),
        ("ff00::/8", "multicast"),
    ].map { (range($0.0), $0.1) }

    private static func range(_ text: String) -> AddressRange {
        guard let range = AddressRange(text) else { preconditionFailure("\(text) is no block of addresses") }
        return range
    }
}
