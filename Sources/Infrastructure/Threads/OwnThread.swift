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

    /// Runs `body` on a new thread that ends with it.
    static func start(_ body: @escaping @Sendable () -> Void) {
        var thread: pthread_t = 0
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(Body(body)).toOpaque())
        precondition(status == 0, "no thread can be started: error \(status)")
        pthread_detach(thread)
    }

    /// Runs `body` on a thread of its own and suspends until it has ended.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable (Cancellation) throws -> Value
    ) async throws -> Value {
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                start { continuation.resume(with: Result { try body(cancellation) }) }
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
