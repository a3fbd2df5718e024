/// An open WebSocket (RFC 6455).
///
/// Pings are answered and sent by the server itself.
package protocol WebSocket: Sendable {
    /// The next message, or nil once the connection is closing, closed, or the task cancelled.
    func receive() async -> WebSocketMessage?

    /// Sends a text message, never waiting; a client that lets too much pile up is dropped.
    ///
    /// - Returns: Whether the socket still takes messages.
    @discardableResult
    func send(_ text: String) -> Bool

    /// Starts the closing handshake; messages sent before still go out.
    func close(_ code: WebSocketCloseCode, reason: String)
}

extension WebSocket {
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
        let host = request.fields["Host"]?.lowercased()
        return { origin in
            guard let origin = origin?.lowercased() else { return true }
            return host.map { origin == "http://\($0)" || origin == "https://\($0)" } ?? false
        }
    }
}

extension HTTPResponse {
    /// Answers with an upgrade; where the request is no proper handshake, the server refuses it with 426 or 400.
    package static func webSocket(_ upgrade: WebSocketUpgrade) -> HTTPResponse {
        HTTPResponse(.switchingProtocols, body: .webSocket(upgrade))
    }
}
