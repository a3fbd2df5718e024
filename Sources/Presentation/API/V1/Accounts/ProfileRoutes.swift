internal import Application
internal import Domain

/// What callers see and change of themselves.
struct ProfileRoutes: Sendable {
    private let can: AccountCapabilities
    private let callers: @Sendable (Scope) -> Access<Caller>

    init(_ capabilities: AccountCapabilities, callers: @escaping @Sendable (Scope) -> Access<Caller>) {
        can = capabilities
        self.callers = callers
    }

    var all: [Route] { [show, update, delete, credits, usage, sessions, revokeSession] }

    private var show: Route {
        Route(
            .get, "/api/v1/users/me", for: callers(.accountRead),
            Operation(
                "getProfile", tag: "users", "Show who calls",
                responses: [.json(.ok, "The user.", UserWire.user)], problems: [.notFound])
        ) { _, caller in
            .json(.ok, UserWire.user, try can.getProfile(by: caller))
        }
    }

    private var update: Route {
        Route(
            .patch, "/api/v1/users/me", for: callers(.accountWrite),
            Operation(
                "updateProfile", tag: "users", "Change one's profile",
                doc: """
                    Another username or address needs a session and the password; an address has to be \
                    confirmed by the code that is mailed to it.
                    """,
                responses: [.json(.ok, "The user.", UserWire.user)],
                problems: [.usernameTaken, .emailTaken, .signInWrong, .signInThrottled]),
            json: UserWire.patch
        ) { call, caller, _, patch in
            let user = try await can.updateProfile(
                patch.edit, password: patch.password, by: caller, from: call.origin)
            return .json(.ok, UserWire.user, user)
        }
    }

    private var delete: Route {
        Route(
            .delete, "/api/v1/users/me", for: callers(.accountSecurity),
            Operation(
                "deleteAccount", tag: "users", "Remove one's account",
                doc: "Everything personal goes at once, and nothing brings it back.",
                responses: [ResponseDeclaration(.noContent, "It is gone.")],
                problems: [.signInWrong, .signInThrottled, .conflict]),
            json: UserWire.confirmation
        ) { call, caller, _, password in
            try await can.deleteAccount(password: password, by: caller, from: call.origin)
            var response = HTTPResponse(.noContent)
            WebCookies.clear(for: call.request, in: &response)
            return response
        }
    }

    private var credits: Route {
        Route(
            .get, "/api/v1/users/me/credits", for: callers(.creditsRead),
            Operation(
                "getCredits", tag: "users", "Show one's credits, and how they came and went",
                responses: [.json(.ok, "Balance, holds and a page of entries.", CreditWire.credits)],
                problems: [.notFound]),
            Parameters.limit(), Parameters.cursor() as Parameter<Identifier<CreditEntry>?>
        ) { _, caller, limit, cursor in
            let statement = try await can.getCredits(by: caller)
            let page = try can.listCreditEntries(
                by: caller, limit: limit, before: cursor.map(CreditWire.number))
            return .json(.ok, CreditWire.credits, CreditWire.Shown(statement, page), capacity: 4096)
        }
    }

    private var usage: Route {
        Route(
            .get, "/api/v1/users/me/usage", for: callers(.creditsRead),
            Operation(
                "getUsage", tag: "users", "Show how much of one's plan is used",
                responses: [.json(.ok, "The use now.", CreditWire.usage)], problems: [.notFound])
        ) { _, caller in
            .json(.ok, CreditWire.usage, try can.getUsage(by: caller))
        }
    }

    private var sessions: Route {
        Route(
            .get, "/api/v1/users/me/sessions", for: callers(.accountSecurity),
            Operation(
                "listSessions", tag: "users", "List where one is signed in, newest first",
                responses: [
                    .json(
                        .ok, "The sessions.", SessionWire.list,
                        links: [Link(to: "revokeSession", [("id", "$response.body#/0/id")])])
                ])
        ) { _, caller in
            .json(.ok, SessionWire.list, try can.listSessions(by: caller))
        }
    }

    private var revokeSession: Route {
        Route(
            .delete, "/api/v1/users/me/sessions/{id}", for: callers(.accountSecurity),
            Operation(
                "revokeSession", tag: "users", "End a session",
                responses: [ResponseDeclaration(.noContent, "It is over.")]),
            Parameters.session
        ) { call, caller, id in
            try await can.revokeSession(id, by: caller, from: call.origin)
            return HTTPResponse(.noContent)
        }
    }
}
