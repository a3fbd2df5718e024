internal import Application
internal import Domain

/// Looking at what was seen at the edge.
struct SecurityRoutes: Sendable {
    private static let root = "/api/v1/operations/security"

    private let can: SecurityCapabilities
    private let administrators: Access<Caller>
    private let authenticator: any Authenticator
    private let page: HTTPResponse
    private let load: @Sendable () -> Double

    init(
        _ capabilities: SecurityCapabilities, callers: (Scope) -> Access<Caller>,
        authenticator: any Authenticator, digest: ([UInt8]) -> ContentHash,
        load: @escaping @Sendable () -> Double
    ) {
        can = capabilities
        self.authenticator = authenticator
        administrators = callers(.admin)
        page = SecurityPage.page.response(digest: digest)
        self.load = load
    }

    var all: [Route] { [metrics, analysis, address, events, export, stream, dashboard, selfTest] }

    private static let hours = Parameter<Int>.query(
        "hours", 1...24, "How many hours to look back.", default: 24)
    private static let kind = Parameter<SecurityEvent.Kind?>.query("event_type", "Only events of this kind.")
    private static let level = Parameter<SecurityEvent.Level?>.query(
        "threat_level", "Only events as bad as this, or worse.")
    private static let since = Parameters.moment("since", "Only events from this moment on.")
    private static let ip = Parameter<NetworkAddress?>.optional(
        .query, "ip", .string(length: 2...45), "Only events from this address, or from its /64.", default: nil
    ) { text in
        guard let address = NetworkAddress(text) else {
            return .failure(ParameterFault(.badFormat, "must be an IPv4 or IPv6 address"))
        }
        return .success(address)
    }

    private static func filter(
        _ kind: SecurityEvent.Kind?, _ level: SecurityEvent.Level?, _ ip: NetworkAddress?, _ since: Timestamp?
    ) -> SecurityEventFilter {
        var filter = SecurityEventFilter()
        filter.kind = kind
        filter.level = level
        filter.address = ip
        filter.since = since
        return filter
    }

    private var metrics: Route {
        Route(
            .get, "\(Self.root)/metrics", for: administrators,
            Operation(
                "getSecurityMetrics", tag: "security", "Count what was seen at the edge",
                responses: [.json(.ok, "The numbers.", SecurityWire.metrics)])
        ) { _, caller in
            .json(.ok, SecurityWire.metrics, (try can.report.metrics(by: caller), load()))
        }
    }

    private var analysis: Route {
        Route(
            .get, "\(Self.root)/threat-analysis", for: administrators,
            Operation(
                "getThreatAnalysis", tag: "security", "Tell what comes of it, and what to do",
                responses: [.json(.ok, "What comes of it.", SecurityWire.analysis)]),
            Self.hours
        ) { _, caller, hours in
            .json(.ok, SecurityWire.analysis, try can.report(hours: hours, by: caller), capacity: 8192)
        }
    }

    private var address: Route {
        Route(
            .get, "\(Self.root)/ip-analysis/{ip}", for: administrators,
            Operation(
                "getAddressAnalysis", tag: "security", "Tell what is known of an address",
                responses: [.json(.ok, "What is known.", SecurityWire.address)]),
            BanRoutes.address("ip"), Self.hours
        ) { _, caller, address, hours in
            .json(
                .ok, SecurityWire.address, try can.report(of: address, hours: hours, by: caller),
                capacity: 16_384)
        }
    }

    private var events: Route {
        Route(
            .get, "\(Self.root)/events", for: administrators,
            Operation(
                "listSecurityEvents", tag: "security", "List what was seen at the edge, newest first",
                doc: "The latest 10,000 of a day, since the process began.",
                responses: [.json(.ok, "A page of events.", SecurityWire.page)]),
            Self.kind, Self.level, Self.ip, Self.since, Parameters.limit(),
            Parameters.cursor() as Parameter<Identifier<SecurityEvent>?>
        ) { _, caller, kind, level, ip, since, limit, cursor in
            let page = try can.listEvents(
                Self.filter(kind, level, ip, since), by: caller, limit: limit, before: cursor)
            return .json(.ok, SecurityWire.page, page, capacity: 512 * (page.items.count + 1))
        }
    }

    /// What an export is written as.
    private enum Form: String, CaseIterable, Sendable {
        case json, csv

