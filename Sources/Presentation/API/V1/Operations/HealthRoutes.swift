internal import Application
internal import Domain

/// Telling how well the server is.
struct HealthRoutes: Sendable {
    let can: Capabilities
    let health: HealthCapabilities

    init(_ capabilities: Capabilities) {
        can = capabilities
        health = capabilities.health
    }

    var all: [Route] {
        [
            report, live, ready, startup, group, service, services, metrics, predictive, cache, dependencies,
            status, history, events, monitoring("start"), monitoring("stop"),
        ]
    }

    private var report: Route {
        Route(
            .get, "/health", for: can.healthViewers,
            Operation(
                "getHealth", tag: "health", "Tell how well each part is",
                doc: """
                    Answered from what was found last; each part says how old that is. With accounts, who does not \
                    say who asks is told the words alone.
                    """,
                responses: answers(HealthWire.report)),
            Self.verbose
        ) { call, viewer, isVerbose in
            let report = health.monitor.report()
            return answer(
                call, viewer, report.level, in: report, HealthWire.report,
                HealthView(report: report, isVerbose: isVerbose))
        }
    }

    private var live: Route {
        Route(
            .get, "/health/live", for: .open(at: .unlimited),
            Operation(
                "getLiveness", tag: "health", "Tell whether the process answers",
                doc:
                    "No part is looked at: a server is not restarted because something that it needs is down.",
                responses: [.health(.ok, "It does.", HealthWire.live)]),
            Self.verbose
        ) { call, _, _ in
            Self.wantsHealthJSON(call) ? Self.alivePassing : Self.alive
        }
    }

    private static let alive = HTTPResponse.uncached(.ok, HealthWire.live, ())
    private static let alivePassing = HTTPResponse.uncached(
        .ok, HealthDraft.output, HealthDraft(level: .healthy, parts: [], tellsParts: false),
        type: HealthDraft.mediaType)

    private var ready: Route {
        Route(
            .get, "/health/ready", for: can.healthViewers,
            Operation(
                "getReadiness", tag: "health", "Tell whether new work can be taken",
                responses: [
                    .health(
                        .ok, "It can.", HealthWire.ready,
                        links: [Link(to: "getHealthGroup", [("group", "ready")])]),
                    .health(.serviceUnavailable, "It cannot.", HealthWire.ready),
                ]),
            Self.verbose
        ) { call, viewer, isVerbose in
            let readiness = health.monitor.readiness
            return probe(
                call, viewer, isVerbose, good: readiness.isReady, HealthWire.ready, readiness)
        }
    }

    private var startup: Route {
        Route(
            .get, "/health/startup", for: can.healthViewers,
            Operation(
                "getStartup", tag: "health", "Tell whether the server has started",
                doc: "It has once everything that is critical was looked at.",
                responses: [
                    .health(.ok, "It has.", HealthWire.startup),
                    .health(.serviceUnavailable, "It has not.", HealthWire.startup),
                ]),
            Self.verbose
        ) { call, viewer, isVerbose in
            let readiness = health.monitor.readiness
            return probe(
                call, viewer, isVerbose, good: readiness.isStarted, HealthWire.startup, readiness)
        }
    }

    private var group: Route {
        Route(
            .get, "/health/groups/{group}", for: can.healthViewers,
            Operation(
                "getHealthGroup", tag: "health", "Tell how well the parts of a group are",
                doc: "Every server has live, ready and startup; an operator adds others (health_groups).",
                responses: [
                    .health(.ok, "They work.", HealthWire.group),
                    .health(.serviceUnavailable, "One of them does not.", HealthWire.group),
                ]),
            Self.name("group", "A group.", example: "ready"), Self.verbose
        ) { call, viewer, name, isVerbose in
            let state = try state(of: name)
            return probe(call, viewer, isVerbose, good: state.level.allowsWork, HealthWire.group, state)
        }
    }

    private func state(of name: ComponentName) throws -> GroupState {
        switch name.text {
        case "live": return GroupState(name: name, level: .healthy, members: [])
        case "ready":
            let readiness = health.monitor.readiness
            return GroupState(
                name: name,
                level: readiness.isReady ? readiness.level : max(readiness.level, .maintenance),
                members: nil)
        case "startup":
            return GroupState(
                name: name, level: health.monitor.readiness.isStarted ? .healthy : .unhealthy, members: nil)
        default:
            guard let group = health.groups.first(where: { $0.name == name }) else {
                throw Problem(.notFound, "There is no group of that name.")
            }
            return GroupState(
                name: name, level: group.level(in: health.monitor.report()), members: group.members)
        }
    }

    // MARK: Answering

    /// Answers one of the questions that are asked by machines.
    private func probe<Value: HealthProbed>(
        _ call: Call, _ viewer: HealthViewer, _ isVerbose: Bool, good: Bool,
        _ output: JSONOutput<Probed<Value>>, _ value: Value
    ) -> HTTPResponse {
        let status: HTTPStatus = good ? .ok : .serviceUnavailable
        guard !Self.wantsHealthJSON(call) else {
            let parts = viewer.seesDetails ? health.monitor.report().parts.filter(value.includes) : []
            return .uncached(
                status, HealthDraft.output,
                HealthDraft(
                    level: good ? value.level : .unhealthy, parts: parts, tellsParts: viewer.seesDetails),
                type: HealthDraft.mediaType)
        }
        let checks =
            viewer.seesDetails && isVerbose ? health.monitor.report().parts.filter(value.includes) : nil
        return .uncached(
            status, output, Probed(value: value, seesDetails: viewer.seesDetails, checks: checks))
    }

