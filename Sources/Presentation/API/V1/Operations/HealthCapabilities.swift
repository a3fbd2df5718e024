package import Application
package import Domain

/// What the API can do about health.
package struct HealthCapabilities: Sendable {
    package var monitor: HealthMonitor
    /// How the parts are looked at unless it is said otherwise.
    package var pace: HealthPace
    /// The operator's own groups.
    package var groups: [HealthGroup]
    package var forecasts: any Forecasts

    package init(
        monitor: HealthMonitor, pace: HealthPace = .ordinary, groups: [HealthGroup] = [],
        forecasts: any Forecasts = NoForecasts()
    ) {
        self.monitor = monitor
        self.pace = pace
        self.groups = groups
        self.forecasts = forecasts
    }
}

/// Who asks how the server is.
///
/// Load balancers ask without a name and need a word; which parts there are, what is wrong with them and how much
/// room is left is nobody's business who has no account here.
struct HealthViewer: Sendable {
    /// Whether more than words is shown.
    let seesDetails: Bool
}

extension Capabilities {
    /// Lets everyone ask how the server is, as often as they like; the one place that says who sees more than words.
    var healthViewers: Access<HealthViewer> {
        .open(at: .unlimited) { [authenticator] call in
            HealthViewer(seesDetails: (try? authenticator.caller(of: call.request)) != nil)
        }
    }
}
