import Domain
import Synchronization

/// Which of two came first: some work, or a moment.
///
/// The work is a task of its own, so that one that does not heed its cancellation holds up nobody.
enum Contest<Value: Sendable>: Sendable {
    /// The work has ended, well or not.
    case ended(Result<Value, any Error>)
    /// The moment came first; the work is cancelled and left behind.
    case late

    /// Does some work until a moment has come.
    ///
    /// - Parameter forsaken: Is handed what the work came to after nobody waited for it any more.
    static func run(
        until deadline: Timestamp, on clock: any WallClock,
        _ body: @escaping @Sendable () async throws -> Value,
        forsaken: @escaping @Sendable (Value) async -> Void = { _ in }
    ) async -> Self {
        let outcome = Outcome<Self>()
        let work = Task {
            do {
                let value = try await body()
                if !outcome.settle(.ended(.success(value))) { await forsaken(value) }
            } catch {
                _ = outcome.settle(.ended(.failure(error)))
            }
        }
        let alarm = Task {
            guard (try? await clock.sleep(until: deadline)) != nil, outcome.settle(.late) else { return }
            work.cancel()
        }
        let first = await withTaskCancellationHandler {
            await outcome.first()
        } onCancel: {
            work.cancel()
        }
        alarm.cancel()
        return first
    }
}

/// The first of several outcomes, for one who waits for it.
private final class Outcome<Value: Sendable>: Sendable {
    private enum State {
        case open(CheckedContinuation<Value, Never>?)
        case settled(Value)
    }
    private let state = Mutex(State.open(nil))

    /// Says an outcome; answers whether it was the first.
    func settle(_ value: Value) -> Bool {
        let (isFirst, waiter): (Bool, CheckedContinuation<Value, Never>?) = state.withLock { state in
            guard case .open(let waiter) = state else { return (false, nil) }
            state = .settled(value)
            return (true, waiter)
        }
        waiter?.resume(returning: value)
        return isFirst
    }

    /// Waits for the first one.
    func first() async -> Value {
        await withCheckedContinuation { continuation in
            let settled: Value? = state.withLock { state in
                if case .settled(let value) = state { return value }
                state = .open(continuation)
                return nil
            }
            if let settled { continuation.resume(returning: settled) }
        }
    }
}
