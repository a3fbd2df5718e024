/// Answers only under names that are this server's own, so that no page can reach a server on this machine by
/// a name that it points here (DNS rebinding).
package struct HostGuard: Middleware {
    /// The names of this machine's own loopback interface.
    package static let loopback = ["localhost", "127.0.0.1", "[::1]"]

    private let names: [String]

    /// - Parameter names: The names that are answered under, without ports, in lower case.
    package init(names: [String] = Self.loopback) {
        self.names = names
    }

    package func receive(_ exchange: Exchange) throws(Problem) -> HTTPResponse? {
        let host = exchange.request.fields["Host"] ?? ""
        guard names.contains(where: { Self.matches(host, $0) }) else {
            throw Problem(
                .misdirected,
                "This server is not called that; it answers to \(names.joined(separator: ", ")).")
        }
        return nil
    }

    package func send(_ response: inout HTTPResponse, for exchange: Exchange) {}

    /// Whether a Host is that name, with any port or none.
    private static func matches(_ host: String, _ name: String) -> Bool {
        var given = host.utf8[...]
        for expected in name.utf8 {
            guard let byte = given.popFirst(), lowercased(byte) == expected else { return false }
        }
        guard let colon = given.popFirst() else { return true }
        return colon == UInt8(ascii: ":") && given.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
