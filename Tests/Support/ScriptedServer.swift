import Glibc
import Synchronization

/// A small HTTP server on a free loopback port that answers as a test tells it to, and keeps what it was
/// asked. It ends with its last reference.
public final class ScriptedServer: Sendable {
    /// What a client asked.
    public struct Request: Sendable {
        public let method: String
        /// The path and the query, as sent.
        public let target: String
        /// Names in lower case.
        public let headers: [(name: String, value: String)]
        public let body: [UInt8]

        public var text: String { String(decoding: body, as: UTF8.self) }

        public func header(_ name: String) -> String? {
            headers.first { $0.name == name.lowercased() }?.value
        }
    }

    /// What it is answered.
    public enum Reply: Sendable {
        /// A whole answer.
        case answer(status: Int = 200, headers: [(String, String)] = [], body: [UInt8] = [])
        /// An answer that promises `length` bytes and breaks off after `body`.
        case cutOff(status: Int = 200, headers: [(String, String)] = [], body: [UInt8], length: Int)
        /// A body that never ends.
        case endless(headers: [(String, String)] = [])
        /// Never an answer; the connection stays open until the client leaves.
        case silence
        /// The connection is closed without a word.
        case hangUp

        public static func json(_ text: String, status: Int = 200, headers: [(String, String)] = []) -> Self {
            .answer(
                status: status, headers: [("Content-Type", "application/json")] + headers,
                body: Array(text.utf8))
        }

        public static func redirect(to address: String) -> Self {
            .answer(status: 302, headers: [("Location", address)])
        }
    }

    private let listener: LoopbackListener
    private let log: Log

    public var port: UInt16 { listener.port }

    /// `http://127.0.0.1:PORT`, without a slash at its end.
    public var address: String { "http://127.0.0.1:\(port)" }

    /// What was asked so far, in order.
    public var requests: [Request] { log.requests.withLock { $0 } }

    /// Starts a server that answers each request with what `script` says; connections are served side by side.
    public init(_ script: @escaping @Sendable (Request) -> Reply) {
        let log = Log()
        self.log = log
        listener = LoopbackListener { Self.serve($0, log, script) }
    }

    private final class Log: Sendable {
        let requests = Mutex<[Request]>([])
    }

    private static func serve(_ client: Int32, _ log: Log, _ script: (Request) -> Reply) {
        var buffer: [UInt8] = []
        while let request = readRequest(client, &buffer) {
            log.requests.withLock { $0.append(request) }
            switch script(request) {
            case .answer(let status, let headers, let body):
                let head = head(status, headers, length: body.count)
                guard send(head + (request.method == "HEAD" ? [] : body), to: client) else { return }
            case .cutOff(let status, let headers, let body, let length):
                _ = send(head(status, headers, length: length) + body, to: client)
                return
            case .endless(let headers):
                guard send(head(200, headers, length: nil), to: client) else { return }
                let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 64 * 1024)
                while send(bytes, to: client) {}
                return
            case .silence:
                while readMore(client, &buffer) {}
                return
            case .hangUp: return
            }
        }
    }

    private static func head(_ status: Int, _ headers: [(String, String)], length: Int?) -> [UInt8] {
        var text = "HTTP/1.1 \(status) Scripted\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        text += length.map { "Content-Length: \($0)\r\n\r\n" } ?? "Connection: close\r\n\r\n"
        return Array(text.utf8)
    }

    private static func readRequest(_ client: Int32, _ buffer: inout [UInt8]) -> Request? {
        let end = Array("\r\n\r\n".utf8)
        var headLength: Int?
        while headLength == nil {
            headLength = buffer.indices.dropLast(3).first { buffer[$0..<($0 + 4)].elementsEqual(end) }
            if headLength == nil, !readMore(client, &buffer) { return nil }
        }
        let lines = String(decoding: buffer[..<headLength!], as: UTF8.self).split(separator: "\r\n")
        buffer.removeFirst(headLength! + 4)
        let words = lines[0].split(separator: " ")
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
        let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        var body: [UInt8] = []
        if headers.contains(where: { $0.name == "transfer-encoding" }) {
            guard let chunks = readChunks(client, &buffer) else { return nil }
            body = chunks
        } else {
            while buffer.count < length { guard readMore(client, &buffer) else { return nil } }
            body = Array(buffer.prefix(length))
            buffer.removeFirst(length)
        }
        return Request(method: String(words[0]), target: String(words[1]), headers: headers, body: body)
    }

    private static func readChunks(_ client: Int32, _ buffer: inout [UInt8]) -> [UInt8]? {
        var body: [UInt8] = []
        while true {
            var lineEnd = buffer.firstIndex(of: UInt8(ascii: "\n"))
            while lineEnd == nil {
                guard readMore(client, &buffer) else { return nil }
                lineEnd = buffer.firstIndex(of: UInt8(ascii: "\n"))
            }
            let size = Int(String(decoding: buffer[..<(lineEnd! - 1)], as: UTF8.self), radix: 16) ?? 0
            buffer.removeFirst(lineEnd! + 1)
            while buffer.count < size + 2 { guard readMore(client, &buffer) else { return nil } }
            body += buffer.prefix(size)
            buffer.removeFirst(size + 2)
            if size == 0 { return body }
        }
    }

    private static func readMore(_ client: Int32, _ buffer: inout [UInt8]) -> Bool {
        let piece = [UInt8](unsafeUninitializedCapacity: 64 * 1024) { bytes, count in
            count = max(0, recv(client, bytes.baseAddress, bytes.count, 0))
        }
        buffer += piece
        return !piece.isEmpty
    }

    private static func send(_ bytes: [UInt8], to client: Int32) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.send(
                    client, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }
}
