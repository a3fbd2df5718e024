internal import Application
internal import Domain

/// How one part stands on the wire.
extension HealthWire {
    static let component = JSONOutput<PartView>.object(
        "ComponentHealth", "How well one part is.",
        [
            JSONField("name", .text, "The part.", example: "store") { $0.part.name.text },
            JSONField("status", .name, "How well it is.", example: "healthy") { $0.part.level },
            JSONField("detail", .text, "What was found.") { $0.part.detail },
            JSONField("essential", .truth, "Whether nothing works without it.") {
                $0.part.description.isCritical
            },
            .optional("because_of", .text, "The part from which the trouble comes.") {
                $0.part.verdict.cause?.text
            },
            .optional("age_seconds", .amount, "How long ago it was looked at.") { $0.part.age?.inSeconds },
            .optional("measurements", .map(of: number), "What was measured.") { view in
                view.isVerbose ? view.part.numbers : nil
            },
        ])

    /// A number of any sign.
    private static let number = JSONOutput<Double>(.number(nil, nil)) { $1.number($0) }
    private static let optionalMoment = JSONOutput<Timestamp?>.nullable(.moment)
    private static let optionalSeconds = JSONOutput<Double?>.nullable(.amount)

    static let brief = JSONOutput<PartHealth>.object(
        "ServiceSummary", "How well one part is, in short.",
        [
            JSONField("status", .name, "How well.", example: "healthy") { $0.level },
            responseTime(), texts("errors", "What is wrong.") { $0.errors },
            texts("warnings", "What is not as it should be.") { $0.warnings },
        ])

    static let detailed = JSONOutput<PartHealth>.object("ServiceDetails", "How well one part is.", details)

    static let service = JSONOutput<PartHealth>.object(
        "ServiceHealth", "How well one part is.",
        [JSONField("service_name", .text, "The part.", example: "store") { $0.name.text }] + details)

    private static let details: [JSONField<PartHealth>] = [
        JSONField("status", .name, "How well.", example: "healthy") { $0.level },
        JSONField("timestamp", optionalMoment, "When it was looked at; null before the first look.") {
            $0.latest?.at
        },
        JSONField("age_seconds", optionalSeconds, "How long ago that was.") { $0.age?.inSeconds },
        responseTime(),
        JSONField("details", findings, "What the verdict is made of.") { $0 },
        JSONField("dependencies", .list(of: .text), "What it needs.") {
            $0.description.dependencies.map(\.name.text)
        },
        texts("errors", "What is wrong.") { $0.errors },
        texts("warnings", "What is not as it should be.") { $0.warnings },
        JSONField("metrics", .map(of: number), "What was measured.") { $0.numbers },
    ]

    private static let findings = JSONOutput<PartHealth>.object(
        "HealthFindings", "What a verdict is made of.",
        [
            JSONField("basic", basic, "What was found by looking.") { $0 },
            JSONField("dependency", dependency, "What comes from other parts.") { $0 },
            JSONField("performance", performance, "What the last looks were like.") { $0 },
        ])

    private static let basic = JSONOutput<PartHealth>.object(
        "BasicFinding", "What was found by looking.",
        [
            JSONField("status", .name, "What the last look has found.", example: "healthy") {
                $0.latest?.health.level ?? .unknown
            },
            JSONField("detail", .text, "In a sentence.") { $0.latest?.health.detail ?? "not looked at yet" },
            JSONField("stale", .truth, "Whether that is too old to say anything.") { $0.isStale },
        ])

    private static let dependency = JSONOutput<PartHealth>.object(
        "DependencyFinding", "What comes from other parts.",
        [
            JSONField("because_of", .nullable(.text), "The part from which the trouble comes.") {
                $0.verdict.cause?.text
            }
        ])

    private static let performance = JSONOutput<PartHealth>.object(
        "PerformanceFinding", "What the last looks were like.",
        [
            JSONField("error_rate", .number(0...1), "The share of them that found it unhealthy.") {
                $0.errorRate
            },
            JSONField("response_time_p95", optionalSeconds, "Seconds below which 95 of 100 took.") {
                $0.slowResponseTime?.inSeconds
            },
            JSONField(
                "availability", .nullable(.number(0...1)), "The share of the last day in which it worked."
            ) { $0.availability },
        ])

