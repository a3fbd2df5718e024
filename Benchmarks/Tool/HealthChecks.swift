import Application
import Domain
import Glibc
import Infrastructure
import Synchronization

/// Has a monitor look at `--checks` parts every `--period` seconds for `--seconds`, and measures the processor time that
/// this takes, and what asking for readiness costs.
func healthChecks(_ options: Options) async throws {
    let pace = HealthPace(period: .seconds(options.number("period")))
    let looks = CountingProbe()
    let checks = (0..<options.number("checks")).compactMap { number in
        ComponentName("part\(number)").map {
            HealthCheck(
                ComponentDescription($0, version: "1", summary: "counts", isCritical: false), probe: looks,
                pace: pace)
        }
    }
    let monitor = HealthMonitor(
        checks, clock: SystemClock(), random: SystemRandomSource(), steady: SystemClock.steadyTime)
    monitor.start()
    // The first pass looks at all at once.
    try await Task.sleep(for: .seconds(1))
    let (cpu, steady, before) = (processorTime(), SystemClock.steadyTime(), looks.count)
    try await Task.sleep(for: .seconds(options.number("seconds")))
    let share = Double(processorTime() - cpu) / Double(SystemClock.steadyTime() - steady)
    let done = looks.count - before
    monitor.stop()

    let questions = 1_000_000
    let began = SystemClock.steadyTime()
    var ready = 0
    for _ in 0..<questions where monitor.readiness.isReady { ready += 1 }
    let asked = Double(SystemClock.steadyTime() - began) / Double(questions)
    try answer([
        "checks": Double(checks.count), "looks": Double(done), "cores": share,
        "readiness_nanoseconds": asked, "ready": Double(ready),
    ])
}

private func processorTime() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// A part that is always well, and counts how often it was looked at.
private final class CountingProbe: HealthProbe {
    private let looks = Atomic(0)

    var count: Int { looks.load(ordering: .relaxed) }

    func check() async -> ComponentHealth {
        looks.add(1, ordering: .relaxed)
        return ComponentHealth(name: "part", level: .healthy, detail: "well", isEssential: false)
    }
}
