import Domain

extension Metrics {
    /// Has metrics tell how often what went wrong, since the process began.
    package func tell(of errors: ErrorCounters) {
        func table(
            _ definition: MetricDefinition, _ counts: @escaping @Sendable () -> [String: Int]
        ) {
            collect(definition) {
                counts().sorted { $0.key < $1.key }.map { MetricSample([$0.key], .count($0.value)) }
            }
        }
        table(.errors) { errors.all.byCode }
        table(.operationErrors) { errors.all.byOperation }
        table(.serviceErrors) { errors.all.byService }
        collect(.retries) { [MetricSample(.count(errors.all.retries))] }
        collect(.recoveries) { [MetricSample(.count(errors.all.recoveries))] }
    }

    /// Has metrics tell what was seen at the edge, and how many addresses are banned.
    package func tell(of watch: SecurityWatch, bans: BanList) {
        collect(.securityEvents) {
            let counts = watch.totals.byKind
            return SecurityEvent.Kind.allCases.compactMap { kind in
                counts[kind].map { MetricSample([kind.rawValue], .count($0)) }
            }
        }
        collect(.bans) { [MetricSample(.count(bans.present.count))] }
    }
}
