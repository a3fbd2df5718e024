import Infrastructure
import Testing

@Suite struct ThreadPacemakerTests {
    @Test("a heart beats again and again until it is let go")
    func beats() async {
        let (stream, beats) = AsyncStream.makeStream(of: Void.self)
        var heartbeat: AnyObject? = start(beats)
        var iterator = stream.makeAsyncIterator()
        for _ in 0..<3 { await iterator.next() }
        withExtendedLifetime(heartbeat) {}
        heartbeat = nil
        // The stream ends when the thread, which alone still holds the beat, has let go of it.
        while await iterator.next() != nil {}
    }

    private func start(_ beats: AsyncStream<Void>.Continuation) -> AnyObject {
        let held = Held { beats.finish() }
        return ThreadPacemaker().start(every: .milliseconds(1)) {
            held.touch()
            beats.yield()
        }
    }
}

/// Says when nobody holds it any more.
private final class Held: Sendable {
    private let whenLetGo: @Sendable () -> Void

    init(_ whenLetGo: @escaping @Sendable () -> Void) {
        self.whenLetGo = whenLetGo
    }

    deinit {
        whenLetGo()
    }

    func touch() {}
}
