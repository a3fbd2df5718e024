internal import Application
internal import Domain

/// How what was seen at the edge stands on the wire.
enum SecurityWire {
    static let event = JSONOutput<SecurityEvent>.object(
        "SecurityEvent", "Something at the edge that looks like abuse.",
        [
            JSONField("id", .identifier(), "Its identifier.") { $0.id },
            JSONField("event_type", .name, "What it looks like.", example: "sql_injection") { $0.kind },
            JSONField("threat_level", .name, "How bad it is.", example: "high") { $0.level },
            JSONField("timestamp", .moment, "When it happened.") { $0.at },
            JSONField("client_ip", .nullable(.text), "From where.", example: "203.0.113.9") {
                $0.address?.description
            },
            JSONField("user_agent", .text, "What the client calls itself.") { $0.agent },
            JSONField("path", .text, "What was asked for.") { $0.path },
            JSONField("method", .text, "The method.", example: "GET") { $0.method },
            JSONField("details", .text, "What was found out.") { $0.detail },
            JSONField("action_taken", .name, "What was done.", example: "refused") { $0.action },
            JSONField("request_id", .text, "By what it is found in the log.") { $0.requestID },
        ])

    static let page: JSONOutput<Page<SecurityEvent, Identifier<SecurityEvent>>> = PageWire.page(
        "SecurityEventPage", "A page of events, newest first.", of: event)
    static let list = JSONOutput<[SecurityEvent]>.list(of: event)

    /// A message of the stream of events.
    static let message = JSONSchema.object([
        JSONSchema.Property("event", .string(oneOf: ["security"]), required: true),
        JSONSchema.Property("id", .string(), required: true),
        JSONSchema.Property("data", .string(holding: event.schema), required: true),
    ])

    /// Events as a table (RFC 4180), in which no spreadsheet runs anything.
    static func table(_ events: [SecurityEvent]) -> [UInt8] {
        let header = [
            "id", "timestamp", "event_type", "threat_level", "client_ip", "method", "path", "user_agent",
            "details", "action_taken", "request_id",
        ]
        return events.reduce(into: CSV.row(header)) { bytes, event in
            bytes += CSV.row([
                event.id.description, event.at.rfc3339, event.kind.rawValue, event.level.rawValue,
                event.address?.description ?? "", event.method, event.path, event.agent, event.detail,
                event.action.rawValue, event.requestID,
            ])
        }
    }

    // MARK: What comes of them

    /// Numbers, with how busy the server is, 0–1 and more.
    static let metrics = JSONOutput<(metrics: GetSecurityReport.Metrics, load: Double)>.object(
        "SecurityMetrics", "Numbers about the edge, since the process began.",
        [
            JSONField("total_events", .count, "All events.") { $0.metrics.totals.events },
            JSONField("events_by_type", counts(), "By what they look like.") { $0.metrics.totals.byKind },
            JSONField("events_by_threat_level", counts(), "By how bad they are.") {
                $0.metrics.totals.byLevel
            },
            JSONField("blocked_requests", .count, "Refused, one of an address that is banned included.") {
                ($0.metrics.totals.byAction[.refused] ?? 0) + ($0.metrics.totals.byAction[.banned] ?? 0)
            },
            JSONField("rate_limited_requests", .count, "Refused as too many.") {
                $0.metrics.totals.byAction[.limited] ?? 0
            },
            JSONField("active_clients", .count, "From how many addresses events came within an hour.") {
                $0.metrics.activeClients
            },
            JSONField("system_load", .amount, "Requests in flight to how many do any good.") { $0.load },
            JSONField(
                "threat_detection_success_rate", .nullable(.number(0...1)),
                "The share of attacks that the last self-test found; null before any."
            ) { $0.metrics.detectionRate },
        ])

    private typealias Analysis = (report: SecurityReport, tops: SecurityWatch.Tops)

    static let analysis = JSONOutput<(report: SecurityReport, tops: SecurityWatch.Tops)>.object(
        "ThreatAnalysis", "What the events of some hours come to.",
        [
            JSONField("period_hours", .count, "How many hours.") { $0.report.hours },
            JSONField("threat_level", .name, "What the risk is called.", example: "low") {
                RiskScore.level(of: $0.report.risk)
            },
            JSONField("risk_score", .number(0...100), "How much happens, and how bad; it fades in hours.") {
                $0.report.risk
            },
            JSONField("threat_patterns", patterns, "What occurs, how often, from where.") { $0 },
            JSONField("attack_vectors", .list(of: vector), "Kinds of attacks, the most frequent first.") {
                $0.report.vectors
            },
            JSONField("anomalies", .list(of: anomaly), "What is out of the ordinary.") {
                $0.report.anomalies
            },
            JSONField("recommendations", .list(of: .text), "What to do.") { advice(on: $0.report) },
        ])

