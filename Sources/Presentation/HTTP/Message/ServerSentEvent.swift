/// One event of a `text/event-stream`, as the HTML standard frames it (section 9.2).
package struct ServerSentEvent: Sendable {
    /// The type that the client listens for, without line breaks.
    package var event: String?
    /// What a client that reconnects sends as `Last-Event-ID`; without line breaks.
    package var id: String?
    /// The payload; each of its lines becomes a line of the event.
    package var data: String

    package init(event: String? = nil, id: String? = nil, data: String) {
        self.event = event
        self.id = id
        self.data = data
    }

    /// The bytes on the wire.
    package var encoded: [UInt8] {
        var text = ""
        if let event { text += "event: \(event)\n" }
        if let id { text += "id: \(id)\n" }
        for line in data.split(separator: "\n", omittingEmptySubsequences: false) {
            text += "data: \(line)\n"
        }
        return Array((text + "\n").utf8)
    }

    /// A comment, which clients skip; it shows that the connection is alive.
    package static let heartbeat = Array(":\n\n".utf8)
}

extension HTTPResponse {
    /// Answers a stream of events.
    package static func events(_ channel: EventChannel) -> HTTPResponse {
        HTTPResponse(
            .ok,
            fields: [
                "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
            ],
            body: .events(channel))
    }
}
