import CLinux
import Glibc
import Synchronization

/// One TCP connection, as far as deadlines and its early end go.
///
/// libmicrohttpd's own timer restarts with every byte, and rests while a connection is suspended; so what each
/// connection waits for is noted here, and looked at by the `Watch`.
final class Connection: Sendable {
    /// What a connection is about.
    enum Activity {
        /// Nothing or part of a request head has come since then.
        case awaitingHead(since: Int64)
        /// The handler waits for the client's body. Counted anew in each window.
        case awaitingBody(WireExchange, since: Int64, arrived: Int)
        /// The handler is at work; the client is looked after, since a suspended connection hears nothing.
        case handling(WireExchange, since: Int64)
        /// The answer goes out. The client had taken that many bytes in all by then, if they are counted yet.
        case answering(since: Int64, taken: Int64?)
        /// A body was refused while it came; nothing else is sent.
        case refused
        /// An event stream that has last been written to then.
        case streaming(WireExchange, EventChannel, since: Int64)
        /// A WebSocket, which has its own loop.
        case upgraded
        /// It is no more.
        case closed
    }

    private struct State {
        var isOpen = true
        /// Whether it rests between two requests.
        var isResting = false
        var activity: Activity
    }

    /// `POLLRDHUP`, which Glibc's module leaves out: the client has shut down its sending side.
    private static let peerClosed: Int32 = 0x2000

    let descriptor: Int32
    let peer: PeerAddress
    /// Whether it is one too many, and is only told so.
    let isSurplus: Bool
    private let encryption: Encryption?
    private let state: Mutex<State>

    init(descriptor: Int32, peer: PeerAddress, isSurplus: Bool, encryption: Encryption?) {
        self.encryption = encryption
        self.descriptor = descriptor
        self.peer = peer
        self.isSurplus = isSurplus
        state = Mutex(State(activity: .awaitingHead(since: monotonicMilliseconds())))
    }

    /// The request under way, while it can be given up.
    var exchange: WireExchange? {
        state.withLock { state in
            switch state.activity {
            case .awaitingBody(let exchange, _, _), .handling(let exchange, _),
                .streaming(let exchange, _, _):
                exchange
            case .awaitingHead, .answering, .refused, .upgraded, .closed:
                nil
            }
        }
    }

    /// The event stream that is being sent.
    var channel: EventChannel? {
        state.withLock { state in
            if case .streaming(_, let channel, _) = state.activity { channel } else { nil }
        }
    }

    var isAwaitingBody: Bool {
        state.withLock { state in
            if case .awaitingBody = state.activity { true } else { false }
        }
    }

    /// Notes what the connection is about from now on.
    ///
    /// - Returns: Whether it is; not when the request's body was refused, which only its end undoes.
    @discardableResult
    func turn(to activity: Activity) -> Bool {
        state.withLock { state in
            if case .awaitingHead = activity {
                state.isResting = true
            } else if case .refused = state.activity {
                return false
            }
            state.activity = activity
            return true
        }
    }

    /// Notes that the next request begins to come: its head has as much time as the first.
    func headBegan() {
        state.withLock { state in
            guard state.isResting, case .awaitingHead = state.activity else { return }
            state.isResting = false
            state.activity = .awaitingHead(since: monotonicMilliseconds())
        }
    }

    /// Sends an answer while the body still comes, and nothing after it.
    ///
    /// libmicrohttpd answers in front of a body or behind it, never within, and its client may have no end in
    /// mind. Nothing else is on its way then, so the answer finds room in the kernel.
    ///
    /// - Parameter isOnItsThread: Whether the connection's own thread calls, which alone may encrypt.
    /// - Returns: Whether it was sent; not when the body has ended meanwhile.
    func refuse(with answer: [UInt8], isOnItsThread: Bool) -> Bool {
        state.withLock { state in
            guard state.isOpen, case .awaitingBody = state.activity, encryption == nil || isOnItsThread
            else { return false }
            state.activity = .refused
            if let encryption {
                encryption.sendLast(answer)
            } else {
                _ = linux_send_at_once(descriptor, answer, answer.count)
            }
            linux_shutdown_sending(descriptor)
            return true
        }
    }

