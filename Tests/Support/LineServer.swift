import Glibc
import Synchronization

/// A small server of a protocol of lines, such as SMTP, on a free loopback port: it answers each line as a test tells
/// it to, and keeps what it was told. It ends with its last reference.
public final class LineServer: Sendable {
    /// What a line is answered.
    public enum Reply: Sendable, ExpressibleByStringLiteral {
        /// A line, or several with ends of lines between them.
        case say(String)
        /// The same, and from then on nothing until a line that is only a dot, which is answered again.
        case listen(String)
        /// Never an answer; the connection stays open until the client leaves.
        case silence
        /// The connection is closed without a word.
        case hangUp

        public init(stringLiteral text: String) {
            self = .say(text)
        }
    }

    private let listener: LoopbackListener
    private let log: Log

    public var port: UInt16 { listener.port }

    /// The lines of each connection so far, without their ends.
    public var conversations: [[String]] { log.conversations.withLock { $0 } }

    /// Starts a server that greets each client and answers its lines with what `script` says.
    public init(greeting: Reply, _ script: @escaping @Sendable (String) -> Reply) {
        let log = Log()
        self.log = log
        listener = LoopbackListener { client in
            let number = log.conversations.withLock { conversations in
                conversations.append([])
                return conversations.count - 1
            }
            guard var isListening = Self.give(greeting, to: client) else { return }
            var buffer: [UInt8] = []
            while let line = Self.readLine(client, &buffer) {
                log.conversations.withLock { $0[number].append(line) }
                if isListening, line != "." { continue }
                guard let goesOnListening = Self.give(script(line), to: client) else { return }
                isListening = goesOnListening
            }
        }
    }

    private final class Log: Sendable {
        let conversations = Mutex<[[String]]>([])
    }

    /// Whether the server only listens from then on; nil when the connection is over.
    private static func give(_ reply: Reply, to client: Int32) -> Bool? {
        switch reply {
        case .say(let text): return send(text, to: client) ? false : nil
        case .listen(let text): return send(text, to: client) ? true : nil
        case .hangUp: return nil
        case .silence:
            var buffer: [UInt8] = []
            while readLine(client, &buffer) != nil {}
            return nil
        }
    }

    private static func send(_ text: String, to client: Int32) -> Bool {
        let lines = text.split(separator: "\n").map { $0 + "\r\n" }.joined()
        return lines.utf8.withContiguousStorageIfAvailable { bytes in
            Glibc.send(client, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
        } ?? false
    }

    private static func readLine(_ client: Int32, _ buffer: inout [UInt8]) -> String? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer.removeFirst(end + 1) }
                return String(decoding: buffer[..<end].prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
            }
            let piece = [UInt8](unsafeUninitializedCapacity: 64 * 1024) { bytes, count in
                count = max(0, recv(client, bytes.baseAddress, bytes.count, 0))
            }
            if piece.isEmpty { return nil }
            buffer += piece
        }
    }
}
