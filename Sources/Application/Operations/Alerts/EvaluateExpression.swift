package import Domain

/// Tells an administrator what an expression of alerts says now.
package struct EvaluateExpression: Sendable {
    private let monitor: AlertMonitor

    /// The use case over what watches.
    package init(_ monitor: AlertMonitor) {
        self.monitor = monitor
    }

    /// The numbers by target; windows reach back as far as the rules look at the same series.
    ///
    /// - Throws: ``Domain/AccessError`` for whoever is no administrator; ``Domain/AlertSyntaxError``.
    package func callAsFunction(_ text: String, by caller: Caller) throws -> [AlertTarget: Double] {
        try caller.require(.admin)
        return monitor.evaluate(try AlertExpression(text))
    }
}
