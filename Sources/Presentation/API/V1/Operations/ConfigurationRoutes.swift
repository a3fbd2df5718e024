internal import Application
internal import Domain

/// Looking at the configuration of the server, and changing it while it runs.
struct ConfigurationRoutes: Sendable {
    private let can: ConfigurationCapabilities
    private let administrators: Access<Caller>

    init(_ capabilities: ConfigurationCapabilities, callers: @escaping @Sendable (Scope) -> Access<Caller>) {
        can = capabilities
        administrators = callers(.admin)
    }

    var all: [Route] { [show, patch, validate, history, rollBack, reset, reload, export, bringIn] }

    private static let path = "/api/v1/operations/config"
    private static let tag = "operations"
    private static let entityTag = FieldDeclaration("ETag", .string(), "The version of the configuration.")
    private static let condition = Parameter<String?>.optional(
        .header, "If-Match", .string(), "The ETag of the configuration that is to be changed.", default: nil
    ) { .success($0) }
    private static let changed = [
        ResponseDeclaration.json(.ok, "What was changed.", ConfigurationWire.outcome, fields: [entityTag])
    ]

    private var show: Route {
        Route(
            .get, Self.path, for: administrators,
            Operation(
                "getConfiguration", tag: Self.tag, "Show the configuration, and where each value comes from",
                doc: "Secrets are not in it; provenance tells whether they are set.",
                responses: [
                    .json(.ok, "The configuration.", ConfigurationWire.report, fields: [Self.entityTag])
                ])
        ) { _, caller in
            let report = try await can.get(by: caller)
            return Self.tagged(
                .json(.ok, ConfigurationWire.report, report, capacity: 65_536), by: report)
        }
    }

    private var patch: Route {
        Route(
            .patch, Self.path, for: administrators,
            Operation(
                "patchConfiguration", tag: Self.tag, "Change settings while the server runs, all or none",
                doc: """
                    A merge patch (RFC 7396): what is null is taken back, what is left out stays. The values come \
                    before the environment and the configuration file, and after flags. Settings are changed by \
                    people who signed in, not by keys.
                    """,
                responses: Self.changed,
                problems: [.preconditionFailed, .preconditionRequired, .configurationVetoed]),
            Self.condition, json: ConfigurationWire.patch
        ) { call, caller, _, patch, condition in
            try await Self.acting {
                guard let condition else { throw ConfigurationRefusal.unconditional }
                return try await can.edit(patch, if: Self.names(condition), by: caller, from: call.origin)
            }
        }
    }

    private var validate: Route {
        Route(
            .post, Self.path + "/validate", for: administrators,
            Operation(
                "validateConfiguration", tag: Self.tag, "Tell whether settings could be changed so",
                responses: [.json(.ok, "Whether they could.", ConfigurationWire.verdict)]),
            json: ConfigurationWire.patch
        ) { _, caller, _, patch in
            let refusals = try can.validate(patch, by: caller)
            return .json(
                .ok, ConfigurationWire.verdict, ConfigurationVerdict(patch: patch, refusals: refusals))
        }
    }

    private var history: Route {
        Route(
            .get, Self.path + "/history", for: administrators,
            Operation(
                "listConfigurationHistory", tag: Self.tag, "Show how the configuration came to be what it is",
                responses: [.json(.ok, "The revisions, the newest first.", ConfigurationWire.history)]),
            Parameter<Int>.query(
                "limit", 1...Int(ConfigurationRevision.remembered), "How many at most.", default: 50)
        ) { _, caller, limit in
            .json(
                .ok, ConfigurationWire.history, try can.listRevisions(limit, by: caller), capacity: 16_384)
        }
    }

    private var rollBack: Route {
        Route(
            .post, Self.path + "/rollback", for: administrators,
            Operation(
                "rollBackConfiguration", tag: Self.tag,
                "Go back to what was set when an earlier revision held",
                doc: "Files, the environment and flags stay as they are. This is a revision of its own.",
                responses: Self.changed, problems: [.notFound, .preconditionFailed, .configurationVetoed]),
            Self.condition, json: ConfigurationWire.rollback
        ) { call, caller, _, number, condition in
            try await Self.acting {
                try await can.rollBack(
                    to: number, if: condition.map(Self.names), by: caller, from: call.origin)
            }
        }
    }

    private var reset: Route {
        Route(
            .post, Self.path + "/reset", for: administrators,
            Operation(
                "resetConfiguration", tag: Self.tag, "Take back all that was set while the server ran",
                doc: "Files, the environment, flags and defaults hold then. This is a revision of its own.",
                responses: Self.changed, problems: [.preconditionFailed, .configurationVetoed]),
            Self.condition
        ) { call, caller, condition in
            try await Self.acting {
                try await can.reset(if: condition.map(Self.names), by: caller, from: call.origin)
            }
        }
    }

    private var reload: Route {
        Route(
            .post, Self.path + "/reload", for: administrators,
            Operation(
                "reloadConfiguration", tag: Self.tag, "Read the configuration file again",
                doc: "And the files that secrets are kept in. What cannot be used changes nothing.",
                responses: Self.changed, problems: [.configurationUnreadable, .configurationVetoed])
        ) { call, caller in
            try await Self.acting { try await can.reload(by: caller, from: call.origin) }
        }
    }

    private var export: Route {
        Route(
            .get, Self.path + "/export", for: administrators,
            Operation(
                "exportConfiguration", tag: Self.tag, "Hand out what was set while the server ran",
                doc: "Secrets are not in it, nor addresses that have some.",
                responses: [
                    .json(.ok, "What was set.", ConfigurationWire.export, fields: [Self.entityTag])
                ])
        ) { _, caller in
            let export = try await can.export(by: caller)
            return Self.tagged(.json(.ok, ConfigurationWire.export, export), by: export.report)
        }
    }

    private var bringIn: Route {
        Route(
            .post, Self.path + "/import", for: administrators,
            Operation(
                "importConfiguration", tag: Self.tag, "Bring in what was handed out, all or none",
                doc: "What is set here beside it stays, secrets among them.",
                responses: Self.changed, problems: [.preconditionFailed, .configurationVetoed]),
            Self.condition, json: ConfigurationWire.bringIn
        ) { call, caller, _, settings, condition in
            try await Self.acting(under: "/settings") {
                try await can.bringIn(
                    settings, if: condition.map(Self.names), by: caller, from: call.origin)
            }
        }
    }

    /// Whether a condition names the configuration of that tag.
    private static func names(_ condition: String) -> @Sendable (String) -> Bool {
        { EntityTag($0).isNamed(in: condition, strongly: true) }
    }

    private static func tagged(_ response: HTTPResponse, by report: ConfigurationReport) -> HTTPResponse {
        var response = response
        response.fields["ETag"] = EntityTag(report.tag).description
        response.fields["Cache-Control"] = "no-store"
        return response
    }

    /// Answers what came of a change.
    ///
    /// - Parameter place: Where in the body the settings stand.
    private static func acting(
        under place: String = "", _ body: () async throws -> ConfigurationOutcome
    ) async throws -> HTTPResponse {
        do {
            let outcome = try await body()
            return tagged(.json(.ok, ConfigurationWire.outcome, outcome), by: outcome.report)
        } catch let refusal as ConfigurationRefusal {
            throw Problem(refusal, under: place)
        }
    }
}
