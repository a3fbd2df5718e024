package import Domain

/// Shows an administrator what has happened to alerts.
package struct ListAlertChanges: Sendable {
    private let monitor: AlertMonitor

    /// The use case over what watches.
    package init(_ monitor: AlertMonitor) {
        self.monitor = monitor
    }

    /// The last changes, newest first.
    ///
    /// - Throws: ``Domain/AccessError`` for whoever is no administrator.
    package func callAsFunction(by caller: Caller) throws -> [AlertChange] {
        try caller.require(.admin)
        return monitor.changes()
    }
}
