import CGnuTLS
import Glibc
import Synchronization

/// An HTTP client that sends exactly the bytes it is told to, and blocks; to be used inside `offPool`.
final class RawClient {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Response {
        var status: Int
        /// By name in lower case.
        var fields: [String: String]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    let socket: Int32
    private var buffer: [UInt8] = []
    /// What encrypts the bytes; nil when nothing does.
    private var session: gnutls_session_t?
    private var credentials: gnutls_certificate_credentials_t?

    /// - Parameter receiveBuffer: The kernel's buffer in bytes, for clients that are to be slow.
    init(port: Int, receiveBuffer: Int32? = nil) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // A test that goes wrong must fail rather than hang; beside the slow tests an answer may take minutes.
        var patience = timeval(tv_sec: 300, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        if var receiveBuffer {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                connect(socket, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw Failure(description: "cannot connect: \(errno)") }
    }

    deinit {
        if let session { gnutls_deinit(session) }
        if let credentials { gnutls_certificate_free_credentials(credentials) }
        close(socket)
    }

    /// Encrypts all that follows, whoever the server says that it is.
    ///
    /// - Parameter priorities: GnuTLS's words for what may be spoken.
    func encrypt(_ priorities: String = "NORMAL") throws {
        gnutls_certificate_allocate_credentials(&credentials)
        gnutls_init(&session, UInt32(GNUTLS_CLIENT))
        gnutls_priority_set_direct(session, priorities, nil)
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials.map(UnsafeMutableRawPointer.init))
        gnutls_transport_set_int2(session, socket, socket)
        var code: Int32
        repeat { code = gnutls_handshake(session) } while code < 0 && gnutls_error_is_fatal(code) == 0
        guard code == GNUTLS_E_SUCCESS else {
            throw Failure(description: "no handshake: \(String(cString: gnutls_strerror(code)))")
        }
    }

    /// The certificate that the server has shown.
    var certificate: [UInt8] {
        var count: UInt32 = 0
        guard let first = gnutls_certificate_get_peers(session, &count) else { return [] }
        return Array(UnsafeBufferPointer(start: first.pointee.data, count: Int(first.pointee.size)))
    }

    /// The version of TLS that is spoken.
    var version: String {
        String(cString: gnutls_protocol_get_name(gnutls_protocol_get_version(session)))
    }

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { bytes in
                if let session { return Int(gnutls_record_send(session, bytes.baseAddress, bytes.count)) }
                return Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(description: "cannot send: \(errno)") }
            sent += count
        }
    }

    /// Whether the server takes more, asked for so many milliseconds.
    func takesMore(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, milliseconds) > 0
    }

    /// Sends what the kernel takes without waiting; answers how many bytes that was.
    func sendAtOnce(_ bytes: [UInt8]) -> Int {
        max(0, Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT)))
    }

    /// Sends a request without a body and reads its answer.
    func get(_ path: String, _ fields: String...) throws -> Response {
        try send(
            (["GET \(path) HTTP/1.1", "Host: localhost"] + fields).joined(separator: "\r\n") + "\r\n\r\n")
        return try response()
    }

    /// Reads one answer, whose body has a length, comes in chunks, or must not be there.
    func response(toHead: Bool = false) throws -> Response {
        var response = try head()
        if toHead || response.status == 304 || response.status == 204 || response.status < 200 {
            return response
        }
        if response.fields["transfer-encoding"] == "chunked" {
            while let chunk = try chunk() { response.body += chunk }
        } else {
            response.body = try read(Int(response.fields["content-length"] ?? "0") ?? 0)
        }
        return response
    }

    /// Reads the head of an answer.
    func head() throws -> Response {
        let status = try line()
        guard status.hasPrefix("HTTP/1.1 "), let code = Int(status.dropFirst(9).prefix(3)) else {
            throw Failure(description: "no status line: \(status)")
        }
        var fields: [String: String] = [:]
        while true {
            let line = try line()
            if line.isEmpty { break }
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            fields[line[..<colon].lowercased()] = String(line[colon...].dropFirst().drop { $0 == " " })
        }
        return Response(status: code, fields: fields, body: [])
    }

    /// Reads one chunk; nil is the last one.
    func chunk() throws -> [UInt8]? {
        let size = try line()
        guard let count = Int(size, radix: 16) else { throw Failure(description: "no chunk size: \(size)") }
        let bytes = try read(count)
        _ = try line()
        return count == 0 ? nil : bytes
    }

    func line() throws -> String {
        while true {
            if let end = buffer.indices.dropFirst().first(where: { buffer[$0] == 10 && buffer[$0 - 1] == 13 })
            {
                defer { buffer.removeSubrange(...end) }
                return String(decoding: buffer[..<(end - 1)], as: UTF8.self)
            }
            guard try more() else { throw Failure(description: "closed within a line") }
        }
    }

    func read(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try more() else {
                throw Failure(description: "closed after \(buffer.count) of \(count) bytes")
            }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// Waits until the server closes, and answers everything it still sent; a reset counts as a close.
    func readToEnd() throws -> [UInt8] {
        while try more() {}
        defer { buffer = [] }
        return buffer
    }

    private func more() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        if let session {
            let count = gnutls_record_recv(session, &piece, piece.count)
            guard count >= 0 || count == Int(GNUTLS_E_PREMATURE_TERMINATION) else {
                throw Failure(
                    description: "cannot receive: \(String(cString: gnutls_strerror(Int32(count))))")
            }
            buffer += piece[..<max(0, count)]
            return count > 0
        }
        let count = recv(socket, &piece, piece.count, 0)
        if count < 0 {
            if errno == ECONNRESET { return false }
            throw Failure(description: "cannot receive: \(errno)")
        }
        buffer += piece[..<count]
        return count > 0
    }
}

/// Runs blocking work on a thread of its own: the pool has two threads, and the server under test needs them.
func offPool<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await Task(executorPreference: OwnThreadExecutor()) { try work() }.value
}

/// Runs each job of a task on a new thread.
private final class OwnThreadExecutor: TaskExecutor {
    private final class Job: Sendable {
        let job: UnownedJob
        let executor: UnownedTaskExecutor

        init(_ job: UnownedJob, on executor: UnownedTaskExecutor) {
            self.job = job
            self.executor = executor
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        var thread = pthread_t()
        // Balanced by `takeRetainedValue` in the thread.
        let job = Unmanaged.passRetained(Job(UnownedJob(job), on: asUnownedTaskExecutor()))
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let job = Unmanaged<Job>.fromOpaque(argument).takeRetainedValue()
                job.job.runSynchronously(on: job.executor)
                return nil
            }, job.toOpaque())
        pthread_detach(thread)
    }
}

/// Something that is reported once or more, and waited for.
final class Report<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var waiters: [CheckedContinuation<Value, Never>] = []
    }
    private let state = Mutex(State())

    func callAsFunction(_ value: Value) {
        let waiter = state.withLock { state in
            guard state.waiters.isEmpty else {
                return state.waiters.removeFirst() as CheckedContinuation<Value, Never>?
            }
            state.values.append(value)
            return nil
        }
        waiter?.resume(returning: value)
    }

    /// The next value that nobody has taken.
    func next() async -> Value {
        await withCheckedContinuation { continuation in
            let value = state.withLock { state in
                guard state.values.isEmpty else { return state.values.removeFirst() as Value? }
                state.waiters.append(continuation)
                return nil
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}