    private static let patterns = JSONOutput<Analysis>.object(
        "ThreatPatterns", "What occurs, how often, from where.",
        [
            JSONField("total_events", .count, "The events of these hours.") { $0.report.events.count },
            JSONField("by_type", counts(), "By what they look like.") { $0.report.counts { $0.kind } },
            JSONField("by_threat_level", counts(), "By how bad they are.") { $0.report.counts { $0.level } },
            JSONField("by_action", counts(), "By what was done.") { $0.report.counts { $0.action } },
            JSONField("trend", .name, "The last three hours to those before.", example: "stable") {
                $0.report.trend
            },
            JSONField("top_addresses", .list(of: top), "Since the process began, ten at most.") {
                $0.tops.addresses.top(10).map { ($0.item.description, $0.count, $0.error) }
            },
            JSONField("top_paths", .list(of: top), "Since the process began, ten at most.") {
                $0.tops.paths.top(10).map { ($0.item, $0.count, $0.error) }
            },
            JSONField("top_agents", .list(of: top), "Since the process began, five at most.") {
                $0.tops.agents.top(5).map { ($0.item, $0.count, $0.error) }
            },
        ])

    private static let top = JSONOutput<(item: String, count: Int, error: Int)>.object(
        "TopEntry", "Something that occurs often.",
        [
            JSONField("value", .text, "What.") { $0.item },
            JSONField("count", .count, "How often, at most.") { $0.count },
            JSONField("error", .count, "By how much that may be too high.") { $0.error },
        ])

    private static let vector = JSONOutput<
        (kind: SecurityEvent.Kind, count: Int, level: SecurityEvent.Level)
    >.object(
        "AttackVector", "A kind of attack.",
        [
            JSONField("type", .name, "Which.", example: "sql_injection") { $0.kind },
            JSONField("count", .count, "How often.") { $0.count },
            JSONField("threat_level", .name, "The worst of it.", example: "critical") { $0.level },
        ])

    private static let anomaly = JSONOutput<SecurityReport.Anomaly>.object(
        "Anomaly", "Something out of the ordinary.",
        [
            JSONField("type", .name, "What kind.", example: "burst") { $0.kind },
            JSONField("description", .text, "What was seen.") { $0.detail },
        ])

    static let address = JSONOutput<GetSecurityReport.AddressReport>.object(
        "AddressAnalysis", "What is known of one address.",
        [
            JSONField("ip", .text, "The address, or the first of its /64.") { $0.address.description },
            JSONField("period_hours", .count, "How many hours.") { $0.report.hours },
            JSONField("total_events", .count, "Its events in these hours.") { $0.report.events.count },
            JSONField("events_since_start", .count, "About how many since the process began.") { $0.total },
            JSONField("threat_score", .number(0...100), "How hostile it is.") { $0.score },
            JSONField("behavior_analysis", behaviour, "What it does.") { $0.report },
            JSONField("timeline", .list(of: event), "Its latest events, newest first, fifty at most.") {
                $0.report.events.suffix(50).reversed()
            },
            JSONField("recommendations", .list(of: .text), "What to do.") { advice(on: $0) },
            JSONField("ban", .nullable(BanWire.ban), "Its ban, if one holds.") { $0.ban },
        ])

    private static let behaviour = JSONOutput<SecurityReport>.object(
        "AddressBehaviour", "What an address does.",
        [
            JSONField("by_type", counts(), "Its events, by what they look like.") { $0.counts { $0.kind } },
            JSONField("by_action", counts(), "By what was done.") { $0.counts { $0.action } },
            JSONField("paths", .count, "How many paths it asked for.") { Set($0.events.map(\.path)).count },
            JSONField("agents", .count, "How many agents it called itself.") {
                Set($0.events.map(\.agent)).count
            },
            JSONField("anomalies", .list(of: anomaly), "What is out of the ordinary.") { $0.anomalies },
        ])

    private static func counts<Key>() -> JSONOutput<[Key: Int]>
    where Key: RawRepresentable & Hashable & Sendable, Key.RawValue == String {
        JSONOutput<[String: Int]>.map(of: .count).of { counts in
            Dictionary(counts.map { ($0.key.rawValue, $0.value) }) { $0 + $1 }
        }
    }

    private static func advice(on report: SecurityReport) -> [String] {
        var advice: [String] = []
        switch report.risk {
        case 80...: advice.append("Set threats to block, and look at the bans now.")
        case 50..<80: advice.append("Look at the top addresses; ban those that go on.")
        case 20..<50: advice.append("Keep an eye on it.")
        default: break
        }
        let kinds = Set(report.events.map(\.kind))
        if kinds.contains(.bruteForce) { advice.append("Ask people for long passwords.") }
        if report.events.contains(where: { $0.kind.isHostile && $0.action == .served }) {
            advice.append("Attacks are told of and served: threats=block refuses them.")
        }
        return advice.isEmpty ? ["Nothing needs to be done."] : advice
    }

    /// Thresholds 80, 50 and 20.
    private static func advice(on address: GetSecurityReport.AddressReport) -> [String] {
        if address.ban != nil { return ["It is banned; nothing needs to be done."] }
        switch address.score {
        case 80...: return ["Ban it."]
        case 50..<80: return ["Ban it for a while, unless you know it."]
        case 20..<50: return ["Watch it."]
        default: return ["Nothing needs to be done."]
        }
    }
}
