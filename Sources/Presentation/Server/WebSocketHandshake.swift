import CGnuTLS

/// The answer to a request to become a WebSocket (RFC 6455, section 4.2).
enum WebSocketHandshake {
    /// With the value of `Sec-WebSocket-Accept`.
    case accepted(String)
    case refused(HeadFault)

    init(_ request: HTTPRequest, _ upgrade: WebSocketUpgrade) {
        let fields = request.fields
        guard request.method == .get, Self.has("websocket", in: fields.values(of: "Upgrade")),
            Self.has("upgrade", in: fields.values(of: "Connection")),
            fields["Sec-WebSocket-Version"] == "13"
        else {
            self = .refused(
                HeadFault(.upgradeRequired, "upgrade_required", "This address speaks WebSocket, version 13."))
            return
        }
        guard let key = fields["Sec-WebSocket-Key"], key.utf8.count == 24, key.hasSuffix("==") else {
            self = .refused(.malformed("Sec-WebSocket-Key is no base64 of 16 bytes."))
            return
        }
        guard upgrade.allowsOrigin(fields["Origin"]) else {
            self = .refused(
                HeadFault(.forbidden, "origin_not_allowed", "Pages of this origin may not open the socket."))
            return
        }
        self = .accepted(Self.accept(key))
    }

    private static func has(_ token: String, in values: [String]) -> Bool {
        values.contains { value in
            value.split(separator: ",").contains { $0.trimmingSpaces.lowercased() == token }
        }
    }

    /// The proof that the key was read by someone who knows the protocol.
    static func accept(_ key: String) -> String {
        let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        var digest = [UInt8](repeating: 0, count: 20)
        gnutls_hash_fast(GNUTLS_DIG_SHA1, text, text.count, &digest)
        return base64(digest)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for position in 0..<4 {
                text.append(
                    position <= group.count ? alphabet[value >> (18 - 6 * position) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
