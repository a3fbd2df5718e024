import Application
import Synchronization

/// Those who want to know that something was committed.
final class CommitObservers: Sendable {
    private struct State {
        var nextID = 0
        var changed: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    var isEmpty: Bool { state.withLock { $0.changed.isEmpty } }

    /// Registers an observer until the observation is let go.
    func add(_ changed: @escaping @Sendable () -> Void) -> any StoreObservation {
        let id = state.withLock { state in
            state.nextID += 1
            state.changed[state.nextID] = changed
            return state.nextID
        }
        return Observation(observers: self, id: id)
    }

    func notify() {
        for changed in state.withLock({ Array($0.changed.values) }) { changed() }
    }

    private final class Observation: StoreObservation {
        private let observers: CommitObservers
        private let id: Int

        init(observers: CommitObservers, id: Int) {
            self.observers = observers
            self.id = id
        }

        deinit {
            // The closure is let go outside the lock: it may own whatever it likes.
            _ = observers.state.withLock { $0.changed.removeValue(forKey: id) }
        }
    }
}
