internal import Application
internal import Domain

extension SecurityWire {
    /// How much was seen at the edge, and how many are banned, as metrics.
    static func write(_ security: SecurityCapabilities, to text: inout MetricsText) {
        let name = "cutroom_security_events_total"
        text.family(name, "counter", "What was seen at the edge, by what it looks like.")
        let counts = security.watch.totals.byKind
        for kind in SecurityEvent.Kind.allCases {
            guard let count = counts[kind] else { continue }
            text.sample(name, "type=\"\(kind.rawValue)\"", Double(count))
        }
        text.family("cutroom_bans", "gauge", "Addresses from which nothing is served now.")
        text.sample("cutroom_bans", "", Double(security.bans.present.count))
    }
}
