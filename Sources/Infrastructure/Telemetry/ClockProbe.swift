import Application
package import Domain
import Glibc
import Synchronization

/// Notices when the wall clock goes elsewhere than the steady one.
package final class ClockProbe: HealthProbe {
    /// A moment by both clocks, in milliseconds.
    package typealias Clocks = @Sendable () -> (wall: Int64, steady: Int64)

    /// What is no jump: a clock that is brought into step goes a little faster or slower.
    package static let tolerance: Int64 = 2000
    /// How long a jump is told of.
    package static let memory: Int64 = 300_000

    private struct State {
        var offset: Int64?
        var jump: (by: Int64, at: Int64)?
    }
    private let clocks: Clocks
    private let state = Mutex(State())

    /// A look at the machine's clocks, or others.
    package init(_ clocks: @escaping Clocks = { (time(CLOCK_REALTIME), time(CLOCK_BOOTTIME)) }) {
        self.clocks = clocks
    }

    package func check() async -> ComponentHealth {
        let (wall, steady) = clocks()
        let jump = state.withLock { state in
            if let offset = state.offset, abs(wall - steady - offset) > Self.tolerance {
                state.jump = (wall - steady - offset, steady)
            }
            state.offset = wall - steady
            if let jump = state.jump, steady - jump.at > Self.memory { state.jump = nil }
            return state.jump?.by
        }
        return ComponentHealth(
            name: "clock", level: jump == nil ? .healthy : .degraded,
            detail: jump.map { "the clock was set by \(Double($0) / 1000) s" } ?? "goes steadily",
            isEssential: false,
            measurements: jump.map { [HealthMeasurement("jump_seconds", Double($0) / 1000, .seconds)] } ?? [])
    }
}

private func time(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}
