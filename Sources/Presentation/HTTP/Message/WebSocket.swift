/// An open WebSocket (RFC 6455).
///
/// Pings are answered and sent by the server itself.
package protocol WebSocket: Sendable {
    /// The next message, or nil once the connection is closing, closed, or the task cancelled.
    func receive() async -> WebSocketMessage?

    /// Sends a text message, never waiting; a client that lets too much pile up is dropped.
    ///
    /// - Parameter isReplay: Whether it tells of what was before the client came. However much that is, the client
    ///   could not take any of it yet: it does not count as piled up.
    /// - Returns: Whether the socket still takes messages.
    @discardableResult
    func send(_ text: String, isReplay: Bool) -> Bool

    /// Starts the closing handshake; messages sent before still go out.
    func close(_ code: WebSocketCloseCode, reason: String)
}

extension WebSocket {
    /// Sends a text message that tells of what happens now.
    @discardableResult
    package func send(_ text: String) -> Bool {
        send(text, isReplay: false)
    }

    package func close(_ code: WebSocketCloseCode) {
        close(code, reason: "")
    }
}

/// What a client says.
///
/// Binary messages are refused with code 1003 before anyone sees them.
package enum WebSocketMessage: Equatable, Sendable {
    case text(String)
}

/// Why a WebSocket is closed (RFC 6455, section 7.4.1).
package struct WebSocketCloseCode: Hashable, Sendable {
    package let code: UInt16

    package init(_ code: UInt16) {
        self.code = code
    }

    package static let normal = Self(1000)
    package static let goingAway = Self(1001)
    package static let unsupportedData = Self(1003)
    package static let policyViolation = Self(1008)
    package static let messageTooBig = Self(1009)
    package static let internalError = Self(1011)
}

/// The will to turn a request into a WebSocket; the server checks the handshake.
package struct WebSocketUpgrade: Sendable {
    /// The longest message that a client may send, in bytes; a longer one closes with 1009.
    package var maximumMessage: Int
    /// Whether a page of this origin may open the socket; nil is a client that is no browser.
    package var allowsOrigin: @Sendable (_ origin: String?) -> Bool
    /// Holds the conversation.
    ///
    /// Its task is cancelled when the client is gone; when it returns, the socket is
    /// closed with 1000.
    package var converse: @Sendable (any WebSocket) async -> Void

    package init(
        maximumMessage: Int = 64 * 1024,
        allowsOrigin: @escaping @Sendable (_ origin: String?) -> Bool,
        converse: @escaping @Sendable (any WebSocket) async -> Void
    ) {
        self.maximumMessage = maximumMessage
        self.allowsOrigin = allowsOrigin
        self.converse = converse
    }

    /// Allows pages that this very host has served, and clients that are no browsers.
    package static func sameOrigin(as request: HTTPRequest) -> @Sendable (_ origin: String?) -> Bool {
        let (host, isSecure) = (request.fields["Host"], request.isSecure)
        return { origin in origin.map { isSameOrigin($0, host: host, isSecure: isSecure) } ?? true }
    }
}

extension HTTPRequest {
    /// Whether an origin is that of the pages which this very host has served.
    package func isFromOwnPage(of origin: String) -> Bool {
        isSameOrigin(origin, host: fields["Host"], isSecure: isSecure)
    }
}

/// Whether an origin, as browsers send it (RFC 6454), is that of the pages of this `Host`.
///
/// What comes by TLS comes from pages that came by TLS: others may be anybody's on the way. What does not may have come
/// by TLS to a proxy of which the server was not told.
private func isSameOrigin(_ origin: String, host: String?, isSecure: Bool) -> Bool {
    guard let host = host?.lowercased() else { return false }
    let origin = origin.lowercased()
    return origin == "https://\(host)" || !isSecure && origin == "http://\(host)"
}

extension HTTPResponse {
    /// Answers with an upgrade, or refuses a request that is no proper handshake (RFC 6455, section 4.2.1).
    ///
    /// - Parameter refuse: Words the refusals: 426, 400, or 403 for a page that may not.
    package static func webSocket(
        _ upgrade: WebSocketUpgrade, for request: HTTPRequest, refuse: HTTPRefusal
    ) -> HTTPResponse {
        let fields = request.fields
        guard request.method == .get, has("websocket", in: fields.values(of: "Upgrade")),
            has("upgrade", in: fields.values(of: "Connection")), fields["Sec-WebSocket-Version"] == "13"
        else {
            var response = refuse(
                .upgradeRequired, "upgrade_required", "This address speaks WebSocket, version 13.")
            response.fields["Upgrade"] = "websocket"
            return response
        }
        guard let key = fields["Sec-WebSocket-Key"], key.utf8.count == 24, key.hasSuffix("==") else {
            return refuse(.badRequest, "malformed_request", "Sec-WebSocket-Key is no base64 of 16 bytes.")
        }
        guard upgrade.allowsOrigin(fields["Origin"]) else {
            return refuse(.forbidden, "origin_not_allowed", "Pages of this origin may not open the socket.")
        }
        return HTTPResponse(.switchingProtocols, body: .webSocket(upgrade))
    }

    private static func has(_ token: String, in values: [String]) -> Bool {
        values.contains { value in
            value.split(separator: ",").contains { $0.trimmingSpaces.lowercased() == token }
        }
    }
}
