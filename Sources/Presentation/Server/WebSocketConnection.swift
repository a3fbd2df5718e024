import CLinux
import Synchronization

/// One WebSocket as its conversation sees it; the other side of it is a `WebSocketSession` in the loop.
final class WebSocketConnection: WebSocket {
    /// Messages of the client that may wait to be received before it is held back.
    private static let inboxLimit = 16
    /// Bytes that may wait to be sent before the client counts as too slow.
    private static let outboxLimit = 256 * 1024

    enum Outgoing {
        case text(String, isReplay: Bool)
        case close(WebSocketCloseCode, reason: String)
    }

    private struct State {
        var inbox: [WebSocketMessage] = []
        var outbox: [Outgoing] = []
        /// The bytes of what is no replay.
        var outboxBytes = 0
        var receiver: CheckedContinuation<Void, Never>?
        /// Nothing more is taken from the conversation.
        var isClosing = false
        /// The client is gone, or says nothing more.
        var isEnded = false
        var conversation: Task<Void, Never>?
    }

    let socket: Int32
    private let loop: WebSocketLoop
    private let state = Mutex(State())

    init(socket: Int32, loop: WebSocketLoop) {
        self.socket = socket
        self.loop = loop
    }

    // MARK: For the conversation

    func receive() async -> WebSocketMessage? {
        while !Task.isCancelled {
            let (message, madeRoom, isEnded) = state.withLock { state in
                let madeRoom = state.inbox.count == Self.inboxLimit
                return (state.inbox.isEmpty ? nil : state.inbox.removeFirst(), madeRoom, state.isEnded)
            }
            if madeRoom { loop.attend(to: socket) }
            if let message { return message }
            if isEnded { return nil }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = state.withLock { state in
                        if state.isEnded || !state.inbox.isEmpty || Task.isCancelled { return true }
                        state.receiver = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancel: {
                let receiver = state.withLock { Self.takeReceiver(of: &$0) }
                receiver?.resume()
            }
        }
        return nil
    }

    @discardableResult
    func send(_ text: String, isReplay: Bool) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosing, !state.isEnded else { return false }
            let count = isReplay ? 0 : text.utf8.count
            guard state.outboxBytes + count <= Self.outboxLimit else {
                state.isClosing = true
                // The descriptor is still this one's: `end` takes the same lock before it is closed.
                linux_shutdown(socket)
                return false
            }
            state.outbox.append(.text(text, isReplay: isReplay))
            state.outboxBytes += count
            return true
        }
        if isTaken { loop.attend(to: socket) }
        return isTaken
    }

    func close(_ code: WebSocketCloseCode, reason: String) {
        let isFirst = state.withLock { state in
            guard !state.isClosing, !state.isEnded else { return false }
            state.isClosing = true
            state.outbox.append(.close(code, reason: reason))
            return true
        }
        if isFirst { loop.attend(to: socket) }
    }

    // MARK: For the loop

    /// Starts the conversation; when it is over, so is the connection.
    func converse(_ upgrade: WebSocketUpgrade) {
        let task = Task { [self] in
            await upgrade.converse(self)
            close(.normal)
        }
        let isEnded = state.withLock { state in
            state.conversation = task
            return state.isEnded
        }
        if isEnded { task.cancel() }
    }

    /// Whether another message may be read.
    var hasRoom: Bool {
        state.withLock { $0.inbox.count < Self.inboxLimit }
    }

    func deliver(_ message: WebSocketMessage) {
        let receiver = state.withLock { state in
            state.inbox.append(message)
            return Self.takeReceiver(of: &state)
        }
        receiver?.resume()
    }

    /// Takes the next thing to send.
    ///
    /// - Parameter closing: Whether it may be a close.
    func takeOutgoing(closing: Bool) -> Outgoing? {
        state.withLock { state in
            switch state.outbox.first {
            case .none: return nil
            case .close where !closing: return nil
            case .close: break
            case .text(_, isReplay: true): break
            case .text(let text, isReplay: false): state.outboxBytes -= text.utf8.count
            }
            return state.outbox.removeFirst()
        }
    }

    /// Tells the conversation that the client is gone; the socket may be closed behind this.
    func end() {
        let (receiver, conversation) = state.withLock { state in
            state.isEnded = true
            state.outbox = []
            defer { state.conversation = nil }
            return (Self.takeReceiver(of: &state), state.conversation)
        }
        receiver?.resume()
        conversation?.cancel()
    }

    private static func takeReceiver(of state: inout State) -> CheckedContinuation<Void, Never>? {
        defer { state.receiver = nil }
        return state.receiver
    }
}
