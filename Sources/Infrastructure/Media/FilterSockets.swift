import CLinux
import Glibc
import Synchronization

/// The open sockets of a filter: who stops it shuts them down, who serves one closes it.
final class FilterSockets: Sendable {
    private struct State {
        var sockets: Set<Int32>
        var refusal: String?
        var isStopped = false
    }

    private let state: Mutex<State>

    init(listener: Int32) {
        state = Mutex(State(sockets: [listener]))
    }

    var refusal: String? { state.withLock { $0.refusal } }

    func refuse(_ reason: String) {
        state.withLock { $0.refusal = reason }
    }

    /// Returns false when it cannot be served, because there are `most` already or all is over.
    func add(_ socket: Int32, most: Int) -> Bool {
        state.withLock { state in
            guard !state.isStopped, state.sockets.count < most else { return false }
            state.sockets.insert(socket)
            return true
        }
    }

    func close(_ socket: Int32) {
        state.withLock { state in
            // Under the lock, so that `stop` never meets a number that is somebody else's by now.
            if state.sockets.remove(socket) != nil { _ = Glibc.close(socket) }
        }
    }

    func stop() {
        state.withLock { state in
            state.isStopped = true
            for socket in state.sockets { linux_shutdown(socket) }
        }
    }
}
