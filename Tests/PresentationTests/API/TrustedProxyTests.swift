import Domain
import Presentation
import Testing

@Suite("Who a request comes from")
struct TrustedProxyTests {
    private static let peer = PeerAddress.v4(0x0A00_0001)
    private static let client = PeerAddress.v4(0xC000_0207)

    private func proxies(_ ranges: String...) throws -> TrustedProxies {
        TrustedProxies(try ranges.map { try #require(AddressRange($0)) })
    }

    /// What is known of a request through a proxy at 10.0.0.1.
    private func forwarding(
        _ fields: HTTPFields, from peer: PeerAddress = Self.peer
    ) throws -> Forwarding? {
        try proxies("10.0.0.0/8", "fd00::/8").forwarding(
            of: HTTPRequest("GET", path: "/", fields: fields, peer: peer))
    }

    @Test(
        "A53: the client is the right-most address that is no trusted proxy",
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("203.0.113.9, 192.0.2.7", "192.0.2.7"),
            ("192.0.2.7, 10.0.0.5", "192.0.2.7"), ("10.9.9.9, 192.0.2.7, 10.0.0.5,10.0.0.6", "192.0.2.7"),
            ("10.0.0.9, 10.0.0.5", "10.0.0.9"), ("192.0.2.7:4711", "192.0.2.7"),
            ("2001:db8::7", "2001:db8:0:0:0:0:0:7"), ("[2001:db8::7]:4711, fd00::1", "2001:db8:0:0:0:0:0:7"),
            ("::ffff:192.0.2.7", "192.0.2.7"), ("", "10.0.0.1"), (" , ", "10.0.0.1"),
            ("203.0.113.9, unknown", "10.0.0.1"), ("203.0.113.9, 10.0.0.5, <script>", "10.0.0.1"),
            ("203.0.113.9, rubbish, 10.0.0.5", "10.0.0.5"), ("192.0.2.7\t", "192.0.2.7"),
        ])
    func rightMost(field: String, client: String) throws {
        let found = try #require(try forwarding(["X-Forwarded-For": field]))
        #expect(found.client.description == client)
    }

    @Test("several fields are one list")
    func severalFields() throws {
        let found = try forwarding([
            "X-Forwarded-For": "203.0.113.9", "x-forwarded-for": "192.0.2.7, 10.0.0.2",
        ])
        #expect(found?.client == Self.client)
    }

    @Test(
        "A53: whoever is no trusted proxy is the client, whatever its fields say",
        arguments: [PeerAddress.v4(0xC000_0263), .v6(high: 0x2001_0DB8_0000_0000, low: 1), .unknown])
    func untrusted(peer: PeerAddress) throws {
        let fields: HTTPFields = [
            "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "Forwarded": "for=192.0.2.7",
        ]
        #expect(try forwarding(fields, from: peer) == nil)
        let request = HTTPRequest("GET", path: "/", fields: fields, peer: peer)
        #expect(request.client == peer && !request.isSecure)
    }

    @Test("a proxy that came to an IPv6 socket over IPv4 is the same proxy")
    func mapped() throws {
        let peer = PeerAddress.v6(high: 0, low: 0xFFFF_0A00_0001)
        #expect(try forwarding(["X-Forwarded-For": "192.0.2.7"], from: peer)?.client == Self.client)
        #expect(try forwarding([:], from: peer)?.client == Self.peer)
    }

    @Test(
        "whether the client came over TLS is what the nearest trusted proxy says, else what the connection is",
        arguments: [
            ("https", true), ("HTTPS", true), ("http", false), ("http, https", true), ("https,http", false),
            (nil, nil), ("gopher", nil),
        ] as [(String?, Bool?)])
    func scheme(field: String?, isSecure: Bool?) throws {
        var fields: HTTPFields = [:]
        fields["X-Forwarded-Proto"] = field
        for isEncrypted in [true, false] {
            let request = HTTPRequest(
                "GET", path: "/", fields: fields, peer: Self.peer, isEncrypted: isEncrypted)
            #expect(request.isSecure == isEncrypted)
            let forwarded = request.with(try forwarding(fields))
            #expect(forwarded.isSecure == isSecure ?? isEncrypted)
        }
    }

    @Test("Forwarded is not read: a proxy that writes the other field lets it pass")
    func standard() throws {
        #expect(try forwarding(["Forwarded": "for=192.0.2.7;proto=https"]) == Forwarding(client: Self.peer))
    }
}
