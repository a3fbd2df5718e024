import Application
package import Domain
import Glibc
import Synchronization

/// Looks how busy this process keeps the processors, and whether its control group holds it back.
package final class CPUProbe: HealthProbe {
    /// From this share of all processors on it is degraded.
    package static let high = 0.9
    /// From this share of held-back periods on it is degraded.
    package static let held = 0.25

    private struct Moment {
        let cpu: Int64
        let steady: Int64
        let throttling: (periods: Int64, throttled: Int64)?
    }
    private let root: String
    private let last = Mutex<Moment?>(nil)

    /// A look at this process; programs that it runs do not count.
    ///
    /// - Parameter root: Where `/proc` and `/sys` are: nothing but in tests.
    package init(root: String = "") {
        self.root = root
    }

    package func check() async -> ComponentHealth {
        let now = Moment(
            cpu: Self.time(CLOCK_PROCESS_CPUTIME_ID), steady: Self.time(CLOCK_MONOTONIC),
            throttling: ControlGroup(root: root).throttling)
        let before = last.withLock { last in
            defer { last = now }
            return last
        }
        guard let before, now.steady > before.steady else {
            return ComponentHealth(
                name: "cpu", level: .healthy, detail: "measured from now on", isEssential: false)
        }
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let used = Double(now.cpu - before.cpu) / Double(now.steady - before.steady) / Double(cores)
        var measurements = [HealthMeasurement("used_ratio", used, .ratio)]
        var held = 0.0
        if let first = before.throttling, let second = now.throttling, second.periods > first.periods {
            held = Double(second.throttled - first.throttled) / Double(second.periods - first.periods)
            measurements.append(HealthMeasurement("throttled_ratio", held, .ratio))
        }
        let isBusy = used >= Self.high || held >= Self.held
        return ComponentHealth(
            name: "cpu", level: isBusy ? .degraded : .healthy,
            detail: "\(Int((used * 100).rounded())) % of \(cores) cores, held back in "
                + "\(Int((held * 100).rounded())) % of the time",
            isEssential: false, measurements: measurements)
    }

    private static func time(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
