import Infrastructure
import Testing

@Suite struct ThreadPacemakerTests {
    @Test("a heart beats again and again until it is let go")
    func beats() async {
        let (stream, beats) = AsyncStream.makeStream(of: Void.self)
        let held = Held { beats.finish() }
        var heartbeat: AnyObject? = ThreadPacemaker().start(every: .milliseconds(1)) { [held] in
            held.touch()
            beats.yield()
        }
        var iterator = stream.makeAsyncIterator()
        for _ in 0..<3 { await iterator.next() }
        withExtendedLifetime(heartbeat) {}
        heartbeat = nil
        // The stream ends when the thread has let go of the beat.
        while await iterator.next() != nil {}
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
