package import Domain

/// What a self-test has found.
package struct SelfTestVerdict: Sendable {
    /// How the screen did.
    package let trial: ThreatTrial
    /// How well each part is that the server depends on.
    package let parts: [ComponentHealth]

    /// What was found.
    package init(trial: ThreatTrial, parts: [ComponentHealth]) {
        self.trial = trial
        self.parts = parts
    }

    /// The essential parts that do not work.
    package var missing: [ComponentHealth] { parts.filter { $0.isEssential && $0.level == .unhealthy } }

    /// Whether all is well: attacks are found, nothing ordinary is taken for one, and nothing essential is missing.
    package var isPassed: Bool { trial.isPassed && missing.isEmpty }
}

/// How a self-test stands on the wire.
enum SelfTestWire {
    private enum Verdict: String, CaseIterable, Sendable {
        case passed, failed
    }

    static let verdict = JSONOutput<SelfTestVerdict>.object(
        "SelfTest", "What a self-test has found.",
        [
            JSONField("verdict", .name, "Whether all is well.", example: "passed") { found -> Verdict in
                found.isPassed ? .passed : .failed
            },
            JSONField("attacks", .count, "How many attacks were tried.") { $0.trial.attacks },
            JSONField("detection_rate", .number(0...1), "The share of them that was found.") {
                $0.trial.detectionRate
            },
            JSONField("missed", .list(of: .text), "Those that were not.") { $0.trial.missed },
            JSONField("ordinary", .count, "How many ordinary requests were tried.") { $0.trial.ordinary },
            JSONField("false_positive_rate", .number(0...1), "The share of them taken for attacks.") {
                $0.trial.falsePositiveRate
            },
            JSONField("mistaken", .list(of: .text), "Those that were.") { $0.trial.mistaken },
            JSONField("parts", .list(of: part), "How well each part is that is depended on.") { $0.parts },
        ])

    private static let part = JSONOutput<ComponentHealth>.object(
        "SelfTestPart", "How well one part is.",
        [
            JSONField("name", .text, "The part.", example: "store") { $0.name },
            JSONField("status", .name, "How well it is.", example: "healthy") { $0.level },
            JSONField("detail", .text, "What was found.") { $0.detail },
            JSONField("essential", .truth, "Whether nothing works without it.") { $0.isEssential },
        ])
}
