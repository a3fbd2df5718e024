internal import Application
internal import Domain

/// Reading who did what.
struct AuditRoutes: Sendable {
    private let can: AdminCapabilities
    private let administrators: Access<Caller>

    init(_ capabilities: AdminCapabilities, callers: @escaping @Sendable (Scope) -> Access<Caller>) {
        can = capabilities
        administrators = callers(.admin)
    }

    var all: [Route] { [list, export] }

    private static let action = Parameter<AuditAction?>.query("action", "Only lines about this.")
    private static let actor: Parameter<Identifier<User>?> = .optional(
        .query, "actor", .identifier, "Only what this user did.", default: nil
    ) { text in
        guard let id = Identifier<User>(text) else {
            return .failure(ParameterFault(.badFormat, "must be the identifier of a user"))
        }
        return .success(id)
    }
    private static let object = Parameter<String?>.optional(
        .query, "object", .string(length: 1...100),
        """
        Only what was done to this: a user or something of that user's, or a thing such as a key or a setting, by its \
        identifier.
        """, default: nil
    ) { text in
        guard (1...100).contains(text.unicodeScalars.count) else {
            return .failure(ParameterFault(.outOfRange, "must have 1–100 characters"))
        }
        return .success(text)
    }
    private static let since = Parameters.moment("since", "Only lines from this moment on.")
    private static let until = Parameters.moment("until", "Only lines before this moment.")

    private static func filter(
        _ action: AuditAction?, _ actor: Identifier<User>?, _ object: String?, _ since: Timestamp?,
        _ until: Timestamp?
    ) -> AuditFilter {
        var filter = AuditFilter()
        filter.action = action
        filter.initiator = actor
        filter.object = object
        filter.since = since
        filter.until = until
        return filter
    }

    private var list: Route {
        Route(
            .get, "/api/v1/admin/audit", for: administrators,
            Operation(
                "listAudit", tag: "admin", "Read the audit trail, newest first",
                responses: [.json(.ok, "A page of lines.", AuditWire.page)]),
            Self.action, Self.actor, Self.object, Self.since, Self.until, Parameters.limit(),
            Parameters.cursor() as Parameter<Identifier<AuditEntry>?>
        ) { _, caller, action, actor, object, since, until, limit, cursor in
            let page = try can.listAudit(
                Self.filter(action, actor, object, since, until), by: caller, limit: limit, before: cursor)
            return .json(.ok, AuditWire.page, page, capacity: 512 * (page.items.count + 1))
        }
    }

    private var export: Route {
        Route(
            .get, "/api/v1/admin/audit/export", for: administrators,
            Operation(
                "exportAudit", tag: "admin", "Take the audit trail home as a file, newest first",
                doc: """
                    It is made while it is sent, however long it is; that it was taken is noted in it. CSV is that of \
                    RFC 4180; what a spreadsheet would take for a formula begins with an apostrophe there.
                    """,
                responses: [
                    ResponseDeclaration(
                        .ok, "All lines.",
                        AuditFile.Form.allCases.map { BodyDeclaration.Content($0.mediaType, .string()) },
                        fields: [.disposition])
                ]),
            Parameter<AuditFile.Form?>.query("format", "What it is written as; CSV when it is missing."),
            Self.action, Self.actor, Self.object, Self.since, Self.until
        ) { call, caller, form, action, actor, object, since, until in
            let form = form ?? .csv
            var response = HTTPResponse(
                .ok,
                fields: [
                    "Content-Type": "\(form.mediaType); charset=utf-8", "Cache-Control": "no-store",
                    "Content-Disposition": "attachment; filename=\"audit.\(form.rawValue)\"",
                ])
            // Whoever asks only for the head takes nothing home, and leaves no line.
            guard call.request.method != .head else { return response }
            let lines = try await can.exportAudit(
                Self.filter(action, actor, object, since, until), as: form.rawValue, by: caller,
                from: call.origin)
            response.body = .stream(AuditFile(lines, as: form), length: nil)
            return response
        }
    }
}
