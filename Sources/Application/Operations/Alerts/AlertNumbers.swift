package import Domain

/// Where the numbers come from that alerts look at: what is known of the health of the parts, and the metrics.
///
/// - `status{service, status}` is 1 for the level at which a part is, `availability{service}` the share of a day in
///   which it worked, and a measurement `x` of a part `y` the series `y_x{service}`.
/// - Metrics have Prometheus' names for them.
package struct AlertNumbers: Sendable {
    private let monitor: HealthMonitor
    private let metrics: Metrics

    /// The numbers of this process.
    package init(monitor: HealthMonitor, metrics: Metrics) {
        self.monitor = monitor
        self.metrics = metrics
    }

    /// What those series are now.
    package func read(_ names: [String]) -> [String: [AlertTarget: Double]] {
        var numbers: [String: [AlertTarget: Double]] = [:]
        for part in monitor.report().parts {
            let service = part.name.text
            let target = AlertTarget(["service": service])
            numbers["status", default: [:]][
                AlertTarget(["service": service, "status": part.level.rawValue])] = 1
            if let availability = part.availability {
                numbers["availability", default: [:]][target] = availability
            }
            for measurement in part.latest?.health.measurements ?? [] where !part.isStale {
                numbers["\(service)_\(measurement.name)", default: [:]][target] = measurement.value
            }
        }
        let others = names.filter { numbers[$0] == nil }
        guard !others.isEmpty else { return numbers }
        let snapshot = metrics.snapshot()
        for name in others {
            let points = snapshot.points(named: name)
            guard !points.isEmpty else { continue }
            numbers[name] = Dictionary(points.map { (AlertTarget($0.labels), $0.value) }) { first, _ in first
            }
        }
        return numbers
    }
}
