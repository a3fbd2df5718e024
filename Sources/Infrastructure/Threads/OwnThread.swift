import Application
import Glibc
import Synchronization

/// Starts threads for work that blocks: the cooperative pool has one thread per core and must stay free.
enum OwnThread {
    /// Tells a thread that nobody waits for its work any more.
    final class Cancellation: Sendable {
        private let isCancelled = Atomic(false)

        /// Throws ``PortError/cancelled`` once the waiting task is cancelled.
        func check() throws(PortError) {
            if isCancelled.load(ordering: .relaxed) { throw .cancelled }
        }

        fileprivate func cancel() {
            isCancelled.store(true, ordering: .relaxed)
        }
    }

    /// Runs `body` on a new thread, for what a process cannot do without: traps when there is no thread to be had.
    static func start(_ body: @escaping @Sendable () -> Void) {
        do throws(PortError) {
            try attempt(body)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// Runs `body` on a new thread that ends with it.
    ///
    /// - Throws: ``PortError/unavailable(_:retryAfter:)`` when there is no thread to be had.
    static func attempt(_ body: @escaping @Sendable () -> Void) throws(PortError) {
        let body = Unmanaged.passRetained(Body(body))
        var thread: pthread_t = 0
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard status == 0 else {
            body.release()
            throw .unavailable("no thread can be started: \(String(cString: strerror(status)))")
        }
        pthread_detach(thread)
    }

    /// Runs `body` on a thread of its own and suspends until it has ended.
    ///
    /// - Throws: What `body` throws; ``PortError/unavailable(_:retryAfter:)`` when there is no thread to be had.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable (Cancellation) throws -> Value
    ) async throws -> Value {
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                do throws(PortError) {
                    try attempt { continuation.resume(with: Result { try body(cancellation) }) }
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
    }

    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}
