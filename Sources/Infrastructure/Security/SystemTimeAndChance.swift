public import Application
public import Domain
import Glibc

/// The machine's own clock.
public struct SystemClock: WallClock {
    /// The machine's clock.
    public init() {}

    /// The present moment by `CLOCK_REALTIME`.
    public func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Nanoseconds since 1970 by `CLOCK_REALTIME`.
    @Sendable package static func nanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Nanoseconds by `CLOCK_MONOTONIC`, which never goes back and says nothing about the time of day.
    @Sendable package static func steadyTime() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Suspends until `deadline`, as the machine's clock stood when it was called.
    public func sleep(until deadline: Timestamp) async throws {
        try await Task.sleep(for: max(.zero, deadline - now()))
    }
}

/// The kernel's random generator, by way of the standard library.
public struct SystemRandomSource: RandomSource {
    /// The system's generator.
    public init() {}

    /// 64 bits from `getrandom(2)`.
    public func next() -> UInt64 {
        UInt64.random(in: .min ... .max)
    }
}
