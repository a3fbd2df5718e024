internal import Application
internal import Domain

/// Finding, seeing, changing and removing users.
struct UserAdminRoutes: Sendable {
    private let can: AdminCapabilities
    private let administrators: Access<Caller>

    init(_ capabilities: AdminCapabilities, callers: @escaping @Sendable (Scope) -> Access<Caller>) {
        can = capabilities
        administrators = callers(.admin)
    }

    var all: [Route] { [search, show, update, delete, statistics] }

    /// What can be done to a user who was found.
    private static let doings = [
        "getUser", "editUser", "deleteUser", "suspendUser", "unsuspendUser", "activateUser", "deactivateUser",
        "changeTier", "adjustCredits",
    ]
    private static let text = Parameter<String?>.optional(
        .query, "q", .string(length: 0...EmailAddress.greatestLength),
        "What the username or the address begins with, in any case.", example: "ada", default: nil
    ) { text in
        guard text.unicodeScalars.count <= EmailAddress.greatestLength else {
            let detail = "must have at most \(EmailAddress.greatestLength) characters"
            return .failure(ParameterFault(.outOfRange, detail))
        }
        return .success(text)
    }

    private var search: Route {
        Route(
            .get, "/api/v1/admin/users", for: administrators,
            Operation(
                "searchUsers", tag: "admin", "List users, newest first",
                doc: "Deleted ones are in no page.",
                responses: [
                    .json(
                        .ok, "A page of users.", AdminWire.users,
                        links: Self.doings.map { Link(to: $0, [("id", "$response.body#/items/0/id")]) })
                ]),
            Self.text, Parameters.limit(), Parameters.cursor() as Parameter<Identifier<User>?>
        ) { _, caller, text, limit, cursor in
            let page = try can.searchUsers(text, by: caller, limit: limit, before: cursor)
            return .json(.ok, AdminWire.users, page, capacity: 512 * (page.items.count + 1))
        }
    }

    private var show: Route {
        Route(
            .get, "/api/v1/admin/users/{id}", for: administrators,
            Operation(
                "getUser", tag: "admin", "Show a user, with credits, sessions and API keys",
                doc: "Deleted ones too, of whom nothing personal is left.",
                responses: [.json(.ok, "The user.", AdminWire.details)]),
            Parameters.user
        ) { _, caller, id in
            .json(.ok, AdminWire.details, try can.getUser(id, by: caller), capacity: 2048)
        }
    }

    private var update: Route {
        Route(
            .patch, "/api/v1/admin/users/{id}", for: administrators,
            Operation(
                "editUser", tag: "admin", "Change a user's profile and role",
                doc:
                    "All of it or nothing. Another address has to be confirmed by the code that is mailed to it.",
                responses: [.json(.ok, "The user.", AdminWire.user)],
                problems: [.usernameTaken, .emailTaken, .conflict]),
            Parameters.user, json: AdminWire.patch
        ) { call, caller, _, patch, id in
            let user = try await AdminRoutes.acting {
                try await can.editUser(id, patch.edit, role: patch.role, by: caller, from: call.origin)
            }
            return .json(.ok, AdminWire.user, user)
        }
    }

    private var delete: Route {
        Route(
            .delete, "/api/v1/admin/users/{id}", for: administrators,
            Operation(
                "deleteUser", tag: "admin", "Remove a user with all that is the user's",
                doc: "Everything personal goes at once, and nothing brings it back.",
                responses: [ResponseDeclaration(.noContent, "The user is gone.")], problems: [.conflict]),
            Parameters.user
        ) { call, caller, id in
            try await AdminRoutes.acting { try await can.deleteUser(id, by: caller, from: call.origin) }
            return HTTPResponse(.noContent)
        }
    }

    private var statistics: Route {
        Route(
            .get, "/api/v1/admin/stats", for: administrators,
            Operation(
                "getServerStatistics", tag: "admin", "Tell how much there is on the whole server",
                responses: [.json(.ok, "The numbers.", AdminWire.statistics)])
        ) { _, caller in
            .json(.ok, AdminWire.statistics, try can.getStatistics(by: caller))
        }
    }
}
