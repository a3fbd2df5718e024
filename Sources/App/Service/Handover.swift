import Application
import Synchronization

/// What one part of the program makes when it starts, for those that require it.
final class Handover<Value: Sendable>: Sendable {
    private let state = Mutex<Value?>(nil)

    /// Hands over; what was handed over before is replaced.
    func put(_ value: Value) {
        state.withLock { $0 = value }
    }

    /// What was handed over.
    ///
    /// - Throws: ``PortError/unavailable(_:retryAfter:)`` before that: who asks has not required who makes it.
    var value: Value {
        get throws {
            guard let value = state.withLock({ $0 }) else {
                throw PortError.unavailable("what makes it was not started")
            }
            return value
        }
    }
}
