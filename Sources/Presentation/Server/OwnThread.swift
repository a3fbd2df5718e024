import Glibc

/// Threads outside the cooperative pool, for work that waits.
///
/// Infrastructure has one of its own, for work that is cancelled with its task; these are joined. The two targets
/// do not know each other, and Application, which both know, starts no threads.
enum OwnThread {
    /// A thread that has to be joined.
    struct Handle: Sendable {
        fileprivate let thread: pthread_t

        /// Waits for the thread's end; to be called once.
        func join() {
            pthread_join(thread, nil)
        }
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Starts a thread; nil when the system has none left.
    static func start(_ run: @escaping @Sendable () -> Void) -> Handle? {
        var thread = pthread_t()
        // Balanced by `takeRetainedValue` in the thread, or below where no thread came to be.
        let body = Unmanaged.passRetained(Body(run))
        let outcome = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard outcome == 0 else {
            body.release()
            return nil
        }
        return Handle(thread: thread)
    }

    /// Runs blocking work on a thread of its own while the caller is suspended.
    static func run(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            let thread = start {
                work()
                continuation.resume()
            }
            if let thread {
                pthread_detach(thread.thread)
            } else {
                work()
                continuation.resume()
            }
        }
    }
}
