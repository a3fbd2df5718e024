internal import Application
internal import Domain

/// Looking after plans.
struct TierRoutes: Sendable {
    private let can: AdminCapabilities
    private let administrators: Access<Caller>

    init(_ capabilities: AdminCapabilities, callers: @escaping @Sendable (Scope) -> Access<Caller>) {
        can = capabilities
        administrators = callers(.admin)
    }

    var all: [Route] { [list, show, put] }

    private var list: Route {
        Route(
            .get, "/api/v1/admin/tiers", for: administrators,
            Operation(
                "listTiers", tag: "admin", "List the plans, by name",
                responses: [
                    .json(
                        .ok, "The plans.", TierWire.list,
                        links: ["getTier", "putTier"].map {
                            Link(to: $0, [("name", "$response.body#/0/name")])
                        })
                ])
        ) { _, caller in
            .json(.ok, TierWire.list, try can.listTiers(by: caller))
        }
    }

    private var show: Route {
        Route(
            .get, "/api/v1/admin/tiers/{name}", for: administrators,
            Operation(
                "getTier", tag: "admin", "Show a plan", responses: [.json(.ok, "The plan.", TierWire.tier)]),
            TierWire.parameter
        ) { _, caller, name in
            .json(.ok, TierWire.tier, try can.listTiers(name, by: caller))
        }
    }

    private var put: Route {
        Route(
            .put, "/api/v1/admin/tiers/{name}", for: administrators,
            Operation(
                "putTier", tag: "admin", "Change a plan, or add one",
                doc: """
                    It holds for its users from now on; where it brings more credits, they come in when a user next \
                    looks.
                    """,
                responses: [
                    .json(.ok, "The plan as it is now.", TierWire.tier),
                    .json(.created, "The new plan.", TierWire.tier),
                ]),
            TierWire.parameter, json: TierWire.terms
        ) { call, caller, _, terms, name in
            let tier = try terms.tier(name)
            let isNew = try await can.editTier(tier, by: caller, from: call.origin)
            return .json(isNew ? .created : .ok, TierWire.tier, tier)
        }
    }
}
