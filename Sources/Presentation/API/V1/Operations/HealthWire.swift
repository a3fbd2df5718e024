internal import Application
internal import Domain

/// A report and how much of it is told.
struct HealthView: Sendable {
    let report: HealthReport
    let isVerbose: Bool
}

/// How health stands on the wire.
enum HealthWire {
    /// What everyone is told.
    static let words = JSONOutput<HealthReport>.object(
        "HealthWords", "How well everything is, for whoever does not say who asks.",
        [
            JSONField("status", .name, "How well.", example: "healthy") { $0.level },
            JSONField("system_status", .name, "The same.", example: "healthy") { $0.level },
            JSONField("timestamp", .moment, "When this was told.") { $0.checkedAt },
        ])

    // MARK: For machines

    static let live = JSONOutput<Void>.object(
        "Liveness", "The process answers.",
        [
            JSONField("status", JSONOutput<String>(.string(oneOf: ["ok"])) { $1.string($0) }, "Always ok.") {
                "ok"
            }
        ])

    private enum Readiness: String, CaseIterable, Sendable {
        case ready, unavailable
    }
    private enum Startup: String, CaseIterable, Sendable {
        case started, starting
    }

    static let ready = JSONOutput<Probed<HealthReadiness>>.object(
        "Readiness", "Whether new work can be taken.",
        [
            JSONField("status", .name, "Whether it can.", example: "ready") { probed -> Readiness in
                probed.value.isReady ? .ready : .unavailable
            },
            .optional("failing", .list(of: .text), "The parts that keep it from it.") {
                $0.seesDetails ? $0.value.failing : nil
            },
            checks(),
        ])

    static let startup = JSONOutput<Probed<HealthReadiness>>.object(
        "Startup", "Whether the server has started.",
        [
            JSONField("status", .name, "Whether it has.", example: "started") { probed -> Startup in
                probed.value.isStarted ? .started : .starting
            },
            checks(),
        ])

    static let group = JSONOutput<Probed<GroupState>>.object(
        "HealthGroup", "How well the parts of a group are.",
        [
            JSONField("group", .text, "The group.", example: "ready") { $0.value.name.text },
            JSONField("status", .name, "As bad as the worst of its parts.", example: "healthy") {
                $0.value.level
            },
            checks(),
        ])

    private static func checks<Value>() -> JSONField<Probed<Value>> {
        .optional("checks", .list(of: component), "The parts, where they were asked for.") { probed in
            probed.checks?.map { PartView(part: $0, isVerbose: true) }
        }
    }

    // MARK: The whole

    static let report = JSONOutput<HealthView>.object(
        "Health", "How well everything is.",
        [
            JSONField("status", .name, "As bad as its worst essential part.", example: "healthy") {
                $0.report.level
            },
            JSONField("checked_at", .moment, "When this was put together.") { $0.report.checkedAt },
            JSONField("components", .list(of: component), "The parts.") { view in
                view.report.parts.map { PartView(part: $0, isVerbose: view.isVerbose) }
            },
        ] + aggregateFields { $0.report })

    /// The same as the field of other answers.
    static let aggregate = JSONOutput<HealthReport>.object(
        "HealthAggregate", "How well everything is, in numbers.", aggregateFields { $0 })

    private static func aggregateFields<Value>(_ report: @escaping @Sendable (Value) -> HealthReport)
        -> [JSONField<Value>]
    {
        [
            JSONField("system_status", .name, "How well the whole is.", example: "healthy") {
                report($0).level
            },
            JSONField("timestamp", .moment, "When this was put together.") { report($0).checkedAt },
        ] + counts("services") { report($0).parts } + [
            JSONField(
                "average_response_time", .amount, "Seconds that a look takes.", example: 0.001
            ) { report($0).averageResponseTime },
            JSONField("root_causes", .list(of: .text), "The parts from which all that is wrong comes.") {
                report($0).rootCauses.map(\.text)
            },
            JSONField("services", .map(of: brief), "The parts by name.") { value in
                report(value).parts.map { ($0.name.text, $0) }
            },
        ]
    }

    static let services = JSONOutput<HealthReport>.object(
        "ServicesHealth", "How well all parts are.",
        [
            JSONField("services", .map(of: detailed), "The parts by name.") { report in
                report.parts.map { ($0.name.text, $0) }
            }
        ] + counts("services") { $0.parts })

    /// How many of some parts are how well.
    static func counts<Value>(_ noun: String, _ parts: @escaping @Sendable (Value) -> [PartHealth])
        -> [JSONField<Value>]
    {
        [JSONField("total_\(noun)", .count, "How many there are.", example: 1) { parts($0).count }]
            + HealthLevel.allCases.map { level in
                JSONField("\(level.rawValue)_\(noun)", .count, "How many are \(level.rawValue).", example: 1)
                {
                    parts($0).count { $0.level == level }
                }
            }
    }
}

/// A part and how much of it is told.
struct PartView: Sendable {
    let part: PartHealth
    let isVerbose: Bool
}

/// The numbers of all parts, and how the monitor is doing.
struct HealthNumbers: Sendable {
    let report: HealthReport
    let activity: HealthMonitorActivity
}

/// What a part needs, and how well that is.
struct PartNeeds: Sendable {
    let part: PartHealth
    let needs: [(name: ComponentName, kind: ComponentDependency.Kind, part: PartHealth?)]

    init(of part: PartHealth, in report: HealthReport) {
        self.part = part
        needs = part.description.dependencies.map { ($0.name, $0.kind, report[$0.name.text]) }
    }

    func count(of level: HealthLevel) -> Int { needs.count { ($0.part?.level ?? .unknown) == level } }
}
