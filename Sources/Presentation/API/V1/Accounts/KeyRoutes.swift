internal import Application
internal import Domain

/// Looking after API keys.
struct KeyRoutes: Sendable {
    private let can: AccountCapabilities
    private let callers: @Sendable (Scope) -> Access<Caller>

    init(_ capabilities: AccountCapabilities, callers: @escaping @Sendable (Scope) -> Access<Caller>) {
        can = capabilities
        self.callers = callers
    }

    var all: [Route] { [issue, list, rename, revoke] }

    private var issue: Route {
        Route(
            .post, "/api/v1/api-keys", for: callers(.accountSecurity),
            Operation(
                "issueAPIKey", tag: "api-keys", "Make an API key",
                doc: "The key itself stands in this answer alone.",
                responses: [
                    .json(
                        .created, "The key.", KeyWire.issued,
                        links: ["renameAPIKey", "revokeAPIKey"].map {
                            Link(to: $0, [("id", "$response.body#/id")])
                        })
                ],
                problems: [.keyScopeRefused, .tooManyKeys]),
            json: KeyWire.order
        ) { call, caller, _, order in
            let issued = try await can.issueKey(
                name: order.name, scopes: order.scopes,
                expiresAt: order.lifetime.map { can.clock.now() + $0 }, by: caller, from: call.origin)
            return .secret(.created, KeyWire.issued, issued)
        }
    }

    private var list: Route {
        Route(
            .get, "/api/v1/api-keys", for: callers(.accountSecurity),
            Operation(
                "listAPIKeys", tag: "api-keys", "List one's API keys, newest first",
                responses: [.json(.ok, "The keys, void ones included.", KeyWire.list)])
        ) { _, caller in
            let keys = try can.listKeys(by: caller)
            return .json(.ok, KeyWire.list, keys, capacity: 512 * (keys.count + 1))
        }
    }

    private var rename: Route {
        Route(
            .patch, "/api/v1/api-keys/{id}", for: callers(.accountSecurity),
            Operation(
                "renameAPIKey", tag: "api-keys", "Give an API key another name",
                responses: [.json(.ok, "The key.", KeyWire.key)], problems: [.conflict]),
            Parameters.apiKey, json: KeyWire.patch
        ) { call, caller, _, name, id in
            .json(
                .ok, KeyWire.key, try await can.renameKey(id, to: name, by: caller, from: call.origin))
        }
    }

    private var revoke: Route {
        Route(
            .delete, "/api/v1/api-keys/{id}", for: callers(.accountSecurity),
            Operation(
                "revokeAPIKey", tag: "api-keys", "Make an API key void, at once and for good",
                responses: [ResponseDeclaration(.noContent, "It is void.")]),
            Parameters.apiKey
        ) { call, caller, id in
            try await can.revokeKey(id, by: caller, from: call.origin)
            return HTTPResponse(.noContent)
        }
    }
}
