import CLinux
import Glibc

/// A doorbell between threads: rung any number of times, it wakes its one waiter once.
struct Wakeup: ~Copyable, Sendable {
    let descriptor: Int32

    init() {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        precondition(descriptor >= 0, "no descriptor is left for an eventfd")
    }

    deinit {
        close(descriptor)
    }

    func ring() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Takes the rings so far away.
    func quiet() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }

    /// Waits for a ring, at most this long.
    func wait(_ duration: Duration) {
        var entry = pollfd(descriptor: descriptor, events: POLLIN)
        poll(&entry, 1, Int32(clamping: duration.milliseconds))
        quiet()
    }
}

extension pollfd {
    init(descriptor: Int32, events: Int32) {
        self.init(fd: descriptor, events: Int16(events), revents: 0)
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, so that a short wait never becomes none.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}

/// Milliseconds on the clock that never goes back, exact to a few.
func monotonicMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}
