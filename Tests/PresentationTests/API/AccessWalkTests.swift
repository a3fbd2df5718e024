import Application
import Domain
import Presentation
import Testing

/// Walks every route that the API declares, so that none can be forgotten: a new one is found by itself.
@Suite("Every route asks who calls")
struct AccessWalkTests {
    /// A server on which the first user has one thing of every kind.
    private struct World {
        let fixture: APIFixture
        let task: String
        let upload: String
        /// The identifiers of the first user's things, by the part of the path that they stand behind.
        let owned: [String: String]

        static let first = Visitor(1)

        init() async throws {
            let component = Component(
                ComponentDescription(
                    ComponentName(known: "store"), version: "1", summary: "Keeps everything.",
                    isCritical: true)
            ) { _ in RunningComponent() }
            fixture = try APIFixture(
                authenticator: VisitorAuthenticator(),
                components: ComponentRunner([component], clock: InMemoryClock()))
            var fields = Self.first.fields
            fields["Content-Disposition"] = "attachment; filename=first.mp4"
            upload = try #require(
                try await fixture.send("POST", "/api/v1/uploads", bytes: [1, 2, 3], fields: fields)
                    .json["id"]?.text)
            let webhook = try await fixture.send(
                "POST", "/api/v1/webhooks", ["url": "https://a.example/hook"], fields: Self.first.fields)
            let webhookID = try #require(webhook.json["id"]?.text)
            task = try await fixture.order(
                [
                    "title": "The first one's", "source": ["upload_id": .string(upload)],
                    "options": ["notify_url": "https://a.example/done"],
                ],
                fields: Self.first.fields)
            let clip = try await fixture.complete(task)
            let jobs = try await fixture.send("GET", "/api/v1/jobs", fields: Self.first.fields).json
            let deliveries = try await fixture.send(
                "GET", "/api/v1/webhooks/\(webhookID)/deliveries", fields: Self.first.fields
            ).json
            let notifications = try await fixture.send(
                "GET", "\(task)/notifications", fields: Self.first.fields
            ).json
            owned = [
                // Parts and groups belong to nobody.
                "service": "store", "cache": "store", "dependencies": "store", "groups": "ready",
                "tasks": try #require(task.split(separator: "/").last.map(String.init)),
                "clips": try #require(clip.split(separator: "/").last.map(String.init)),
                "jobs": try #require(jobs["items"]?.elements?.first?["id"]?.text),
                "webhooks": webhookID, "loggers": APIFixture.logger,
                "deliveries": try #require(deliveries["items"]?.elements?.first?["id"]?.text),
                "notifications": try #require(notifications["items"]?.elements?.first?["id"]?.text),
                // Nobody's own: administrators look at it.
                "components": "store", "alerts": "disk_low", "bans": "203.0.113.9", "allow": "192.0.2.0%2F24",
                "ip-analysis": "203.0.113.9",
            ]
            let admin = Visitor(1, role: .admin).fields
            for (list, address) in [("bans", "203.0.113.9"), ("allow", "192.0.2.0/24")] {
                try await fixture.send(
                    "POST", "/api/v1/operations/security/\(list)",
                    ["address": .string(address), "reason": "for the walk"], fields: admin)
            }
        }

        /// Sends a request that is right but for who sends it.
        func send(
            _ route: Route, as visitor: Visitor?, method: HTTPMethod? = nil
        ) async throws -> APIFixture.Answer {
            var fields = visitor?.fields ?? [:]
            for parameter in route.parameters where parameter.place == .header {
                if let example = parameter.example?.text { fields[parameter.name] = example }
            }
            var bytes: [UInt8] = []
            if let json = route.body?.content.first(where: { $0.mediaType == "application/json" }) {
                fields["Content-Type"] = json.mediaType
                bytes = sample(json.schema.document).encoded
            } else if route.body != nil {
                fields["Content-Type"] = "application/octet-stream"
                bytes = [1, 2, 3]
            }
            return try await fixture.send(
                (method ?? route.method).rawValue, try path(of: route), bytes: bytes, fields: fields)
        }

        /// The route's path to what the first user has.
        private func path(of route: Route) throws -> String {
            var parts: [String] = []
            var kind = ""
            for segment in route.path.segments {
                switch segment {
                case .literal(let name):
                    parts.append(name)
                    kind = name
                case .argument(let name):
                    let id = owned[kind]
                    parts.append(
                        try #require(id, "give the first user a thing for {\(name)} of \(route.path.text)"))
                case .action(let name, let verb):
                    let id = try #require(
                        owned[kind], "give the first user a thing for {\(name)} of \(route.path.text)")
                    parts.append("\(id):\(verb)")
                }
            }
            return "/" + parts.joined(separator: "/")
        }

