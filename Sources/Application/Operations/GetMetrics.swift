package import Domain

/// Shows an administrator the metrics of this process.
package struct GetMetrics: Sendable {
    private let metrics: Metrics

    /// The use case over the metrics.
    package init(_ metrics: Metrics) {
        self.metrics = metrics
    }

    /// What they show now.
    ///
    /// - Throws: ``Domain/AccessError`` for whoever is no administrator.
    package func callAsFunction(by caller: Caller) throws -> MetricsSnapshot {
        try caller.require(.admin)
        return metrics.snapshot()
    }
}
