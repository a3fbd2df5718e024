internal import Application
internal import Domain

/// Deciding who may work, on which plan and with how many credits.
struct StandingRoutes: Sendable {
    private let can: AdminCapabilities
    private let administrators: Access<Caller>

    init(_ capabilities: AdminCapabilities, callers: @escaping @Sendable (Scope) -> Access<Caller>) {
        can = capabilities
        administrators = callers(.admin)
    }

    var all: [Route] { [suspend, unsuspend, activate, deactivate, changeTier, adjustCredits] }

    private static let user = [ResponseDeclaration.json(.ok, "The user.", AdminWire.user)]

    private var suspend: Route {
        Route(
            .post, "/api/v1/admin/users/{id}/suspend", for: administrators,
            Operation(
                "suspendUser", tag: "admin", "Keep a user out, for a reason and perhaps only for a time",
                doc: """
                    The user's sessions end at once, and keys rest as long. A user who is suspended already gets the \
                    new reason and the new end.
                    """,
                responses: Self.user, problems: [.conflict]),
            Parameters.user, json: AdminWire.suspension
        ) { call, caller, _, order, id in
            let user = try await AdminRoutes.acting {
                try await can.suspendUser(
                    id, because: order.reason, until: order.until, by: caller, from: call.origin)
            }
            return .json(.ok, AdminWire.user, user)
        }
    }

    private var unsuspend: Route {
        change("unsuspend", "unsuspendUser", "Let a suspended user in again") { [can] id, caller, origin in
            try await can.unsuspendUser(id, by: caller, from: origin)
        }
    }

    private var activate: Route {
        change("activate", "activateUser", "Let an inactive user in again") { [can] id, caller, origin in
            try await can.activateUser(id, by: caller, from: origin)
        }
    }

    private var deactivate: Route {
        change("deactivate", "deactivateUser", "Switch a user off") { [can] id, caller, origin in
            try await can.deactivateUser(id, by: caller, from: origin)
        }
    }

    private func change(
        _ verb: String, _ operation: String, _ summary: String,
        _ body: @escaping @Sendable (Identifier<User>, Caller, Origin) async throws -> User
    ) -> Route {
        Route(
            .post, "/api/v1/admin/users/{id}/\(verb)", for: administrators,
            Operation(operation, tag: "admin", summary, responses: Self.user, problems: [.conflict]),
            Parameters.user
        ) { call, caller, id in
            let user = try await AdminRoutes.acting { try await body(id, caller, call.origin) }
            return .json(.ok, AdminWire.user, user)
        }
    }

    private var changeTier: Route {
        Route(
            .put, "/api/v1/admin/users/{id}/tier", for: administrators,
            Operation(
                "changeTier", tag: "admin", "Put a user on another plan",
                doc:
                    "A plan with more credits brings in the difference at once; one with fewer takes nothing away.",
                responses: Self.user, problems: [.conflict]),
            Parameters.user, json: AdminWire.tierChange
        ) { call, caller, _, tier, id in
            let user = try await AdminRoutes.acting {
                try await can.changeTier(id, to: tier, by: caller, from: call.origin)
            }
            return .json(.ok, AdminWire.user, user)
        }
    }

    private var adjustCredits: Route {
        Route(
            .post, "/api/v1/admin/users/{id}/credits", for: administrators,
            Operation(
                "adjustCredits", tag: "admin", "Give a user credits that do not expire, or take some away",
                responses: [.json(.ok, "The balance.", AdminWire.balance)], problems: [.conflict]),
            Parameters.user, json: AdminWire.adjustment
        ) { call, caller, _, order, id in
            let statement = try await AdminRoutes.acting {
                try await can.adjustCredits(
                    of: id, by: order.amount, because: order.reason, by: caller, from: call.origin)
            }
            return .json(.ok, AdminWire.balance, statement)
        }
    }
}
