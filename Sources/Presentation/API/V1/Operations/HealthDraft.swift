internal import Domain

/// Health as `application/health+json` says it (draft-inadarei-api-health-check-06).
struct HealthDraft: Sendable {
    static let mediaType = "application/health+json"

    let level: HealthLevel
    let parts: [PartHealth]
    /// Whether the parts are told, be there any or none.
    let tellsParts: Bool

    /// The draft's three words.
    enum Status: String, CaseIterable, Sendable {
        case pass, warn, fail

        init(_ level: HealthLevel) {
            self =
                switch level {
                case .healthy: .pass
                case .unknown, .degraded: .warn
                case .maintenance, .unhealthy: .fail
                }
        }
    }

    /// One thing that was measured of one part.
    struct Check: Sendable {
        let part: PartHealth
        let value: Double
        let unit: String
    }

    static let output = JSONOutput<HealthDraft>.object(
        "HealthDraft", "How well everything is, as the draft on health checks says it.",
        [
            JSONField("status", .name, "Whether it passes.", example: "pass") { Status($0.level) },
            .optional("checks", .map(of: .list(of: check)), "What was measured, by part and measurement.") {
                $0.tellsParts ? $0.checks : nil
            },
        ])

    private static let check = JSONOutput<Check>.object(
        "HealthDraftCheck", "What was measured.",
        [
            JSONField("componentId", .text, "The part.", example: "store") { $0.part.name.text },
            JSONField("componentType", .text, "What it is.", example: "component") { _ in "component" },
            JSONField("observedValue", JSONOutput<Double>(.number(nil, nil)) { $1.number($0) }, "How much.") {
                $0.value
            },
            JSONField("observedUnit", .text, "In what.", example: "s") { $0.unit },
            JSONField("status", .name, "Whether the part passes.", example: "pass") {
                Status($0.part.level)
            },
            .optional("time", .moment, "When.") { $0.part.latest?.at },
            .optional("output", .text, "What is wrong; nothing where it passes.") {
                $0.part.level == .healthy ? nil : $0.part.detail
            },
        ])

    private var checks: [(name: String, value: [Check])] {
        parts.flatMap { part -> [(name: String, value: [Check])] in
            let took = part.latest?.took.inSeconds ?? 0
            let time = ("\(part.name):responseTime", [Check(part: part, value: took, unit: "s")])
            return [time]
                + (part.latest?.health.measurements ?? []).map {
                    ("\(part.name):\($0.name)", [Check(part: part, value: $0.value, unit: $0.unit.symbol)])
                }
        }
    }
}

extension HealthMeasurement.Unit {
    /// The unit as it is written beside a number.
    fileprivate var symbol: String {
        switch self {
        case .bytes: "B"
        case .seconds: "s"
        case .ratio: "1"
        case .count: "count"
        }
    }
}
