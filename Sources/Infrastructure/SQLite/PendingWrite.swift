import Application
import Synchronization

/// A write that waits for its group, whatever it answers.
protocol WaitingWrite: AnyObject, Sendable {
    /// Whether it is still wanted; from here on it can no longer be cancelled.
    func take() -> Bool
    /// Runs its body, possibly not for the first time, and answers why it failed.
    func run(on session: SQLiteSession) -> (any Error)?
    /// Lets the caller go on: with `failure`, else with what the last run answered.
    func settle(failure: (any Error)?)
}

/// One caller's write body, what it answered, and the caller who waits for it.
final class PendingWrite<Value: Sendable>: WaitingWrite, @unchecked Sendable {
    // Unchecked: `outcome` belongs to the writer's thread alone. `caller` is set before the phase becomes
    // `waiting` and used once, by whoever takes it out of that phase.
    private enum Phase: UInt8, AtomicRepresentable {
        case new, waiting, taken, cancelled
    }

    private let phase = Atomic(Phase.new)
    private let body: @Sendable (SQLiteSession) throws -> Value
    private var outcome: Result<Value, any Error>?
    private var caller: CheckedContinuation<Value, any Error>?

    init(_ body: @escaping @Sendable (SQLiteSession) throws -> Value) {
        self.body = body
    }

    /// Suspends the caller until the write is settled; `enqueue` hands it to the writer.
    func value(enqueue: (PendingWrite) -> Void) async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                caller = continuation
                if advance(from: .new, to: .waiting) {
                    enqueue(self)
                } else {
                    continuation.resume(throwing: PortError.cancelled)
                }
            }
        } onCancel: {
            if advance(from: .new, to: .cancelled) { return }
            if advance(from: .waiting, to: .cancelled) { caller?.resume(throwing: PortError.cancelled) }
        }
    }

    func take() -> Bool {
        advance(from: .waiting, to: .taken)
    }

    func run(on session: SQLiteSession) -> (any Error)? {
        do {
            outcome = .success(try body(session))
            return nil
        } catch {
            outcome = .failure(error)
            return error
        }
    }

    func settle(failure: (any Error)?) {
        if let failure {
            caller?.resume(throwing: failure)
        } else if let outcome {
            caller?.resume(with: outcome)
        }
    }

    private func advance(from expected: Phase, to desired: Phase) -> Bool {
        phase.compareExchange(expected: expected, desired: desired, ordering: .acquiringAndReleasing)
            .exchanged
    }
}

/// A write whose caller's thread stands still until it is settled.
final class BlockingWrite<Value: Sendable>: WaitingWrite, @unchecked Sendable {
    // Unchecked: `outcome` belongs to the writer's thread until the bell rings, then to the caller's.
    private let body: @Sendable (SQLiteSession) throws -> Value
    private let settled = Doorbell()
    private var outcome: Result<Value, any Error>?

    init(_ body: @escaping @Sendable (SQLiteSession) throws -> Value) {
        self.body = body
    }

    /// Blocks the thread until the write is settled; `enqueue` hands it to the writer.
    func value(enqueue: (BlockingWrite) -> Void) throws -> Value {
        enqueue(self)
        settled.wait(atMost: nil)
        guard let outcome else { throw SQLiteError.closed }
        return try outcome.get()
    }

    func take() -> Bool { true }

    func run(on session: SQLiteSession) -> (any Error)? {
        do {
            outcome = .success(try body(session))
            return nil
        } catch {
            outcome = .failure(error)
            return error
        }
    }

    func settle(failure: (any Error)?) {
        if let failure { outcome = .failure(failure) }
        settled.ring()
    }
}