        /// A value that a schema allows.
        private func sample(_ schema: JSONValue) -> JSONValue {
            if let reference = schema["$ref"]?.text {
                let name = reference.split(separator: "/").last.map(String.init) ?? ""
                return sample(fixture.document.document["components"]?["schemas"]?[name] ?? nil)
            }
            if let example = schema["examples"]?.elements?.first { return example }
            if let choice = schema["oneOf"]?.elements?.first { return sample(choice) }
            guard let properties = schema["properties"] else { return "x" }
            let required = (schema["required"]?.elements ?? []).compactMap(\.text)
            return .object(JSONObject(required.map { ($0, sample(properties[$0] ?? nil)) }))
        }

        /// What the first user sees of all that is there.
        func sight() async throws -> [JSONValue] {
            var seen: [JSONValue] = []
            for path in [
                task, "\(task)/clips", "\(task)/transcript", "/api/v1/tasks", "/api/v1/jobs",
                "/api/v1/webhooks", "\(task)/notifications",
            ] {
                seen.append(try await fixture.send("GET", path, fields: Self.first.fields).json)
            }
            return seen
        }
    }

    private static func needed(_ route: Route) throws -> Scope? {
        guard case .needs(let name) = route.access else { return nil }
        let scope: Scope = try #require(
            Scope(rawValue: name), "\(route.path.text) needs \(name), which is no scope")
        return scope
    }

    @Test("nobody gets past a route unless it was opened on purpose")
    func nobody() async throws {
        let world = try await World()
        var open: [String] = []
        for route in world.fixture.api.routes {
            guard try Self.needed(route) != nil else {
                open.append(route.path.text)
                #expect(try await world.send(route, as: nil).status == 200, "\(route.path.text)")
                continue
            }
            for method in [route.method] + (route.method == .get ? [.head] : []) {
                let answer = try await world.send(route, as: nil, method: method)
                #expect(answer.status == 401, "\(method) \(route.path.text)")
                #expect(answer.json["code"] == "unauthenticated", "\(method) \(route.path.text)")
                #expect(answer.fields["WWW-Authenticate"]?.hasPrefix("Bearer ") == true)
            }
        }
        #expect(
            open.sorted() == [
                "/", "/docs", "/health", "/health/cache/{name}", "/health/dependencies/{name}",
                "/health/events", "/health/groups/{group}", "/health/history", "/health/live",
                "/health/metrics", "/health/predictive", "/health/ready", "/health/service/{name}",
                "/health/services", "/health/startup", "/health/status", "/openapi.json",
            ])
    }

    @Test("A26: another user finds nothing of the first one's, an administrator neither but for jobs")
    func others() async throws {
        let world = try await World()
        let before = try await world.sight()
        for route in world.fixture.api.routes
        where !route.path.arguments.isEmpty && !route.path.text.hasPrefix("/health/") {
            if try Self.needed(route) == .admin { continue }
            let isAboutJobs = route.path.text.hasPrefix("/api/v1/jobs/")
            for visitor in [Visitor(2), Visitor(2, role: .admin)] {
                if isAboutJobs, visitor.caller.role == .admin { continue }
                for method in [route.method] + (route.method == .get ? [.head] : []) {
                    let answer = try await world.send(route, as: visitor, method: method)
                    #expect(answer.status == 404, "\(method) \(route.path.text) by \(visitor)")
                }
            }
        }
        #expect(try await world.sight() == before)
    }

    @Test("A26: what lists and counts shows nothing of another user's")
    func lists() async throws {
        let world = try await World()
        for route in world.fixture.api.routes where route.path.arguments.isEmpty && route.method == .get {
            guard let scope = try Self.needed(route), Role.user.allows(scope) else { continue }
            let text = try await world.send(route, as: Visitor(2)).body.text
            for id in world.owned.values.filter({ $0.count == 36 }) + [world.upload] {
                #expect(!text.contains(id), "\(route.path.text)")
            }
        }
        let mine = try await world.fixture.send("GET", "/api/v1/stats", fields: World.first.fields).json
        let theirs = try await world.fixture.send("GET", "/api/v1/stats", fields: Visitor(2).fields).json
        #expect(mine["tasks"]?["completed"] == 1 && mine["uploads"] == 1)
        #expect(theirs["tasks"]?["completed"] == 0 && theirs["uploads"] == 0 && theirs["media_bytes"] == 0)
    }

    @Test("a key that has every scope but the one that is needed may not", arguments: Role.allCases)
    func wrongScope(role: Role) async throws {
        let world = try await World()
        let before = try await world.sight()
        for route in world.fixture.api.routes {
            guard let scope = try Self.needed(route) else { continue }
            let others = Scope.forKeys.subtracting([scope])
            for scopes in [others, []] + others.map({ [$0] }) {
                let answer = try await world.send(route, as: Visitor(keyOf: 1, role: role, scopes))
                #expect(answer.status == 403, "\(route.method) \(route.path.text) with \(scopes)")
                #expect(answer.json["code"] == "missing_scope")
                let challenge = answer.fields["WWW-Authenticate"]
                #expect(challenge?.contains("scope=\"\(scope.rawValue)\"") == true)
            }
        }
        #expect(try await world.sight() == before)
    }

    /// What no key does, whatever its scopes: settings are changed by people who signed in.
    private static let inPerson = [
        "patchConfiguration", "rollBackConfiguration", "resetConfiguration", "importConfiguration",
    ]

    @Test("a key that has the one scope that is needed may, and nothing more is asked of it")
    func rightScope() async throws {
        for route in try APIFixture().routes where !Self.inPerson.contains(route.operation.id) {
            guard let scope = try Self.needed(route), scope.isForKeys else { continue }
            // A world for each, since what is allowed changes it.
            let answer = try await World().send(route, as: Visitor(keyOf: 1, role: .admin, [scope]))
            #expect(![401, 403, 404, 422].contains(answer.status), "\(route.method) \(route.path.text)")
        }
    }

    @Test("an order takes the caller's own uploads only, as its source and as its captions")
    func uploads() async throws {
        let world = try await World()
        let (first, second) = (World.first.fields, Visitor(2).fields)
        let bySource: JSONValue = ["source": ["upload_id": .string(world.upload)]]
        #expect(try await world.fixture.send("POST", "/api/v1/tasks", bySource, fields: first).status == 201)
        let refused = try await world.fixture.send("POST", "/api/v1/tasks", bySource, fields: second)
        #expect(refused.status == 404)
        #expect(refused.faults == ["/source/upload_id not_found"])
        var fields = first
        fields["Content-Disposition"] = "attachment; filename=first.srt"
        let captions = try await world.fixture.send(
            "POST", "/api/v1/uploads", bytes: Array("1\n00:00:01,000 --> 00:00:02,000\nHi\n".utf8),
            fields: fields)
        let byCaptions: JSONValue = [
            "source": [
                "url": "https://a.example/talk.mp4", "captions_upload_id": captions.json["id"] ?? nil,
            ]
        ]
        #expect(
            try await world.fixture.send("POST", "/api/v1/tasks", byCaptions, fields: first).status == 201)
        #expect(
            try await world.fixture.send("POST", "/api/v1/tasks", byCaptions, fields: second).faults
                == ["/source/captions_upload_id not_found"])
    }

    @Test("A26, A66: an Idempotency-Key of one user is not that of another")
    func keys() async throws {
        let world = try await World()
        func order(_ visitor: Visitor) async throws -> String {
            var fields = visitor.fields
            fields["Idempotency-Key"] = "order-1"
            return try await world.fixture.order(fields: fields)
        }
        let first = try await order(Visitor(1))
        #expect(try await order(Visitor(2)) != first)
        #expect(try await order(Visitor(1)) == first)
    }

    @Test("the document says what each route needs, and how to say who asks")
    func document() throws {
        let fixture = try APIFixture(authenticator: VisitorAuthenticator())
        let document = fixture.document.document
        #expect(document["components"]?["securitySchemes"]?["token"]?["scheme"] == "bearer")
        #expect(document["components"]?["securitySchemes"]?["session"]?["in"] == "cookie")
        for route in fixture.api.routes {
            let operation = document["paths"]?[route.path.text]?[route.method.rawValue.lowercased()]
            let statuses = (operation?["responses"]?.object?.members ?? []).map(\.name)
            switch try Self.needed(route) {
            case nil:
                #expect(operation?["security"] == [])
                #expect(!statuses.contains("401"), "\(route.path.text)")
            case let scope?:
                let name = JSONValue.string(scope.rawValue)
                #expect(operation?["security"] == [["token": [name]], ["session": [name]]])
                #expect(statuses.contains("401") && statuses.contains("403"), "\(route.path.text)")
            }
        }
    }

    @Test("without accounts the document asks for nobody, and everyone is the local user")
    func local() async throws {
        let fixture = try APIFixture()
        let text = String(decoding: fixture.api.openAPI, as: UTF8.self)
        #expect(!text.contains("\"security\":") && !text.contains("\"securitySchemes\""))
        #expect(!text.contains("\"401"))
        let task = try await fixture.order()
        let id = try fixture.id(of: task)
        #expect(try fixture.store.read { try $0.tasks.find(id)?.owner } == User.local)
        #expect(try await fixture.send("GET", "/metrics").status == 200)
    }
}

extension APIFixture {
    fileprivate var routes: [Route] { api.routes }
}