    /// Answers with details, or with words for whoever sees no more.
    func answer<Value>(
        _ call: Call, _ viewer: HealthViewer, _ level: HealthLevel, in report: HealthReport,
        _ output: JSONOutput<Value>, _ value: @autoclosure () -> Value
    ) -> HTTPResponse {
        let status: HTTPStatus = level.allowsWork ? .ok : .serviceUnavailable
        if Self.wantsHealthJSON(call) {
            return .uncached(
                status, HealthDraft.output,
                HealthDraft(
                    level: level, parts: viewer.seesDetails ? report.parts : [],
                    tellsParts: viewer.seesDetails), type: HealthDraft.mediaType)
        }
        return tell(viewer, status, report, output, value())
    }

    /// The same in plain JSON.
    func tell<Value>(
        _ viewer: HealthViewer, _ status: HTTPStatus, _ report: HealthReport, _ output: JSONOutput<Value>,
        _ value: @autoclosure () -> Value
    ) -> HTTPResponse {
        guard viewer.seesDetails else {
            return .uncached(
                report.level.allowsWork ? .ok : .serviceUnavailable, HealthWire.words, report)
        }
        return .uncached(status, output, value(), capacity: 256 * (report.parts.count + 4))
    }

    private static func wantsHealthJSON(_ call: Call) -> Bool {
        guard let accept = call.request.fields["Accept"] else { return false }
        func quality(_ type: String) -> Int { MediaType(type)?.quality(in: accept) ?? 0 }
        return quality(HealthDraft.mediaType) > quality("application/json")
    }

    private func answers<Value>(_ output: JSONOutput<Value>) -> [ResponseDeclaration] {
        let output = JSONOutput<Value>(.oneOf([output.schema, HealthWire.words.schema]), write: output.write)
        return [
            .health(
                .ok, "It works, perhaps not all of it.", output,
                links: ["getServiceHealth", "getCachedHealth", "getHealthDependencies"].map {
                    Link(to: $0, [("name", "$response.body#/components/0/name")])
                }),
            .health(.serviceUnavailable, "It cannot do its work.", output),
        ]
    }

    /// Details, or words for whoever sees no more.
    func tellings<Value>(_ doc: String, _ output: JSONOutput<Value>) -> [ResponseDeclaration] {
        let output = JSONOutput<Value>(.oneOf([output.schema, HealthWire.words.schema]), write: output.write)
        return [
            .json(.ok, doc, output), .json(.serviceUnavailable, "The same, when it cannot work.", output),
        ]
    }

    // MARK: Parameters

    static let verbose = Parameter<Bool>.optional(
        .query, "verbose", .string(oneOf: ["", "true", "false"]),
        "Whether everything is told that is known; alone it means true.", default: false
    ) { text in
        switch text {
        case "", "true": .success(true)
        case "false": .success(false)
        default: .failure(ParameterFault(.notAllowed, "must be true or false"))
        }
    }

    static func name(_ name: String, _ doc: String, example: JSONValue) -> Parameter<ComponentName> {
        .path(name, .string(pattern: "^[a-z][a-z0-9_.-]{0,62}$"), doc, example: example) { ComponentName($0) }
    }
}

/// What machines ask about: which parts belong to it.
protocol HealthProbed: Sendable {
    var level: HealthLevel { get }
    func includes(_ part: PartHealth) -> Bool
}

extension HealthReadiness: HealthProbed {
    func includes(_ part: PartHealth) -> Bool { true }
}

/// How a group stands.
struct GroupState: HealthProbed {
    let name: ComponentName
    let level: HealthLevel
    /// Nil for all parts.
    let members: [ComponentName]?

    func includes(_ part: PartHealth) -> Bool { members?.contains(part.name) ?? true }
}

/// What is told of it.
struct Probed<Value: HealthProbed>: Sendable {
    let value: Value
    let seesDetails: Bool
    /// Nil unless it was asked for.
    let checks: [PartHealth]?
}

extension ResponseDeclaration {
    /// JSON, or what the draft on health checks makes of it.
    fileprivate static func health<Value>(
        _ status: HTTPStatus, _ doc: String, _ output: JSONOutput<Value>, links: [Link] = []
    ) -> Self {
        Self(
            status, doc,
            [
                BodyDeclaration.Content("application/json", output.schema),
                BodyDeclaration.Content(HealthDraft.mediaType, HealthDraft.output.schema),
            ], links: links)
    }
}

extension HTTPResponse {
    /// JSON that nobody keeps: how well a server is holds for the moment.
    static func uncached<Value>(
        _ status: HTTPStatus, _ output: JSONOutput<Value>, _ value: Value, capacity: Int = 1024,
        type: String = "application/json"
    ) -> HTTPResponse {
        var response = HTTPResponse(status, output.encode(value, capacity: capacity), type: type)
        response.fields["Cache-Control"] = "no-store"
        return response
    }
}