    /// Counts bytes of the body that is waited for.
    func bodyArrived(_ count: Int) {
        state.withLock { state in
            if case .awaitingBody(let exchange, let since, let arrived) = state.activity {
                state.activity = .awaitingBody(exchange, since: since, arrived: arrived + count)
            }
        }
    }

    /// Notes that an event stream has been written to.
    func streamWritten(at now: Int64) {
        state.withLock { state in
            if case .streaming(let exchange, let channel, _) = state.activity {
                state.activity = .streaming(exchange, channel, since: now)
            }
        }
    }

    /// What is to be done about the connection now.
    enum Verdict {
        case leave
        /// It has kept nobody waiting but this server.
        case cut
        /// The body comes too slowly.
        case refuse(WireExchange)
        /// See whether the client is still there.
        case lookAfter(WireExchange)
        /// Send something, which shows whether the client is still there.
        case probe(WireExchange, EventChannel)
    }

    func verdict(at now: Int64, by configuration: HTTPServerConfiguration) -> Verdict {
        state.withLock { state in
            switch state.activity {
            case .awaitingHead(let since):
                let limit = state.isResting ? configuration.idleDeadline : configuration.headDeadline
                return now - since >= limit.milliseconds ? .cut : .leave
            case .awaitingBody(let exchange, let since, let arrived):
                guard now - since >= configuration.bodyWindow.milliseconds else { return .leave }
                guard arrived >= configuration.leastBodyBytes else { return .refuse(exchange) }
                state.activity = .awaitingBody(exchange, since: now, arrived: 0)
                return .leave
            case .handling(let exchange, let since):
                return now - since >= configuration.tick.milliseconds ? .lookAfter(exchange) : .leave
            case .streaming(let exchange, let channel, let since):
                guard now - since >= configuration.heartbeat.milliseconds else { return .leave }
                state.activity = .streaming(exchange, channel, since: now)
                return .probe(exchange, channel)
            case .answering(let since, let taken):
                return answerVerdict(since: since, taken: taken, at: now, by: configuration, &state)
            case .refused, .upgraded, .closed:
                return .leave
            }
        }
    }

    /// libmicrohttpd's timer restarts with every byte that a client takes, so that one now and then would do.
    private func answerVerdict(
        since: Int64, taken: Int64?, at now: Int64, by configuration: HTTPServerConfiguration,
        _ state: inout State
    ) -> Verdict {
        // Most answers are out before anybody looks; the others are counted from the first look on.
        guard let taken else {
            state.activity = .answering(since: now, taken: linux_acknowledged_bytes(descriptor))
            return .leave
        }
        guard now - since >= configuration.answerWindow.milliseconds else { return .leave }
        let takenNow = linux_acknowledged_bytes(descriptor)
        guard takenNow < 0 || takenNow - taken >= configuration.leastAnswerBytes else { return .cut }
        state.activity = .answering(since: now, taken: takenNow)
        return .leave
    }

    /// Whether the client has closed its end.
    var isPeerGone: Bool {
        state.withLock { state in
            guard state.isOpen else { return false }
            var entry = pollfd(descriptor: descriptor, events: Self.peerClosed)
            return poll(&entry, 1, 0) > 0
        }
    }

    /// Breaks the connection off; its epoll thread then notices and closes it.
    ///
    /// The descriptor is still this connection's: `closed()` comes before libmicrohttpd closes it, and takes the
    /// same lock.
    func cut() {
        state.withLock { state in
            if state.isOpen { linux_shutdown(descriptor) }
        }
    }

    /// Notes that the descriptor is about to be closed.
    func closed() {
        state.withLock { state in
            state.isOpen = false
            state.activity = .closed
        }
    }
}

/// All open connections of a server.
final class Connections: Sendable {
    private let open = Mutex<[Int32: Connection]>([:])
    /// How many are served at once.
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Notes a connection that was accepted.
    func insert(_ descriptor: Int32, from peer: PeerAddress, under encryption: Encryption?) -> Connection {
        open.withLock { open in
            let connection = Connection(
                descriptor: descriptor, peer: peer, isSurplus: open.count >= limit, encryption: encryption)
            open[descriptor] = connection
            return connection
        }
    }

    func remove(_ connection: Connection) {
        _ = open.withLock { $0.removeValue(forKey: connection.descriptor) }
    }

    var count: Int {
        open.withLock { $0.count }
    }

    var all: [Connection] {
        open.withLock { Array($0.values) }
    }
}
