package import Domain

/// Shows an administrator the rules of alerts, and where each stands.
package struct ListAlerts: Sendable {
    private let monitor: AlertMonitor

    /// The use case over what watches.
    package init(_ monitor: AlertMonitor) {
        self.monitor = monitor
    }

    /// The rules, in the order in which they are asked.
    ///
    /// - Throws: ``Domain/AccessError`` for whoever is no administrator.
    package func callAsFunction(by caller: Caller) throws -> [AlertStanding] {
        try caller.require(.admin)
        return monitor.standings()
    }
}
