import Synchronization

/// Lets at most a number of pieces of work run at once, in the order in which they asked.
public final class Budget: Sendable {
    private struct State {
        var free: Int
        var waiting: [(id: Int, wake: CheckedContinuation<Void, any Error>)] = []
        var cancelled: Set<Int> = []
        var nextID = 0
    }

    private let state: Mutex<State>

    /// A budget of `capacity` pieces of work at once, at least one.
    public init(_ capacity: Int) {
        state = Mutex(State(free: max(1, capacity)))
    }

    /// Runs `work` once there is room.
    ///
    /// - Throws: `CancellationError` when the task is cancelled while it waits, else what `work` throws.
    public func run<Value>(_ work: () async throws -> Value) async throws -> Value {
        try await enter()
        defer { leave() }
        return try await work()
    }

    private func enter() async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    if state.free > 0 {
                        state.free -= 1
                        return .success(())
                    }
                    state.waiting.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                guard let index = state.waiting.firstIndex(where: { $0.id == id }) else {
                    // Either it has not begun to wait, or it runs already and the mark is never read.
                    state.cancelled.insert(id)
                    return nil
                }
                return state.waiting.remove(at: index).wake
            }
            waiter?.resume(throwing: CancellationError())
        }
        _ = state.withLock { $0.cancelled.remove(id) }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().wake
        }
        next?.resume()
    }
}
