internal import Application
internal import Domain

/// Telling how well the server is.
struct HealthRoutes: Sendable {
    private let can: Capabilities

    init(_ capabilities: Capabilities) {
        can = capabilities
    }

    var all: [Route] { [live, ready, report] }

    private var live: Route {
        let alive = HTTPResponse(.ok, Array(#"{"status":"ok"}"#.utf8), type: "application/json")
        return Route(
            .get, "/health/live", for: .open(at: .unlimited),
            Operation(
                "getLiveness", tag: "health", "Tell whether the process answers",
                responses: [.json(.ok, "It does.", HealthWire.live)])
        ) { _, _ in alive }
    }

    private var ready: Route {
        Route(
            .get, "/health/ready", for: .open(at: .unlimited),
            Operation(
                "getReadiness", tag: "health", "Tell whether new work can be taken",
                responses: [
                    .json(.ok, "It can.", HealthWire.ready),
                    .json(.serviceUnavailable, "It cannot.", HealthWire.ready),
                ])
        ) { call, _ in
            let report = await can.checkHealth()
            let shown = HealthWire.Shown(report: report, hasDetails: can.showsHealthDetails(to: call.request))
            return .json(report.isReady ? .ok : .serviceUnavailable, HealthWire.ready, shown)
        }
    }

    private var report: Route {
        Route(
            .get, "/health", for: .open(at: .unlimited),
            Operation(
                "getHealth", tag: "health", "Tell how well each part is",
                doc: "With accounts, parts are told to those who are let in only.",
                responses: [
                    .json(.ok, "It works, perhaps not all of it.", HealthWire.report),
                    .json(.serviceUnavailable, "It cannot do its work.", HealthWire.report),
                ])
        ) { call, _ in
            let report = await can.checkHealth()
            let shown = HealthWire.Shown(report: report, hasDetails: can.showsHealthDetails(to: call.request))
            return .json(report.isReady ? .ok : .serviceUnavailable, HealthWire.report, shown)
        }
    }
}

/// How health stands on the wire.
enum HealthWire {
    static let live = JSONOutput<Void>.object(
        "Liveness", "The process answers.",
        [
            JSONField("status", JSONOutput<String>(.string(oneOf: ["ok"])) { $1.string($0) }, "Always ok.") {
                "ok"
            }
        ])

    /// What was found, as somebody is to see it.
    struct Shown: Sendable {
        let report: HealthReport
        let hasDetails: Bool

        /// The parts that may be told of.
        var components: [ComponentHealth] { hasDetails ? report.components : [] }
    }

    private enum Readiness: String, CaseIterable, Sendable {
        case ready, unavailable
    }

    static let ready = JSONOutput<Shown>.object(
        "Readiness", "Whether new work can be taken.",
        [
            JSONField("status", .name, "Whether it can.", example: "ready") { shown -> Readiness in
                shown.report.isReady ? .ready : .unavailable
            },
            JSONField("failing", .list(of: .text), "The parts that keep it from it.") { shown in
                shown.components.filter { $0.isEssential && $0.level == .unhealthy }.map(\.name)
            },
        ])

    static let report = JSONOutput<Shown>.object(
        "Health", "How well everything is.",
        [
            JSONField("status", .name, "As bad as its worst essential part.", example: "healthy") {
                $0.report.level
            },
            JSONField("checked_at", .moment, "When the parts were asked.") { $0.report.checkedAt },
            JSONField("components", .list(of: component), "The parts.") { $0.components },
        ])

    private static let component = JSONOutput<ComponentHealth>.object(
        "ComponentHealth", "How well one part is.",
        [
            JSONField("name", .text, "The part.", example: "store") { $0.name },
            JSONField("status", .name, "How well it is.", example: "healthy") { $0.level },
            JSONField("detail", .text, "What was found.") { $0.detail },
            JSONField("essential", .truth, "Whether nothing works without it.") { $0.isEssential },
        ])
}
