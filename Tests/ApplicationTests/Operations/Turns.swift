import Synchronization

/// Counts from 1.
final class Turns: Sendable {
    private let state = Mutex(0)

    func next() -> Int {
        state.withLock { count in
            count += 1
            return count
        }
    }
}
