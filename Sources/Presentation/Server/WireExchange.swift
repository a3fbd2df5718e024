import CMicroHTTPD
import Synchronization

/// One request and its answer on their way through a connection.
///
/// `advance` is the only way forward. libmicrohttpd calls it on the connection's epoll thread whenever something
/// has come or the connection was resumed; it looks at where things stand and either answers, takes bytes in, or
/// parks the connection until someone unparks it. So nobody has to know why it was parked, and a needless wake-up
/// does no harm.
///
/// Whatever is `nonisolated(unsafe)` belongs to that one thread, but for libmicrohttpd's connection: `unpark` uses it
/// from any thread, only while the connection is suspended, which keeps it alive. Everything else is behind a lock.
final class WireExchange: Sendable {
    private enum Stage {
        /// Only the request line is known.
        case head
        /// The head is complete and the body not yet begun; the handler has not asked for it.
        case awaitingReader
        /// A short body is taken in before the handler starts.
        case gathering
        /// The body streams to the handler.
        case receiving
        /// The request is complete.
        case answering
    }

    private struct Outcome {
        var response: HTTPResponse?
        var task: Task<Void, Never>?
        /// The connection is gone or given up; what the handler still answers goes nowhere.
        var isAbandoned = false
    }

    let core: HTTPServerCore
    let connection: Connection
    nonisolated(unsafe) let handle: OpaquePointer
    private let target: String

    // All that follows belongs to the connection's thread.
    nonisolated(unsafe) private var stage = Stage.head
    nonisolated(unsafe) var request: HTTPRequest?
    // The request as it was before its body came: set before the connection waits for that, so that whoever finds
    // it waiting may read this too.
    nonisolated(unsafe) private var head: HTTPRequest?
    /// The body that streams to the handler.
    nonisolated(unsafe) private var body: RequestBody?
    nonisolated(unsafe) private var gathered: [UInt8] = []
    nonisolated(unsafe) private var received = 0
    nonisolated(unsafe) private var hasStarted = false
    nonisolated(unsafe) private var isCounted = false
    /// The answer went out before the body had come; the client may still be sending.
    nonisolated(unsafe) private var leftBodyUnread = false
    nonisolated(unsafe) var channel: EventChannel?
    nonisolated(unsafe) var upgrade: WebSocketUpgrade?

    private let outcome = Mutex(Outcome())
    private let isParked = Mutex(false)

    init(core: HTTPServerCore, connection: Connection, handle: OpaquePointer, target: String) {
        self.core = core
        self.connection = connection
        self.handle = handle
        self.target = target
    }

    // MARK: On the connection's thread

    func advance(
        method: UnsafePointer<CChar>, version: UnsafePointer<CChar>, upload: UnsafeRawBufferPointer
    ) -> MHD_Result {
        if isAbandoned { return .NO }
        switch stage {
        case .head:
            return headCompleted(method: String(cString: method), version: String(cString: version))
        case .awaitingReader:
            return receiveOnceWanted()
        case .gathering:
            gathered.append(contentsOf: upload)
            guard upload.isEmpty else {
                connection.bodyArrived(upload.count)
                return .YES
            }
            request = request?.with(RequestBody(gathered))
            gathered = []
            stage = .answering
            return answerOnceReady()
        case .receiving:
            return upload.isEmpty ? bodyCompleted() : bodyArrived(upload)
        case .answering:
            return answerOnceReady()
        }
    }

    private func headCompleted(method: String, version: String) -> MHD_Result {
        isCounted = true
        core.exchangeBegan()
        if core.isStopped { return .NO }
        let head = RequestHead(
            method: method, version: version, target: target, fields: headerFields(of: handle))
        let request = HTTPRequest(
            method, path: head.target?.path ?? "", query: head.target?.query, fields: head.fields,
            peer: connection.peer, isEncrypted: core.isEncrypted)
        if let fault = head.framingFault() {
            return refuseAndClose(request, for: fault)
        }
        let framing = head.framing
        if connection.isSurplus {
            leftBodyUnread = framing != .none
            return queue(core.refusal(of: request, for: .surplus), closing: true)
        }
        if let fault = head.fault(core.configuration) {
            if framing != .none { return refuseAndClose(request, for: fault) }
            finish(core.refusal(of: request, for: fault))
        } else {
            self.request = request
        }
        if framing != .none { self.head = request }
        switch framing {
        case .none:
            // A response queued in this very first call would close the connection; the next one comes at once.
            stage = .answering
            return .YES
        case .length(let length) where length <= core.configuration.gatheredBody && !head.expectsContinue:
            gathered.reserveCapacity(length)
            connection.turn(to: .awaitingBody(self, since: monotonicMilliseconds(), arrived: 0))
            stage = .gathering
            return .YES
        case .length(let length):
            beginBody(declaredLength: length)
        case .chunked:
            beginBody(declaredLength: nil)
        }
        stage = .awaitingReader
        startHandler()
        return receiveOnceWanted()
    }

    private func beginBody(declaredLength: Int?) {
        let body = RequestBody(declaredLength: declaredLength) { [weak self] in self?.unpark() }
        self.body = body
        request = request?.with(body)
    }

    /// Refuses in the first call, which makes libmicrohttpd close the connection behind the answer.
    private func refuseAndClose(_ request: HTTPRequest, for fault: HeadFault) -> MHD_Result {
        leftBodyUnread = true
        return queue(core.refusal(of: request, for: fault), closing: true)
    }