        var mediaType: String {
            switch self {
            case .json: "application/json"
            case .csv: "text/csv"
            }
        }
    }

    private var export: Route {
        Route(
            .get, "\(Self.root)/events/export", for: administrators,
            Operation(
                "exportSecurityEvents", tag: "security", "Take what was seen home as a file, oldest first",
                doc: """
                    That it was taken is noted in the audit trail. CSV is that of RFC 4180; what a spreadsheet would \
                    take for a formula begins with an apostrophe there.
                    """,
                responses: [
                    ResponseDeclaration(
                        .ok, "All events.",
                        [
                            BodyDeclaration.Content("application/json", SecurityWire.list.schema),
                            BodyDeclaration.Content("text/csv", .string()),
                        ], fields: [.disposition])
                ]),
            Parameter<Form?>.query("format", "What it is written as; JSON when it is missing."),
            Self.kind, Self.level, Self.ip, Self.since
        ) { call, caller, form, kind, level, ip, since in
            let form = form ?? .json
            // Who only asks for the head has taken nothing.
            guard call.request.method != .head else {
                return HTTPResponse(
                    .ok, fields: ["Content-Type": form == .csv ? "text/csv; charset=utf-8" : form.mediaType])
            }
            let events = try await can.exportEvents(
                Self.filter(kind, level, ip, since), as: form.rawValue, by: caller, from: call.origin)
            let bytes =
                switch form {
                case .json: SecurityWire.list.encode(events, capacity: 512 * (events.count + 1))
                case .csv: SecurityWire.table(events)
                }
            let type = form == .csv ? "text/csv; charset=utf-8" : form.mediaType
            var response = HTTPResponse(.ok, bytes, type: type)
            response.fields["Cache-Control"] = "no-store"
            response.fields["Content-Disposition"] =
                "attachment; filename=\"security-events.\(form.rawValue)\""
            return response
        }
    }

    private var stream: Route {
        Route(
            .get, "\(Self.root)/events/stream", for: administrators,
            Operation(
                "streamSecurityEvents", tag: "security", "Watch the edge, as server-sent events",
                doc: "Each `security` event is one more; Last-Event-ID brings those that were missed.",
                responses: [
                    ResponseDeclaration(
                        .ok, "Events, each of which is like this.",
                        [BodyDeclaration.Content("text/event-stream", SecurityWire.message)])
                ]),
            Parameters.lastEventID
        ) { call, caller, last in
            guard call.request.method != .head else {
                return HTTPResponse(.ok, fields: ["Content-Type": "text/event-stream"])
            }
            let channel = EventChannel()
            let subscription = try can.followEvents(by: caller, after: last) { [authenticator] event in
                // Who was kept out since then, or whose token has expired, is told nothing more.
                guard let caller = try? authenticator.caller(of: call.request),
                    (try? caller.require(.admin)) != nil
                else {
                    channel.finish()
                    return false
                }
                let data = String(decoding: SecurityWire.event.encode(event), as: UTF8.self)
                return channel.send(
                    ServerSentEvent(event: "security", id: String(event.number), data: data).encoded)
            }
            // Closing may come from inside the watch, where the subscription must not end: it ends a little later.
            channel.onClose { Task { withExtendedLifetime(subscription) {} } }
            return .events(channel)
        }
    }

    private var dashboard: Route {
        Route(
            .get, "\(Self.root)/dashboard", for: administrators,
            Operation(
                "getSecurityDashboard", tag: "security", "Show all of it in a browser",
                responses: [
                    ResponseDeclaration(.ok, "A page.", [BodyDeclaration.Content("text/html", .string())])
                ])
        ) { _, _ in page }
    }

    private var selfTest: Route {
        Route(
            .post, "\(Self.root)/selftest", for: administrators,
            Operation(
                "testDefences", tag: "security", "Try out the defences, and ask all that is depended on",
                doc:
                    "A corpus of attacks and ordinary requests is held against the screen; nothing is served.",
                responses: [.json(.ok, "The verdict.", SelfTestWire.verdict)])
        ) { _, caller in
            let trial = ThreatTrial()
            let parts = try can.test(detectionRate: trial.detectionRate, by: caller)
            return .json(.ok, SelfTestWire.verdict, SelfTestVerdict(trial: trial, parts: parts))
        }
    }
}