    static let cached = JSONOutput<PartHealth>.object(
        "CachedHealth", "What was found last about a part.",
        [
            JSONField("service_name", .text, "The part.", example: "store") { $0.name.text },
            JSONField("cached", .truth, "Whether anything was found yet.") { $0.latest != nil },
            .optional("data", detailed, "What was found.") { $0.latest == nil ? nil : $0 },
            .optional("message", .text, "Why there is nothing.") {
                $0.latest == nil ? "It was not looked at yet." : nil
            },
        ])

    static let dependencies = JSONOutput<PartNeeds>.object(
        "HealthDependencies", "How well that is which a part needs.",
        [
            JSONField("service_name", .text, "The part.", example: "queue") { $0.part.name.text },
            JSONField("dependencies", .list(of: need), "What it needs.") { $0.needs },
            JSONField("total_dependencies", .count, "How many.", example: 1) { $0.needs.count },
        ]
            + HealthLevel.allCases.map { level in
                JSONField(
                    "\(level.rawValue)_dependencies", .count, "How many are \(level.rawValue).", example: 1
                ) { $0.count(of: level) }
            })

    private typealias Need = (name: ComponentName, kind: ComponentDependency.Kind, part: PartHealth?)

    private static let need = JSONOutput<Need>.object(
        "HealthDependency", "How well something is that a part needs.",
        [
            JSONField("name", .text, "What it needs.", example: "store") { $0.name.text },
            JSONField("kind", .name, "How much.", example: "required") { $0.kind },
            JSONField("status", .name, "How well that is.", example: "healthy") {
                $0.part?.level ?? .unknown
            },
            JSONField("response_time", optionalSeconds, "Seconds that the last look took.") {
                $0.part?.latest?.took.inSeconds
            },
            JSONField("errors", .list(of: .text), "What is wrong.") { $0.part?.errors ?? [] },
            JSONField("warnings", .list(of: .text), "What is not as it should be.") {
                $0.part?.warnings ?? ["nobody looks at it"]
            },
        ])

    // MARK: Numbers

    static let metrics = JSONOutput<HealthNumbers>.object(
        "HealthMetrics", "What looking at the parts has measured.",
        [
            JSONField("system_metrics", aggregate, "How well everything is.") { $0.report },
            JSONField("performance_metrics", totals, "What looking costs.") { $0 },
            JSONField("service_metrics", .map(of: numbers), "The parts by name.") { view in
                view.report.parts.map { ($0.name.text, $0) }
            },
        ])

    private static let totals = JSONOutput<HealthNumbers>.object(
        "HealthTotals", "What looking at the parts costs.",
        [
            JSONField("total_response_time", .amount, "Seconds that the last looks took together.") {
                $0.report.averageResponseTime * Double($0.report.parts.count { $0.latest != nil })
            },
            JSONField("average_response_time", .amount, "Seconds that a look takes.") {
                $0.report.averageResponseTime
            },
            JSONField("total_errors", .count, "How many parts are unhealthy.") {
                $0.report.count(of: .unhealthy)
            },
            JSONField("total_warnings", .count, "How many are not as they should be.") { view in
                view.report.parts.count { !$0.warnings.isEmpty }
            },
            JSONField(
                "cache_hit_rate", .number(0...1), "The share of answers that were not too old."
            ) { $0.activity.freshShare },
        ])

    private static let numbers = JSONOutput<PartHealth>.object(
        "ServiceMetrics", "What looking at a part has measured.",
        [
            responseTime(),
            JSONField("error_count", .count, "How much is wrong.") { $0.errors.count },
            JSONField("warning_count", .count, "How much is not as it should be.") { $0.warnings.count },
            JSONField("last_check", optionalMoment, "When it was looked at.") { $0.latest?.at },
            JSONField("error_rate", .number(0...1), "The share of bad readings among the last ones.") {
                $0.errorRate
            },
            JSONField(
                "availability", .nullable(.number(0...1)), "The share of the last day in which it worked."
            ) { $0.availability },
            JSONField("measurements", .map(of: number), "What was measured.") { $0.numbers },
        ])

    private static func responseTime() -> JSONField<PartHealth> {
        JSONField("response_time", optionalSeconds, "Seconds that the last look took; null before the first.")
        { $0.latest?.took.inSeconds }
    }

    private static func texts(
        _ name: String, _ doc: String, _ take: @escaping @Sendable (PartHealth) -> [String]
    ) -> JSONField<PartHealth> {
        JSONField(name, .list(of: .text), doc, take)
    }
}

extension PartHealth {
    /// What was measured, by name.
    fileprivate var numbers: [(name: String, value: Double)] {
        (latest?.health.measurements ?? []).map { ($0.name, $0.value) }
    }
}
