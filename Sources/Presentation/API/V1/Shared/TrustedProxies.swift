package import Domain

/// The proxies in front of the server that are believed when they say for whom they speak.
///
/// Each of them adds, at the right of `X-Forwarded-For`, the address that it heard from. So the list is read from the
/// right for as long as it names proxies that are believed; the first address that is none of them is the client's,
/// and whatever stands left of it is the client's own invention. From anyone else the field means nothing.
///
/// `Forwarded` (RFC 7239) is not read: a proxy that writes one of the two fields hands the other on as the client wrote
/// it, and nobody can tell which of them the proxy meant.
package struct TrustedProxies: Sendable {
    private let ranges: [AddressRange]

    /// The proxies of these networks.
    package init(_ ranges: [AddressRange]) {
        self.ranges = ranges
    }

    /// Whether nobody is believed.
    package var isEmpty: Bool { ranges.isEmpty }

    /// What the proxy at the other end of the connection says about a request; nil when it is none that is believed.
    package func forwarding(of request: HTTPRequest) -> Forwarding? {
        guard let peer = request.peer.network, trusts(peer) else { return nil }
        var client = peer
        for hop in Self.elements(request.fields, "X-Forwarded-For").reversed() {
            // What is no address was not written by a proxy that is believed, or means somebody it does not name.
            guard let address = Self.address(hop) else { break }
            client = address
            guard trusts(address) else { break }
        }
        return Forwarding(client: PeerAddress(client), isSecure: Self.isSecure(request.fields))
    }

    private func trusts(_ address: NetworkAddress) -> Bool {
        ranges.contains { $0.contains(address) }
    }

    /// What the nearest proxy says, which stands at the right.
    private static func isSecure(_ fields: HTTPFields) -> Bool? {
        switch elements(fields, "X-Forwarded-Proto").last?.lowercased() {
        case "https": true
        case "http": false
        default: nil
        }
    }

    /// The elements of a field that is a list, however many fields it is spread over.
    private static func elements(_ fields: HTTPFields, _ name: String) -> [String] {
        fields.values(of: name).flatMap { $0.split(separator: ",").map(\.trimmingSpaces) }
    }

    /// An address as proxies write it: `192.0.2.1`, `2001:db8::1`, `[2001:db8::1]`, each perhaps with a port.
    private static func address(_ text: String) -> NetworkAddress? {
        if text.hasPrefix("[") {
            return text.firstIndex(of: "]").flatMap { NetworkAddress(text[..<$0].dropFirst()) }
        }
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        return NetworkAddress(parts.count == 2 ? parts[0] : text[...])
    }
}

extension PeerAddress {
    /// The address in the Domain's words; nil where there is none.
    var network: NetworkAddress? {
        switch self {
        case .v4(let bits): NetworkAddress(version4: bits)
        case .v6(let high, let low): NetworkAddress(high: high, low: low)
        case .unknown: nil
        }
    }

    init(_ address: NetworkAddress) {
        self = address.version4.map(PeerAddress.v4) ?? .v6(high: address.high, low: address.low)
    }
}
