import Application
import Synchronization

/// Runs work that takes long on threads of its own: only so many at once, the others in a line of bounded length.
///
/// The threads end with the work, so that a server that has none keeps none.
package final class BoundedThreads: Sendable {
    private struct Work: Sendable {
        let number: Int
        let run: @Sendable () -> Void
        let giveUp: @Sendable (PortError) -> Void
    }
    private struct State {
        var threads = 0
        var line: [Work] = []
        var lastNumber = 0
    }

    private let state = Mutex(State())
    private let most: Int
    private let longestLine: Int
    private let retryAfter: Duration

    /// Threads of which none runs yet.
    ///
    /// - Parameters:
    ///   - most: How many run at once.
    ///   - longestLine: How many may wait besides those that run.
    ///   - retryAfter: When to try again, for who finds the line full.
    package init(most: Int, longestLine: Int, retryAfter: Duration = .seconds(1)) {
        precondition(most > 0 && longestLine >= 0)
        self.most = most
        self.longestLine = longestLine
        self.retryAfter = retryAfter
    }

    /// How many wait for their turn.
    package var waiting: Int { state.withLock { $0.line.count } }

    /// Runs `body` when its turn has come and suspends until it has ended.
    ///
    /// - Throws: ``PortError/unavailable(_:retryAfter:)`` when too many wait already or there is no thread to be
    ///   had, ``PortError/cancelled`` when the task was cancelled before its turn came.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async throws -> Value {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let work = Work(
                    number: number, run: { continuation.resume(returning: body()) },
                    giveUp: { continuation.resume(throwing: $0) })
                place(work)
                // Cancelled before it had a place, where nobody could find it.
                if Task.isCancelled { remove(number)?.giveUp(.cancelled) }
            }
        } onCancel: {
            // Work whose turn has come is not held up.
            remove(number)?.giveUp(.cancelled)
        }
    }

    private enum Place {
        case newThread
        case line
        case none
    }

    private func place(_ work: Work) {
        let place: Place = state.withLock { state in
            if state.threads < most {
                state.threads += 1
                return .newThread
            }
            guard state.line.count < longestLine else { return .none }
            state.line.append(work)
            return .line
        }
        switch place {
        case .newThread: startThread(with: work)
        case .line: break
        case .none: work.giveUp(.unavailable("too much waits for its turn", retryAfter: retryAfter))
        }
    }

    private func startThread(with work: Work) {
        do throws(PortError) {
            try OwnThread.attempt {
                var work: Work? = work
                while let current = work {
                    current.run()
                    work = self.next()
                }
            }
        } catch {
            let stranded = state.withLock { state in
                state.threads -= 1
                // As long as one thread runs it will come to the line.
                guard state.threads == 0 else { return [Work]() }
                defer { state.line = [] }
                return state.line
            }
            for work in [work] + stranded { work.giveUp(error) }
        }
    }

    private func next() -> Work? {
        state.withLock { state in
            guard !state.line.isEmpty else {
                state.threads -= 1
                return nil
            }
            return state.line.removeFirst()
        }
    }

    private func remove(_ number: Int) -> Work? {
        state.withLock { state in
            state.line.firstIndex { $0.number == number }.map { state.line.remove(at: $0) }
        }
    }
}
