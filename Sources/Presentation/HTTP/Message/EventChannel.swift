import Synchronization

/// The way from whoever has events to one client that listens.
///
/// Any thread may send; the server takes what waits whenever the client can take it. A stream that is idle costs
/// no thread and no task. A client that lets more than `capacity` bytes pile up is cut off and delays nobody; what
/// waited before the server came for it does not count, since nobody could take any of it.
package final class EventChannel: Sendable {
    /// What the server finds when it comes for more.
    package enum Portion: Equatable {
        case bytes(Int)
        case nothingYet
        /// Everything has been delivered.
        case end
        /// The channel was closed; the connection is to be broken off.
        case broken
    }

    private struct State {
        var waiting: [[UInt8]] = []
        /// How much of the first waiting piece is sent already.
        var sent = 0
        var waitingBytes = 0
        /// Those of the waiting bytes that waited before anyone listened; they are sent first.
        var earlyBytes = 0
        var phase = Phase.open
        var outlet: (any EventOutlet)?
        var onClose: [@Sendable () -> Void] = []
    }

    private enum Phase {
        case open
        /// Nothing more is accepted; what waits is still delivered.
        case finished
        case closed
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// Opens a channel that nobody listens to yet; what is sent before waits.
    ///
    /// - Parameter capacity: How many bytes may wait before the client counts as too slow.
    package init(capacity: Int = 64 * 1024) {
        self.capacity = capacity
    }

    /// Whether sending is of no use any more.
    package var isClosed: Bool {
        state.withLock { $0.phase == .closed }
    }

    // MARK: Sending

    /// Sends encoded bytes, never waiting.
    ///
    /// The array is shared, not copied, among channels.
    ///
    /// - Returns: Whether the channel is still open. It closes when the client is gone or too slow.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        enum Next { case refuse, wake((any EventOutlet)?), cut }
        let next = state.withLock { state -> Next in
            guard state.phase == .open else { return .refuse }
            let isHeard = state.outlet != nil
            guard !isHeard || state.waitingBytes - state.earlyBytes + bytes.count <= capacity else {
                return .cut
            }
            guard !bytes.isEmpty else { return .wake(nil) }
            state.waiting.append(bytes)
            state.waitingBytes += bytes.count
            // Where something waited before, the server knows already.
            return .wake(state.waiting.count == 1 ? state.outlet : nil)
        }
        switch next {
        case .refuse:
            return false
        case .wake(let outlet):
            outlet?.wake()
            return true
        case .cut:
            close()
            return false
        }
    }

    /// Ends the stream once everything sent so far has been delivered.
    package func finish() {
        let outlet = state.withLock { state in
            guard state.phase == .open else { return nil as (any EventOutlet)? }
            state.phase = .finished
            return state.outlet
        }
        outlet?.wake()
    }

    /// Calls `action` once the channel is closed, for whatever reason; at once if it is.
    package func onClose(_ action: @escaping @Sendable () -> Void) {
        let isClosed = state.withLock { state in
            if state.phase != .closed { state.onClose.append(action) }
            return state.phase == .closed
        }
        if isClosed { action() }
    }

    // MARK: For the server

    /// Tells the channel whom to wake when there is something to take.
    package func attach(_ outlet: any EventOutlet) {
        let isClosed = state.withLock { state in
            guard state.phase != .closed else { return true }
            state.outlet = outlet
            state.earlyBytes = state.waitingBytes
            return false
        }
        if isClosed { outlet.cut() }
    }

    /// Whether `read` would answer anything but `nothingYet`.
    package var isReady: Bool {
        state.withLock { !$0.waiting.isEmpty || $0.phase != .open }
    }

    /// Takes what waits, as much as fits.
    package func read(into buffer: UnsafeMutableRawBufferPointer) -> Portion {
        state.withLock { state in
            guard state.phase != .closed else { return .broken }
            var filled = 0
            var finished = 0
            while finished < state.waiting.count, filled < buffer.count {
                let piece = state.waiting[finished]
                let count = min(piece.count - state.sent, buffer.count - filled)
                piece.withUnsafeBytes { piece in
                    UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + count])
                        .copyMemory(
                            from: UnsafeRawBufferPointer(rebasing: piece[state.sent..<state.sent + count]))
                }
                filled += count
                state.sent += count
                if state.sent == piece.count {
                    finished += 1
                    state.sent = 0
                }
            }
            state.waitingBytes -= filled
            state.earlyBytes = max(0, state.earlyBytes - filled)
            // An idle stream gives its list back, so that ten thousand of them cost next to nothing.
            if finished == state.waiting.count {
                state.waiting = []
            } else {
                state.waiting.removeFirst(finished)
            }
            if filled > 0 { return .bytes(filled) }
            return state.phase == .finished ? .end : .nothingYet
        }
    }

    /// Closes the channel and breaks the connection off: the client is too slow, or the server goes down.
    package func close() {
        let outlet = shut()
        outlet?.cut()
    }

    /// Closes the channel because the connection is gone or has delivered everything.
    package func detach() {
        _ = shut()
    }

    private func shut() -> (any EventOutlet)? {
        let (outlet, actions) = state.withLock { state in
            defer {
                state.phase = .closed
                state.waiting = []
                state.waitingBytes = 0
                state.outlet = nil
                state.onClose = []
            }
            return (state.outlet, state.onClose)
        }
        for action in actions { action() }
        return outlet
    }
}

/// The end of an `EventChannel` at the connection.
package protocol EventOutlet: AnyObject, Sendable {
    /// Comes for what waits, soon and on a thread of its own.
    func wake()
    /// Breaks the connection off; nothing more will be taken.
    func cut()
}
