internal import Application
internal import Domain

/// What callers prefer, and all that is stored about them.
struct PersonalRoutes: Sendable {
    private let can: PersonalCapabilities
    private let archiver: any Archiver
    private let callers: @Sendable (Scope) -> Access<Caller>
    private let templates: [String]

    /// - Parameter templates: The names of the caption templates that there are.
    init(
        _ capabilities: PersonalCapabilities, archiver: any Archiver, templates: [String],
        callers: @escaping @Sendable (Scope) -> Access<Caller>
    ) {
        can = capabilities
        self.archiver = archiver
        self.templates = templates
        self.callers = callers
    }

    var all: [Route] { [preferences, updatePreferences, export] }

    private var preferences: Route {
        Route(
            .get, "/api/v1/users/me/preferences", for: callers(.accountRead),
            Operation(
                "getPreferences", tag: "users", "Show how one wants clips",
                responses: [
                    .json(.ok, "What an order means that leaves it out.", PreferencesWire.preferences)
                ])
        ) { _, caller in
            .json(.ok, PreferencesWire.preferences, try can.getPreferences(by: caller))
        }
    }

    private var updatePreferences: Route {
        Route(
            .patch, "/api/v1/users/me/preferences", for: callers(.accountWrite),
            Operation(
                "updatePreferences", tag: "users", "Choose how one wants clips",
                doc: """
                    An order that leaves one of these out is taken as if it had said so; the task shows what was \
                    meant. Tasks that are there already stay as they are.
                    """,
                responses: [.json(.ok, "The preferences.", PreferencesWire.preferences)],
                problems: [.notFound, .userClosed]),
            json: PreferencesWire.patch(templates: templates)
        ) { _, caller, _, edit in
            .json(.ok, PreferencesWire.preferences, try await can.updatePreferences(edit, by: caller))
        }
    }

    private var export: Route {
        Route(
            .get, "/api/v1/users/me/export", for: callers(.accountSecurity),
            Operation(
                "exportAccount", tag: "users", "Take home all that is stored about oneself, as one ZIP",
                doc: "It is made while it is sent, and holds no password and no token, not even hashed.",
                responses: [
                    ResponseDeclaration(
                        .ok, "The archive.",
                        [BodyDeclaration.Content("application/zip", .binary("application/zip"))])
                ],
                problems: [.notFound, .userClosed, .exportTooSoon]),
            Parameters.files
        ) { call, caller, files in
            guard call.request.method != .head else {
                return HTTPResponse(.ok, fields: ["Content-Type": "application/zip"])
            }
            let export = try await can.exportAccount(withFiles: files, by: caller, from: call.origin)
            let archive = archiver.archive(ExportArchive(of: export))
            return HTTPResponse(
                .ok,
                fields: [
                    "Content-Type": "application/zip", "Cache-Control": "no-store",
                    "Content-Disposition": "attachment; filename=\"cutroom-export.zip\"",
                ], body: .stream(ArchiveBytes(source: archive), length: nil))
        }
    }
}
