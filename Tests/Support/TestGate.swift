import Synchronization

/// Lets a test wait for an event instead of sleeping.
public final class TestGate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    public init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Says that it happened.
    public func open() {
        continuation.finish()
    }

    /// Returns when it has happened; for one waiter.
    public func wait() async {
        for await _ in stream {}
    }
}
