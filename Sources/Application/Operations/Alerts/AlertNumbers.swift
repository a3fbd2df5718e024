package import Domain

/// Where the numbers come from that alerts look at: what is known of the health of the parts, and the metrics.
///
/// - `status{service, status}` is 1 for the level at which a part is, `availability{service}` the share of a day in
///   which it worked, and a measurement `x` of a part `y` the series `y_x{service}`.
/// - Components of the process that health does not know have a `status` too.
/// - `failed_requests` counts answers that are failures of the server (500–599), those of `/health` left out.
/// - Metrics have Prometheus' names for them.
package struct AlertNumbers: Sendable {
    private let monitor: HealthMonitor
    private let metrics: Metrics
    private let components: @Sendable () -> [ComponentStatus]

    /// The numbers of this process.
    ///
    /// - Parameter components: Where the parts stand that the process is made of.
    package init(
        monitor: HealthMonitor, metrics: Metrics,
        components: @escaping @Sendable () -> [ComponentStatus] = { [] }
    ) {
        self.monitor = monitor
        self.metrics = metrics
        self.components = components
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
        for component in components() {
            let service = component.description.name.text
            guard numbers["status"]?.keys.contains(where: { $0.labels["service"] == service }) != true else {
                continue
            }
            numbers["status", default: [:]][
                AlertTarget(["service": service, "status": component.level.rawValue])] = 1
        }
        let others = names.filter { numbers[$0] == nil }
        guard !others.isEmpty else { return numbers }
        let snapshot = metrics.snapshot()
        numbers["failed_requests"] = [AlertTarget(): snapshot.failedRequests]
        for name in others {
            let points = snapshot.points(named: name)
            guard !points.isEmpty else { continue }
            numbers[name] = Dictionary(points.map { (AlertTarget($0.labels), $0.value) }) { first, _ in first
            }
        }
        return numbers
    }
}

extension ComponentStatus {
    /// How well it is, in the words of health.
    fileprivate var level: HealthLevel {
        switch lifecycle.state {
        case .error: .unhealthy
        case .degraded: .degraded
        case let state: state.isUp ? .healthy : .unknown
        }
    }
}

extension MetricsSnapshot {
    /// How many answers were failures of the server.
    fileprivate var failedRequests: Double {
        points(named: MetricDefinition.httpRequests.name).reduce(0) { sum, point in
            let isFailure = point.labels["status"]?.hasPrefix("5") == true
            let isAboutHealth = point.labels["route"]?.hasPrefix("/health") == true
            return isFailure && !isAboutHealth ? sum + point.value : sum
        }
    }
}
