import Application
import Domain
import Glibc
import Infrastructure

/// Starts `--components` parts that need each other, `--rounds` times, and holds the time that takes against the
/// critical path of the graph: the chain of starts that no order could shorten.
///
/// Each part waits for 10 to 40 ms, drawn from a seed, as one does that opens files or asks a service.
func components(_ options: Options) async throws {
    let count = options.number("components", else: 50)
    let rounds = options.number("rounds", else: 10)
    let random = SeededRandomSource(seed: 22)
    var times: [ComponentName: Duration] = [:]
    var parts: [Component] = []
    let names = (0..<count).compactMap { ComponentName("part\($0)") }
    for (index, name) in names.enumerated() {
        let time = Duration.milliseconds(10 + Int(random.next() % 31))
        times[name] = time
        // At most three of the ten before it.
        let near = names[max(0, index - 10)..<index]
        let needs = Set(
            (0..<3).compactMap { _ in
                near.isEmpty ? nil : near[near.startIndex + Int(random.next() % UInt64(near.count))]
            })
        parts.append(
            Component(
                ComponentDescription(
                    name, version: "1", summary: "",
                    dependencies: needs.map { ComponentDependency($0, .required) },
                    isCritical: true)
            ) { _ in
                try await Task.sleep(for: time)
                return RunningComponent()
            })
    }
    let path = try ComponentGraph(parts.map(\.description)).criticalPath { times[$0] ?? .zero }
    var taken: [Double] = []
    for _ in 0..<rounds {
        let runner = try ComponentRunner(parts, clock: SystemClock())
        let began = SystemClock.steadyTime()
        try await runner.start()
        taken.append(Double(SystemClock.steadyTime() - began) / 1e6)
        await runner.stop()
    }
    let one = times.values.reduce(.zero, +)
    try answer([
        "components": Double(count), "milliseconds": taken.quantile(0.5),
        "critical_path": path.duration.inSeconds * 1000, "one_by_one": one.inSeconds * 1000,
        "ratio": taken.quantile(0.5) / (path.duration.inSeconds * 1000),
    ])
}
