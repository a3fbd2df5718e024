import Application
import Domain
import Presentation
import Testing

/// Walks every route of administration; a new one is found by itself.
@Suite("Every route of administration")
struct AdminWalkTests {
    /// What a route is sent where the examples of its document would change nothing.
    private static let bodies: [String: JSONValue] = [
        "editUser": ["role": "admin"],
        "putTier": ["monthly_credits": 1, "tasks_at_once": 1, "storage_bytes": 1],
    ]

    /// Brings about what a route needs to find.
    private func prepare(_ world: Administration, for route: Route) async throws {
        let user = "/users/\(world.adaID)"
        switch route.operation.id {
        case "unsuspendUser": try await world.call("POST", "\(user)/suspend", ["reason": "spam"])
        case "activateUser": try await world.call("POST", "\(user)/deactivate")
        case "clearSetting": try await world.call("PUT", "/settings/sign_up", ["value": "open"])
        case "getTier":
            try await world.call(
                "PUT", "/tiers/gold", ["monthly_credits": 1, "tasks_at_once": 1, "storage_bytes": 1])
        default: break
        }
    }

    @Test("A60: each act of an administrator leaves a line: who, what, on what, from where")
    func audited() async throws {
        let routes = try await Administration().routes
        #expect(routes.count > 20)
        for route in routes where route.method != .get || route.operation.id == "exportAudit" {
            let world = try await Administration()
            try await prepare(world, for: route)
            let before = Set(try world.trail().map(\.id))
            let answer = try await world.send(
                route, fields: world.grace, body: Self.bodies[route.operation.id])
            #expect((200..<300).contains(answer.status.code), "\(route.operation.id): \(answer.body.text)")
            let lines = try world.trail().filter { !before.contains($0.id) }
            let grace: Identifier<User> = try #require(Identifier(world.graceID))
            let own = lines.filter { $0.initiator == .user(grace) && $0.isSuccess }
            #expect(!own.isEmpty, "\(route.operation.id) left no line")
            // A deletion takes addresses out of what concerns the deleted user.
            let address = route.operation.id == "deleteUser" ? nil : NetworkAddress("192.0.2.7")
            #expect(own.allSatisfy { $0.address == address }, "\(route.operation.id)")
            let object = try world.path(of: route)
            let isNamed = own.contains { line in
                switch line.subject {
                case .user(let id): object.contains("\(id)")
                case .thing(_, let id, _):
                    object.contains(id) || route.path.arguments.isEmpty
                case .server: line.detail.map { object.hasSuffix($0) || $0 == "csv" } ?? false
                }
            }
            #expect(isNamed, "\(route.operation.id) does not say on what: \(own)")
        }
    }

    @Test("A61: what only looks changes nothing, and answers")
    func reading() async throws {
        for route in try await Administration().routes
        where route.method == .get && route.operation.id != "exportAudit" {
            let world = try await Administration()
            try await prepare(world, for: route)
            let before = try world.trail().count
            let answer = try await world.fixture.send("GET", world.path(of: route), fields: world.grace)
            #expect(answer.status == 200, "\(route.operation.id)")
            #expect(try world.trail().count == before, "\(route.operation.id)")
        }
    }

    @Test("A61: a user, and an administrator's key without the scope, get past none of them")
    func refused() async throws {
        let world = try await Administration()
        let issued = try await world.fixture.send(
            "POST", "/api/v1/api-keys", ["name": "ci", "scopes": ["tasks:read", "account:read"]],
            fields: world.grace)
        let key: HTTPFields = ["Authorization": "Bearer \(try #require(issued.json["key"]?.text))"]
        let before = try world.trail().count
        for route in world.routes {
            #expect(route.access == .needs("admin"), "\(route.operation.id)")
            for fields in [world.ada, key] {
                let answer = try await world.send(route, fields: fields)
                #expect(answer.status == 403, "\(route.operation.id)")
                #expect(answer.body.text.contains("missing_scope"), "\(route.operation.id)")
            }
            let nobody = try await world.send(route, fields: [:])
            #expect(nobody.status == 401, "\(route.operation.id)")
        }
        #expect(try world.trail().count == before)
    }

    @Test("A61: a key with the scope “admin” alone gets past all of them, but to settings")
    func byKey() async throws {
        for route in try await Administration().routes {
            let world = try await Administration()
            try await prepare(world, for: route)
            let issued = try await world.fixture.send(
                "POST", "/api/v1/api-keys", ["name": "ci", "scopes": ["admin"]], fields: world.grace)
            let key: HTTPFields = ["Authorization": "Bearer \(try #require(issued.json["key"]?.text))"]
            // No key changes a role: that is a route's body, and tested with its use case.
            let isEdit = route.operation.id == "editUser"
            let answer = try await world.send(
                route, fields: key, body: isEdit ? ["first_name": "Ada"] : Self.bodies[route.operation.id])
            if ["putSetting", "clearSetting"].contains(route.operation.id) {
                #expect(answer.status == 403, "\(route.operation.id)")
            } else {
                #expect(
                    (200..<300).contains(answer.status.code), "\(route.operation.id): \(answer.body.text)")
            }
        }
    }
}
