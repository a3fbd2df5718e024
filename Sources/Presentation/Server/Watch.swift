import CLinux
import Glibc
import Synchronization

/// One thread that lets clients in and looks after every connection: deadlines, heartbeats, clients that have gone.
///
/// libmicrohttpd could accept by itself, but then stopping to listen under load may make it abort: its
/// `MHD_quiesce_daemon` and a busy worker can both take the listening socket out of the same epoll set (0.9.75).
final class Watch: Sendable {
    typealias Admission = @Sendable (_ socket: Int32, UnsafePointer<sockaddr>, socklen_t) -> Void

    /// The socket of a connection that is closed as far as libmicrohttpd knows.
    ///
    /// Its client may still be sending a body that was refused. Closing a socket with unread bytes resets the
    /// connection, and the client would lose the refusal; so they are read and dropped for a while.
    private struct Leftover {
        let descriptor: Int32
        let deadline: Int64
        var allowance = 256 << 20
    }

    /// Leftovers at once; whoever else is refused within a body may lose the refusal.
    private static let mostLeftovers = 128

    private let configuration: HTTPServerConfiguration
    private let connections: Connections
    private let wakeup = Wakeup()
    private let isStopping = Atomic(false)
    private let leftovers = Mutex<[Leftover]>([])
    private let thread = Mutex<OwnThread.Handle?>(nil)
    private let isAccepting = Atomic(true)
    /// Whether clients have to wait until a connection ends.
    private let isFull = Atomic(false)

    init(_ configuration: HTTPServerConfiguration, _ connections: Connections) {
        self.configuration = configuration
        self.connections = connections
    }

    /// - Parameters:
    ///   - listening: The socket to accept from; it stays open until `stop` has returned.
    ///   - admit: Takes an accepted connection over.
    func start(listening: Int32, admit: @escaping Admission) -> Bool {
        let handle = OwnThread.start { [self] in run(listening, admit) }
        thread.withLock { $0 = handle }
        return handle != nil
    }

    /// Lets nobody in any more.
    func stopAccepting() {
        isAccepting.store(false, ordering: .releasing)
        wakeup.ring()
    }

    /// Ends the thread; nothing is looked after any more.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        wakeup.ring()
        thread.withLock { $0.take() }?.join()
        leftovers.withLock { leftovers in
            for leftover in leftovers { close(leftover.descriptor) }
            leftovers = []
        }
    }

    /// Lets the next client in where the end of a connection has made room.
    func connectionEnded() {
        if isFull.load(ordering: .relaxed) { wakeup.ring() }
    }

    /// Goes on reading what the client still sends after its connection was closed here.
    func linger(on connection: Connection) {
        let deadline = monotonicMilliseconds() + configuration.lingering.milliseconds
        leftovers.withLock { leftovers in
            guard leftovers.count < Self.mostLeftovers else { return }
            let descriptor = fcntl(connection.descriptor, F_DUPFD_CLOEXEC, 0)
            if descriptor >= 0 { leftovers.append(Leftover(descriptor: descriptor, deadline: deadline)) }
        }
        wakeup.ring()
    }

    private func run(_ listening: Int32, _ admit: Admission) {
        var acceptsAgain: Int64 = 0
        var nextLook = monotonicMilliseconds() + configuration.tick.milliseconds
        while !isStopping.load(ordering: .acquiring) {
            let isShort = wait(
                for: acceptsAgain <= monotonicMilliseconds() ? listening : nil, until: nextLook, admit)
            // Trying again at once would only spin.
            if isShort { acceptsAgain = nextLook }
            let now = monotonicMilliseconds()
            guard now >= nextLook else { continue }
            nextLook = now + configuration.tick.milliseconds
            for connection in connections.all { look(after: connection, at: now) }
        }
    }

    private func look(after connection: Connection, at now: Int64) {
        switch connection.verdict(at: now, by: configuration) {
        case .leave:
            break
        case .cut:
            connection.cut()
        case .refuse(let exchange):
            exchange.refuseSlowBody()
        case .lookAfter(let exchange):
            if connection.isPeerGone { exchange.abandon() }
        case .probe(let exchange, let channel):
            if connection.isPeerGone {
                exchange.abandon()
            } else {
                channel.send(ServerSentEvent.heartbeat)
            }
        }
    }

    /// Waits for clients, leftovers or a ring.
    ///
    /// - Returns: Whether a client could not be let in because descriptors or memory are short.
    private func wait(for listening: Int32?, until time: Int64, _ admit: Admission) -> Bool {
        let current = leftovers.withLock { $0 }
        let mayAccept = isAccepting.load(ordering: .acquiring) && hasRoom
        // A negative descriptor is passed over.
        var entries = [
            pollfd(descriptor: wakeup.descriptor, events: POLLIN),
            pollfd(descriptor: mayAccept ? listening ?? -1 : -1, events: POLLIN),
        ]
        entries += current.map { pollfd(descriptor: $0.descriptor, events: POLLIN) }
        poll(&entries, nfds_t(entries.count), Int32(clamping: max(0, time - monotonicMilliseconds())))
        wakeup.quiet()
        if !current.isEmpty { drop(Set(entries.filter { $0.revents != 0 }.map(\.fd))) }
        guard let listening, entries[1].revents != 0 else { return false }
        return accept(from: listening, admit)
    }

    /// Lets in who waits, but not so many that everybody else has to.
    ///
    /// - Returns: Whether descriptors or memory are short.
    private func accept(from listening: Int32, _ admit: Admission) -> Bool {
        for _ in 0..<64 {
            var address = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let isTaken = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    let socket = linux_accept_nonblocking(listening, pointer, &length)
                    if socket >= 0 { admit(socket, pointer, length) }
                    return socket >= 0
                }
            }
            guard isTaken else { return [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) }
            guard hasRoom else { return false }
        }
        return false
    }

    /// Whether another client may be let in; where not, the end of a connection is told of.
    private var hasRoom: Bool {
        // First the flag, then the count: whoever ends a connection does it the other way round, and the lock of
        // the count orders the two, so that one of us sees the other. A leftover comes before its connection goes.
        isFull.store(true, ordering: .relaxed)
        let limit = configuration.maximumConnections + configuration.surplusConnections
        let hasRoom = connections.count + leftovers.withLock({ $0.count }) < limit
        if hasRoom { isFull.store(false, ordering: .relaxed) }
        return hasRoom
    }

    private func drop(_ readable: Set<Int32>) {
        let now = monotonicMilliseconds()
        leftovers.withLock { leftovers in
            leftovers = leftovers.compactMap { leftover in
                var leftover = leftover
                let isDone =
                    now >= leftover.deadline
                    || readable.contains(leftover.descriptor) && !Self.drop(&leftover)
                if isDone { close(leftover.descriptor) }
                return isDone ? nil : leftover
            }
        }
    }

    /// Reads and drops; false once there is nothing more to wait for.
    private static func drop(_ leftover: inout Leftover) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 1) { buffer in
            let count = linux_receive_at_once(leftover.descriptor, buffer.baseAddress, buffer.count)
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            leftover.allowance -= count
            return count > 0 && leftover.allowance > 0
        }
    }
}
