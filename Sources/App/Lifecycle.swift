import Glibc
import Synchronization

/// What asks the program to end.
enum Interruption: Sendable {
    /// A person pressed Ctrl-C.
    case interrupt
    /// The system asked it to.
    case terminate

    /// How a program ends that was asked so and did what it could.
    var status: ExitStatus {
        switch self {
        case .interrupt: .interrupted
        case .terminate: .done
        }
    }

    /// How long after the first request others are taken for the same one: Ctrl-C reaches a whole group of
    /// processes, and who started this one may pass it on.
    fileprivate static let grace = Duration.milliseconds(500)

    /// The requests to end, the first of them; a later one ends the process at once.
    ///
    /// To be called once, before other threads start: from here on the signals no longer end the process.
    static func requests() -> AsyncStream<Interruption> {
        let (stream, continuation) = AsyncStream<Interruption>.makeStream()
        _ = pipeEnds
        // A peer that goes away is noticed where it is written to.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGINT, noteSignal)
        signal(SIGTERM, noteSignal)
        // Who reloads too early, or what has nothing to read again, must not be ended by it.
        signal(SIGHUP, noteSignal)
        let context = Unmanaged.passRetained(Listener(continuation: continuation))
        var thread = pthread_t()
        pthread_create(&thread, nil, { listen($0) }, context.toOpaque())
        pthread_detach(thread)
        return stream
    }
}

/// What asks the program to read again what may have changed.
enum Hangup {
    fileprivate static let answers = Mutex<[@Sendable () -> Void]>([])

    /// Does something on each SIGHUP from now on, beside what is done already; it no longer ends the process.
    ///
    /// To be called after ``Interruption/requests()``, whose thread it is done on.
    static func onEach(_ action: @escaping @Sendable () -> Void) {
        answers.withLock { $0.append(action) }
    }
}

private final class Listener: Sendable {
    let continuation: AsyncStream<Interruption>.Continuation

    init(continuation: AsyncStream<Interruption>.Continuation) {
        self.continuation = continuation
    }
}

/// A pipe from the signal handler, which may do next to nothing, to a thread that may.
private let pipeEnds: (read: Int32, write: Int32) = {
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
}()

private func noteSignal(_ number: Int32) {
    let saved = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(pipeEnds.write, &byte, 1)
    errno = saved
}

private func listen(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let listener = Unmanaged<Listener>.fromOpaque(context).takeRetainedValue()
    var first: ContinuousClock.Instant?
    while true {
        var byte: UInt8 = 0
        guard read(pipeEnds.read, &byte, 1) == 1 else { continue }
        if Int32(byte) == SIGHUP {
            for answer in Hangup.answers.withLock({ $0 }) { answer() }
            continue
        }
        guard let begun = first else {
            first = .now
            listener.continuation.yield(Int32(byte) == SIGINT ? .interrupt : .terminate)
            continue
        }
        // Children die with this process.
        if begun.duration(to: .now) > Interruption.grace { _exit(ExitStatus.interrupted.rawValue) }
    }
}
