internal import Application
internal import Domain

/// How the monitor stands, with what it knows.
struct MonitoringState: Sendable {
    let report: HealthReport
    let activity: HealthMonitorActivity
    let pace: HealthPace
    /// Whether anybody foretells anything.
    let foretells: Bool
}

/// How the monitor itself stands on the wire.
enum MonitoringWire {
    static let outcome = JSONOutput<String>.object(
        "MonitoringOutcome", "What has become of the monitor.",
        [
            JSONField(
                "status", JSONOutput<String>(.string(oneOf: ["success"])) { $1.string($0) }, "Always success."
            ) { _ in "success" },
            JSONField("message", .text, "What was done.") { $0 },
        ])

    private enum State: String, CaseIterable, Sendable {
        case running, stopped
    }

    static let status = JSONOutput<MonitoringState>.object(
        "MonitoringStatus", "How the monitor itself is doing.",
        [
            JSONField("system_status", .name, "Whether it looks.", example: "running") { state -> State in
                state.activity.isRunning ? .running : .stopped
            },
            JSONField("configuration", configuration, "How it looks.") { $0 },
            JSONField("monitoring_status", activity, "What it is doing.") { $0 },
            JSONField("cache_status", cache, "What it has found.") { $0 },
            JSONField("history_status", history, "What it remembers.") { $0 },
        ])

    private static let configuration = JSONOutput<MonitoringState>.object(
        "MonitoringConfiguration", "How the parts are looked at, unless one has a pace of its own.",
        [
            JSONField("enabled", .truth, "Whether it looks.") { $0.activity.isRunning },
            JSONField("period", .amount, "Seconds between two looks.", example: 10) {
                $0.pace.period.inSeconds
            },
            JSONField("urgent_period", .amount, "The same while something is wrong.", example: 1) {
                $0.pace.urgentPeriod.inSeconds
            },
            JSONField("timeout", .amount, "Seconds that a look may take.", example: 1) {
                $0.pace.deadline.inSeconds
            },
            JSONField("fall", .count, "Bad readings in a row that turn a verdict.", example: 3) {
                $0.pace.thresholds.fall
            },
            JSONField("rise", .count, "Good readings in a row that turn it back.", example: 2) {
                $0.pace.thresholds.rise
            },
            JSONField("cache_ttl", .amount, "Seconds after which a reading says nothing.", example: 31) {
                $0.pace.staleAge.inSeconds
            },
            JSONField("predictive_enabled", .truth, "Whether anything is foretold.") { $0.foretells },
        ])

    private static let activity = JSONOutput<MonitoringState>.object(
        "MonitoringActivity", "What the monitor is doing.",
        [
            JSONField("active_tasks", .count, "Looks under way.", example: 0) { $0.activity.activeLooks },
            JSONField("aggregation_running", .truth, "Whether verdicts are put together.") {
                $0.activity.isRunning
            },
            JSONField("predictive_running", .truth, "Whether anything is foretold.") { $0.foretells },
            JSONField("followers", .count, "How many follow the changes.", example: 0) {
                $0.activity.followers
            },
        ])

    private static let cache = JSONOutput<MonitoringState>.object(
        "MonitoringCache", "What the monitor has found.",
        [
            JSONField("cached_services", .list(of: .text), "The parts that were looked at.") { state in
                state.report.parts.filter { $0.latest != nil }.map(\.name.text)
            },
            JSONField("cache_timestamps", .map(of: .moment), "When.") { state in
                state.report.parts.compactMap { part in part.latest.map { (part.name.text, $0.at) } }
            },
        ])

    private static let history = JSONOutput<MonitoringState>.object(
        "MonitoringHistory", "What the monitor remembers.",
        [
            JSONField("services_with_history", .count, "Parts with readings.", example: 1) { state in
                state.report.parts.count { $0.historyLength > 0 }
            },
            JSONField("total_history_entries", .count, "Readings of all parts.", example: 60) { state in
                state.report.parts.reduce(0) { $0 + $1.historyLength }
            },
        ])
}
