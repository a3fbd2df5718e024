/// What a handler answers.
package struct HTTPResponse: Sendable {
    package var status: HTTPStatus
    /// The header fields; the server adds `Date`, `Content-Length` or `Transfer-Encoding`, and `Connection`.
    package var fields: HTTPFields
    package var body: HTTPBody
    /// What browsers may load for it (Content Security Policy, level 3); nil for nothing at all.
    package var contentPolicy: String?
    /// The refusal that it words, nil when it is none.
    package internal(set) var refusal: Refusal?

    package init(_ status: HTTPStatus, fields: HTTPFields = [:], body: HTTPBody = .empty) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Answers bytes with their media type.
    package init(_ status: HTTPStatus, _ bytes: [UInt8], type: String) {
        self.init(status, fields: ["Content-Type": type], body: .bytes(bytes))
    }

    /// Answers a text in UTF-8.
    package init(_ status: HTTPStatus, text: String, type: String = "text/plain; charset=utf-8") {
        self.init(status, Array(text.utf8), type: type)
    }
}

/// What follows the head of a response.
///
/// For `HEAD` the server leaves it out and keeps its length.
package enum HTTPBody: Sendable {
    case empty
    case bytes([UInt8])
    /// A part of an open file, sent by the kernel (`sendfile`).
    case file(OpenFile, Range<Int>)
    /// Bytes made while they are sent; without a length they are sent in chunks.
    case stream(any ByteSource, length: Int?)
    /// Server-sent events, already encoded, until the channel is finished.
    case events(EventChannel)
    /// The connection becomes a WebSocket that belongs to the closure.
    case webSocket(WebSocketUpgrade)
}

/// Bytes that are made while they are sent, such as an archive.
///
/// It is read by one thread of the server at a time, from start to end. A read may touch the disk; it must not
/// wait for anything slower.
package protocol ByteSource: Sendable {
    /// Writes the next bytes into `buffer`, which is not empty.
    ///
    /// - Returns: How many bytes were written; 0 is the end.
    /// - Throws: Any error; the connection is then cut, since the head has gone out already.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}
