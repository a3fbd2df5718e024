package import Application

/// What can be known of alerts, and done about them.
package struct AlertCapabilities: Sendable {
    let list: ListAlerts
    let changes: ListAlertChanges
    let evaluate: EvaluateExpression
    let silence: SilenceAlert

    /// The use cases over what watches.
    package init(_ monitor: AlertMonitor, clock: any WallClock) {
        list = ListAlerts(monitor)
        changes = ListAlertChanges(monitor)
        evaluate = EvaluateExpression(monitor)
        silence = SilenceAlert(monitor, clock: clock)
    }
}
