import CLinux
import CMicroHTTPD
import Glibc
import Synchronization

/// The one thread that moves the bytes of all WebSockets; it starts with the first of them.
final class WebSocketLoop: Sendable {
    /// A socket that libmicrohttpd has let go.
    struct Adoption: Sendable {
        let connection: WebSocketConnection
        // Handed from thread to thread with the adoption, used by the loop alone.
        nonisolated(unsafe) let handle: OpaquePointer
        let early: [UInt8]
        let upgrade: WebSocketUpgrade
    }

    private struct State {
        var adoptions: [Adoption] = []
        /// Sockets whose conversation has something to send, or room again.
        var attention: Set<Int32> = []
        /// When the last client must be gone.
        var deadline: Int64?
        var thread: OwnThread.Handle?
        /// The thread takes nothing over any more.
        var hasEnded = false
    }

    private let heartbeat: Duration
    private let wakeup = Wakeup()
    private let state = Mutex(State())

    init(heartbeat: Duration) {
        self.heartbeat = heartbeat
    }

    /// Takes over a socket and starts its conversation.
    func adopt(_ adoption: Adoption) {
        let (isTaken, isStopping) = state.withLock { state in
            if state.thread == nil { state.thread = OwnThread.start { [self] in run() } }
            guard state.thread != nil, !state.hasEnded else { return (false, true) }
            state.adoptions.append(adoption)
            return (true, state.deadline != nil)
        }
        guard isTaken else { return Self.decline(adoption) }
        adoption.connection.converse(adoption.upgrade)
        if isStopping { adoption.connection.close(.goingAway) }
        wakeup.ring()
    }

    /// Looks at a socket soon, from any thread.
    func attend(to socket: Int32) {
        let isFirst = state.withLock { state in
            state.attention.insert(socket)
            return state.attention.count == 1
        }
        if isFirst { wakeup.ring() }
    }

    /// Closes every WebSocket with 1001, waits for the answers, and ends the thread; it blocks.
    func stop(within duration: Duration) {
        let thread = state.withLock { state in
            state.deadline = monotonicMilliseconds() + duration.milliseconds
            return state.thread
        }
        wakeup.ring()
        thread?.join()
    }

    // MARK: On the loop's thread

    private func run() {
        defer { end() }
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { return }
        defer { close(epoll) }
        var sessions: [Int32: WebSocketSession] = [:]
        Self.control(epoll, EPOLL_CTL_ADD, wakeup.descriptor, EPOLLIN.rawValue)
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        let pause = min(1000, max(1, heartbeat.milliseconds / 2))
        var isClosing = false
        var nextProbe = monotonicMilliseconds() + pause

        while true {
            let count = epoll_wait(epoll, &events, Int32(events.count), Int32(clamping: pause))
            let now = monotonicMilliseconds()
            for event in events.prefix(Int(max(0, count))) {
                if event.data.fd == wakeup.descriptor {
                    wakeup.quiet()
                } else {
                    let readable = event.events & ~EPOLLOUT.rawValue != 0
                    advance(event.data.fd, of: &sessions, epoll, readable: readable, at: now)
                }
            }
            let (adoptions, attention, deadline) = takeWork()
            for adoption in adoptions { begin(adoption, in: &sessions, epoll, at: now) }
            for socket in attention { advance(socket, of: &sessions, epoll, readable: false, at: now) }
            if let deadline {
                if !isClosing {
                    for session in sessions.values { session.connection.close(.goingAway) }
                    isClosing = true
                }
                if sessions.isEmpty || now >= deadline { break }
            }
            if now >= nextProbe {
                nextProbe = now + pause
                probe(&sessions, epoll, at: now)
            }
        }
        for session in sessions.values { session.dispose() }
    }

    /// Takes nothing over any more.
    private func end() {
        let late = state.withLock { state in
            state.hasEnded = true
            defer { state.adoptions = [] }
            return state.adoptions
        }
        for adoption in late { Self.decline(adoption) }
    }

    /// Gives a socket back that nobody has talked to.
    private static func decline(_ adoption: Adoption) {
        adoption.connection.end()
        _ = cutroom_mhd_close_upgraded(adoption.handle)
    }

    private func takeWork() -> ([Adoption], Set<Int32>, Int64?) {
        state.withLock { state in
            defer {
                state.adoptions = []
                state.attention = []
            }
            return (state.adoptions, state.attention, state.deadline)
        }
    }

    private func begin(
        _ adoption: Adoption, in sessions: inout [Int32: WebSocketSession], _ epoll: Int32, at now: Int64
    ) {
        guard let session = WebSocketSession(adoption, at: now) else { return Self.decline(adoption) }
        let socket = adoption.connection.socket
        sessions[socket] = session
        Self.control(epoll, EPOLL_CTL_ADD, socket, EPOLLIN.rawValue)
        advance(socket, of: &sessions, epoll, readable: false, at: now)
    }

    private func advance(
        _ socket: Int32, of sessions: inout [Int32: WebSocketSession], _ epoll: Int32, readable: Bool,
        at now: Int64
    ) {
        guard let session = sessions[socket] else { return }
        if let interest = session.advance(readable: readable, at: now) {
            Self.control(epoll, EPOLL_CTL_MOD, socket, interest)
        } else {
            end(socket, of: &sessions, epoll)
        }
    }

    private func probe(_ sessions: inout [Int32: WebSocketSession], _ epoll: Int32, at now: Int64) {
        for (socket, session) in sessions {
            if session.probe(at: now, every: heartbeat) {
                advance(socket, of: &sessions, epoll, readable: false, at: now)
            } else {
                end(socket, of: &sessions, epoll)
            }
        }
    }

    private func end(_ socket: Int32, of sessions: inout [Int32: WebSocketSession], _ epoll: Int32) {
        Self.control(epoll, EPOLL_CTL_DEL, socket, 0)
        sessions.removeValue(forKey: socket)?.dispose()
    }

    private static func control(_ epoll: Int32, _ operation: Int32, _ descriptor: Int32, _ interest: UInt32) {
        var event = epoll_event()
        event.events = interest
        event.data.fd = descriptor
        epoll_ctl(epoll, operation, descriptor, &event)
    }
}
