import Domain

extension Metrics {
    /// Has metrics tell how well the parts are, by what was found last.
    package func tell(of monitor: HealthMonitor) {
        collect(.healthLevels) {
            monitor.report().parts.flatMap { part in
                HealthLevel.allCases.map { level in
                    MetricSample([part.name.text, level.rawValue], .number(part.level == level ? 1 : 0))
                }
            }
        }
        collect(.availability) {
            monitor.report().parts.compactMap { part in
                part.availability.map { MetricSample([part.name.text], .number($0)) }
            }
        }
        collect(.measurements) {
            monitor.report().parts.filter { !$0.isStale }.flatMap { part in
                (part.latest?.health.measurements ?? []).map {
                    MetricSample([part.name.text, $0.name], .number($0.value))
                }
            }
        }
    }
}
