public import Application
import CLinux
import Glibc

/// Calls something again and again, each from a thread of its own.
public struct ThreadPacemaker: Pacemaker {
    /// A pacemaker.
    public init() {}

    /// Starts a thread that calls `beat` after each `interval`, until the heartbeat is let go.
    public func start(every interval: Duration, _ beat: @escaping @Sendable () -> Void) -> any Heartbeat {
        var ends: [Int32] = [-1, -1]
        let status = linux_pipe2(&ends, O_CLOEXEC)
        precondition(status == 0, "no pipe can be made: \(String(cString: strerror(errno)))")
        let read = ends[0]
        let milliseconds = Int32(clamping: max(1, Int64(interval / .milliseconds(1))))
        OwnThread.start {
            defer { close(read) }
            var end = pollfd(fd: read, events: 0, revents: 0)
            // The pipe hangs up when the heartbeat is let go; until then waiting for that paces the beats.
            while true {
                let count = poll(&end, 1, milliseconds)
                if count == 0 { beat() }
                if count > 0 { return }
            }
        }
        return ThreadHeartbeat(pipe: ends[1])
    }
}

private final class ThreadHeartbeat: Heartbeat {
    private let pipe: Int32

    init(pipe: Int32) {
        self.pipe = pipe
    }

    deinit {
        close(pipe)
    }
}