    /// Refuses a body while it comes; false when it has ended meanwhile.
    private func refuse(_ fault: HeadFault, onItsThread isOnItsThread: Bool) -> Bool {
        guard let head else { return false }
        return connection.refuse(
            with: core.refusal(of: head, for: fault).lastBytes, isOnItsThread: isOnItsThread)
    }

    private func receiveOnceWanted() -> MHD_Result {
        if let response = takeResponse() {
            leftBodyUnread = true
            return queue(response, closing: true)
        }
        guard body?.isWanted == true else {
            connection.turn(to: .handling(self, since: monotonicMilliseconds()))
            return park { outcome.withLock { $0.response != nil } || body?.isWanted == true }
        }
        connection.turn(to: .awaitingBody(self, since: monotonicMilliseconds(), arrived: 0))
        stage = .receiving
        return .YES
    }

    private func bodyArrived(_ bytes: UnsafeRawBufferPointer) -> MHD_Result {
        if received > 0, !connection.isAwaitingBody {
            connection.turn(to: .awaitingBody(self, since: monotonicMilliseconds(), arrived: 0))
        }
        received += bytes.count
        guard let body else { return .NO }
        let limit = core.configuration.maximumBody
        guard received <= limit else {
            // Only a chunked body comes this far. The handler learns of it; the rest is not taken.
            body.fail(.tooLarge(limit: limit))
            leftBodyUnread = refuse(.tooLong(limit: limit), onItsThread: true)
            return .NO
        }
        connection.bodyArrived(bytes.count)
        // libmicrohttpd answers behind the body only, so what the handler has left unread is let pass.
        if isAnswered { return .YES }
        body.write(bytes)
        guard body.isFull else { return .YES }
        connection.turn(to: .handling(self, since: monotonicMilliseconds()))
        return park { !body.isFull || isAnswered }
    }

    private func bodyCompleted() -> MHD_Result {
        body?.finish()
        stage = .answering
        return answerOnceReady()
    }

    private func answerOnceReady() -> MHD_Result {
        if !hasStarted { startHandler() }
        if let response = takeResponse() { return queue(response, closing: core.isStopping) }
        connection.turn(to: .handling(self, since: monotonicMilliseconds()))
        return park { isAnswered }
    }

    /// Starts the handler on this very thread; one that never waits is done when this returns.
    private func startHandler() {
        hasStarted = true
        guard let request, !isAnswered else { return }
        let handler = core.handler
        let task = Task.immediate { [self] in finish(await handler(request)) }
        outcome.withLock { outcome in
            if outcome.response == nil { outcome.task = task }
        }
    }

    /// The request is over; the connection may go on to the next one or be gone.
    func completed() {
        let (task, unsent) = outcome.withLock { outcome in
            outcome.isAbandoned = true
            defer {
                outcome.task = nil
                outcome.response = nil
            }
            return (outcome.task, outcome.response)
        }
        task?.cancel()
        unsent?.discard()
        body?.fail(.interrupted)
        body = nil
        request = nil
        channel?.detach()
        channel = nil
        upgrade = nil
        if leftBodyUnread { core.watch.linger(on: connection) }
        connection.turn(to: .awaitingHead(since: monotonicMilliseconds()))
        if isCounted { core.exchangeEnded() }
    }

    // MARK: From any thread

    /// Whether nothing is sent or taken any more, so that the connection is to be broken off.
    var isAbandoned: Bool { outcome.withLock { $0.isAbandoned } }

    private var isAnswered: Bool { outcome.withLock { $0.response != nil } }

    private func takeResponse() -> HTTPResponse? {
        outcome.withLock { outcome in
            defer { outcome.response = nil }
            return outcome.response
        }
    }

    private func finish(_ response: HTTPResponse) {
        let isWanted = outcome.withLock { outcome in
            outcome.task = nil
            if !outcome.isAbandoned { outcome.response = response }
            return !outcome.isAbandoned
        }
        if isWanted { unpark() } else { response.discard() }
    }

    /// Gives the exchange up: the client is gone, too slow, or the server goes down.
    func abandon() {
        outcome.withLock { $0.isAbandoned = true }
        connection.cut()
        unpark()
    }

    /// Gives the exchange up because its body comes too slowly, and says so; not under TLS, which another thread
    /// would have to speak.
    func refuseSlowBody() {
        _ = refuse(.slowBody, onItsThread: false)
        abandon()
    }

    /// Suspends the connection until `unpark`, unless what it waits for has come already.
    ///
    /// Who brings it about does so before unparking, and this looks again after parking; so one of them sees the
    /// other. The lock makes suspending and resuming alternate, as libmicrohttpd demands.
    @discardableResult
    func park(unless isReady: () -> Bool) -> MHD_Result {
        isParked.withLock { isParked in
            guard !isParked else { return }
            MHD_suspend_connection(handle)
            isParked = true
        }
        if isReady() || isAbandoned { unpark() }
        return .YES
    }

    /// Resumes the connection if it is parked; it then calls `advance`, or reads its stream, on its thread.
    func unpark() {
        isParked.withLock { isParked in
            guard isParked else { return }
            isParked = false
            MHD_resume_connection(handle)
        }
    }
}

extension WireExchange: EventOutlet {
    func wake() {
        unpark()
    }

    func cut() {
        abandon()
    }
}

extension HTTPResponse {
    /// Whether the body ends only when it ends.
    var hasUnknownLength: Bool {
        switch body {
        case .events, .stream(_, length: nil): true
        case .empty, .bytes, .file, .stream, .webSocket: false
        }
    }

    /// Tells whoever feeds the body that it goes nowhere.
    func discard() {
        if case .events(let channel) = body { channel.close() }
    }
}
