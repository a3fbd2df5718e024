package import Domain

/// Has a rule of alerts do nothing for a while; it is still seen where it stands.
package struct SilenceAlert: Sendable {
    private let monitor: AlertMonitor
    private let clock: any WallClock

    /// How long a silence may last.
    package static let longest = Duration.seconds(7 * 86_400)

    /// The use case over what watches.
    package init(_ monitor: AlertMonitor, clock: any WallClock) {
        self.monitor = monitor
        self.clock = clock
    }

    /// Begins the silence, or ends it with a duration of nothing.
    ///
    /// - Returns: When it ends.
    /// - Throws: ``Domain/AccessError`` for whoever is no administrator; ``NotFound/alert``.
    package func callAsFunction(_ name: String, for duration: Duration, by caller: Caller) throws -> Timestamp
    {
        try caller.require(.admin)
        let end = clock.now() + min(max(duration, .zero), Self.longest)
        guard monitor.silence(name, until: end) else { throw NotFound.alert }
        return end
    }
}
