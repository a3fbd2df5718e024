import Presentation
import Testing

@Suite("The OpenAPI document")
struct DocumentTests {
    private func operations(_ fixture: APIFixture) -> [(path: String, method: String, operation: JSONValue)] {
        (fixture.document.document["paths"]?.object?.members ?? []).flatMap { path in
            (path.value.object?.members ?? []).map { (path.name, $0.name, $0.value) }
        }
    }

    @Test("A49, A50: every route is there, and nothing else")
    func routes() throws {
        let fixture = try APIFixture()
        let described = operations(fixture).map { "\($0.method.uppercased()) \($0.path)" }
        let served = fixture.api.routes.map { "\($0.method.rawValue) \($0.path.text)" }
        #expect(described.sorted() == served.sorted())
        let promised = [
            "POST /api/v1/uploads", "POST /api/v1/tasks", "POST /api/v1/tasks:preview",
            "GET /api/v1/tasks", "GET /api/v1/tasks/{id}",
            "PATCH /api/v1/tasks/{id}", "DELETE /api/v1/tasks/{id}", "POST /api/v1/tasks/{id}/cancel",
            "POST /api/v1/tasks/{id}/resume", "GET /api/v1/tasks/{id}/events",
            "GET /api/v1/tasks/{id}/progress",
            "GET /api/v1/tasks/{id}/ws", "GET /api/v1/tasks/{id}/transcript", "GET /api/v1/tasks/{id}/clips",
            "GET /api/v1/tasks/{id}/clips/{clip}", "GET /api/v1/tasks/{id}/clips/{clip}/file",
            "GET /api/v1/tasks/{id}/clips/{clip}/thumbnail",
            "GET /api/v1/tasks/{id}/clips/{clip}/captions.srt",
            "GET /api/v1/tasks/{id}/clips/{clip}/captions.vtt", "GET /api/v1/tasks/{id}/clips.zip",
            "GET /api/v1/caption-templates", "GET /api/v1/fonts", "GET /api/v1/jobs", "GET /api/v1/jobs/{id}",
            "POST /api/v1/jobs/{id}/retry", "POST /api/v1/webhooks", "GET /api/v1/webhooks",
            "GET /api/v1/webhooks/{id}", "PATCH /api/v1/webhooks/{id}", "DELETE /api/v1/webhooks/{id}",
            "POST /api/v1/webhooks/{id}/rotate", "POST /api/v1/webhooks/{id}/test",
            "GET /api/v1/webhooks/{id}/deliveries", "GET /api/v1/webhooks/{id}/deliveries/{delivery}",
            "POST /api/v1/webhooks/{id}/deliveries/{delivery}/replay",
            "GET /api/v1/tasks/{id}/notifications", "GET /api/v1/tasks/{id}/notifications/{delivery}",
            "POST /api/v1/tasks/{id}/notifications/{delivery}/replay", "POST /api/v1/notify-secret",
            "POST /api/v1/notify-secret/rotate", "GET /api/v1/stats", "GET /health/live", "GET /health/ready",
            "GET /health", "GET /health/startup", "GET /health/groups/{group}", "GET /health/services",
            "GET /health/service/{name}", "GET /health/dependencies/{name}", "GET /health/cache/{name}",
            "GET /health/metrics", "GET /health/predictive", "GET /health/status", "GET /health/history",
            "GET /health/events", "POST /health/monitoring/start", "POST /health/monitoring/stop",
            "GET /metrics", "GET /openapi.json", "GET /docs", "GET /",
            "GET /api/v1/operations/config", "PATCH /api/v1/operations/config",
            "POST /api/v1/operations/config/validate", "GET /api/v1/operations/config/history",
            "POST /api/v1/operations/config/rollback", "POST /api/v1/operations/config/reset",
            "POST /api/v1/operations/config/reload", "GET /api/v1/operations/config/export",
            "POST /api/v1/operations/config/import",
            "GET /api/v1/operations/components", "GET /api/v1/operations/components/{name}",
            "GET /api/v1/operations/components/graph", "POST /api/v1/operations/components/{name}:restart",
            "GET /api/v1/operations/logs", "GET /api/v1/operations/loggers",
            "PUT /api/v1/operations/loggers/{name}",
            "GET /api/v1/operations/alerts", "GET /api/v1/operations/alerts/history",
            "POST /api/v1/operations/alerts/evaluate", "POST /api/v1/operations/alerts/{name}:silence",
            "GET /api/v1/operations/errors", "POST /api/v1/operations/errors/reset",
            "GET /api/v1/operations/security/metrics", "GET /api/v1/operations/security/threat-analysis",
            "GET /api/v1/operations/security/ip-analysis/{ip}", "GET /api/v1/operations/security/events",
            "GET /api/v1/operations/security/events/export", "GET /api/v1/operations/security/events/stream",
            "GET /api/v1/operations/security/dashboard", "POST /api/v1/operations/security/selftest",
            "GET /api/v1/operations/security/bans", "POST /api/v1/operations/security/bans",
            "DELETE /api/v1/operations/security/bans/{address}", "GET /api/v1/operations/security/allow",
            "POST /api/v1/operations/security/allow",
            "DELETE /api/v1/operations/security/allow/{address}",
        ]
        #expect(Set(served) == Set(promised))
    }

    @Test("A49: operations have names of their own, and links lead to them")
    func links() throws {
        let all = operations(try APIFixture())
        let names = all.compactMap { $0.operation["operationId"]?.text }
        #expect(Set(names).count == all.count)
        for (path, _, operation) in all {
            for response in operation["responses"]?.object?.members ?? [] {
                for link in response.value["links"]?.object?.members ?? [] {
                    let target = link.value["operationId"]?.text ?? ""
                    #expect(names.contains(target), "\(path) links to \(target)")
                }
            }
        }
    }

    @Test("the arguments of each path are declared, and required")
    func arguments() throws {
        for (path, _, operation) in operations(try APIFixture()) {
            let declared = (operation["parameters"]?.elements ?? []).filter { $0["in"] == "path" }
            #expect(declared.allSatisfy { $0["required"] == true })
            #expect(declared.compactMap { $0["name"]?.text } == PathTemplate(path).arguments)
        }
    }

    @Test("there is no default response and no free-form object to hide behind")
    func nothingHidden() throws {
        let fixture = try APIFixture()
        for (path, method, operation) in operations(fixture) {
            #expect(operation["responses"]?["default"] == nil, "\(method) \(path)")
            #expect(
                operation["responses"]?["400"] != nil && operation["responses"]?["405"] != nil,
                "\(method) \(path)")
        }
        expectClosed(fixture.document.document["components"] ?? nil, at: "components")
        expectClosed(fixture.document.document["paths"] ?? nil, at: "paths")
    }

    /// Expects that every schema of an object says what is in it.
    private func expectClosed(_ value: JSONValue, at place: String) {
        if let object = value.object {
            if object["type"] == "object",
                object["properties"] != nil || object["additionalProperties"] != nil
            {
                #expect(
                    object["additionalProperties"] != nil && object["additionalProperties"] != true,
                    "\(place)")
            } else if object["type"] == "object" {
                Issue.record("\(place) is free")
            }
            for member in object.members { expectClosed(member.value, at: "\(place)/\(member.name)") }
        }
        for (index, element) in (value.elements ?? []).enumerated() {
            expectClosed(element, at: "\(place)/\(index)")
        }
    }

    @Test("the messages of streams and sockets are described down to their data")
    func messages() async throws {
        let fixture = try APIFixture()
        let frame = try #require(fixture.document.document["components"]?["schemas"]?["TaskFrame"])
        let id = JSONValue.string("01890a5d-ac96-774b-bcce-b302099a8057")
        let progress: JSONValue = [
            "task_id": id, "status": "running", "stage": nil, "progress": 1, "message": "",
        ]
        for (event, number, data) in [
            ("status", 1, progress), ("progress", nil, progress), ("close", 2, ["status": "failed"]),
        ] as [(String, Int64?, JSONValue)] {
            var members = JSONObject([("event", .string(event))])
            if let number { members["id"] = .integer(number) }
            members["data"] = data
            #expect(fixture.document.mismatches(.object(members), frame, at: event) == [])
            members["id"] = number == nil ? 1 : nil
            #expect(fixture.document.mismatches(.object(members), frame, at: event) != [])
        }
        let socket = operations(fixture).first { $0.operation["operationId"] == "getTaskSocket" }
        #expect(socket?.operation["description"]?.text?.contains("TaskFrame") == true)
        let events = operations(fixture).first { $0.operation["operationId"] == "getTaskEvents" }
        let event = events?.operation["responses"]?["200"]?["content"]?["text/event-stream"]?["schema"]
        #expect(
            event?["oneOf"]?.elements?.allSatisfy { $0["properties"]?["data"]?["contentSchema"] != nil }
                == true)
    }

    @Test("a refusal is described where it can be answered, and nowhere else")
    func refusals() throws {
        for (path, method, operation) in operations(try APIFixture()) {
            let statuses = Set(operation["responses"]?.object?.members.map(\.name) ?? [])
            #expect(
                statuses.isSuperset(of: [
                    "400", "405", "408", "413", "414", "417", "421", "422", "431", "500", "501", "503",
                    "505",
                ]), "\(method) \(path)")
            #expect(statuses.contains("507") == (method != "get"), "\(method) \(path)")
            #expect(statuses.contains("415") == (operation["requestBody"] != nil), "\(method) \(path)")
            #expect(
                statuses.contains("404")
                    == (path.contains("{")
                        || ["createTask", "previewTask", "rollBackConfiguration"].contains(
                            operation["operationId"])),
                "\(method) \(path)")
        }
    }

    @Test("every reference leads somewhere")
    func references() throws {
        let document = try APIFixture().document.document
        var missing: [String] = []
        func visit(_ value: JSONValue) {
            if case .string(let reference)? = value["$ref"] {
                let target = reference.split(separator: "/").dropFirst().reduce(document as JSONValue?) {
                    $0?[String($1)]
                }
                if target == nil { missing.append(reference) }
            }
            for member in value.object?.members ?? [] { visit(member.value) }
            for element in value.elements ?? [] { visit(element) }
        }
        visit(document)
        #expect(missing.isEmpty)
    }

    @Test("A50: examples are what their schemas say")
    func examples() throws {
        let fixture = try APIFixture()
        func visit(_ value: JSONValue, _ place: String) {
            if case .object(let object) = value {
                for example in object["examples"]?.elements ?? []
                where object["type"] != nil || object["$ref"] != nil {
                    for mismatch in fixture.document.mismatches(example, value, at: place) {
                        Issue.record("\(mismatch)")
                    }
                }
                for member in object.members { visit(member.value, "\(place)/\(member.name)") }
            }
            for (index, element) in (value.elements ?? []).enumerated() {
                visit(element, "\(place)/\(index)")
            }
        }
        visit(fixture.document.document["components"]?["schemas"] ?? nil, "")
    }

    @Test("C69: the document and its page are served as they are, the same bytes each time")
    func served() async throws {
        let fixture = try APIFixture()
        let document = try await fixture.send("GET", "/openapi.json")
        #expect(document.body.text == String(decoding: fixture.api.openAPI, as: UTF8.self))
        #expect(try APIFixture().api.openAPI == fixture.api.openAPI)
        let page = try await fixture.send("GET", "/docs")
        #expect(page.body.text.utf8.count <= 20 * 1024)
        #expect(page.fields["Content-Security-Policy"]?.contains("default-src 'none'") == true)
        #expect(!page.body.text.contains("http://") && !page.body.text.contains("https://"))
    }

    @Test("the root says what this is, to programs and to people")
    func root() async throws {
        let fixture = try APIFixture()
        #expect(try await fixture.send("GET", "/").json["docs"] == "/docs")
        let browser = try await fixture.send(
            "GET", "/", fields: ["Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"])
        #expect(browser.fields["Content-Type"] == "text/html; charset=utf-8")
        #expect(try await fixture.send("GET", "/", fields: ["Accept": "image/png"]).status == 406)
    }

    @Test("A48, A58, C66: health, numbers, templates and fonts are told")
    func overview() async throws {
        let fixture = try APIFixture()
        _ = try await fixture.complete(try await fixture.order())
        #expect(try await fixture.send("GET", "/health/live").json == ["status": "ok"])
        #expect(try await fixture.send("GET", "/health/ready").json == ["status": "ready", "failing": []])
        #expect(
            try await fixture.send("GET", "/health").json["components"]?.elements?.first?["name"] == "store")
        let statistics = try await fixture.send("GET", "/api/v1/stats").json
        #expect(statistics["tasks"]?["completed"] == 1)
        #expect(
            statistics["jobs"] == [
                "available": 1, "scheduled": 0, "retryable": 0, "running": 0, "completed": 0, "cancelled": 0,
                "discarded": 0,
            ])
        let templates = try await fixture.send("GET", "/api/v1/caption-templates").json["items"]?.elements
        #expect(templates?.first?["highlight_color"] == "#0009ab80")
        #expect(
            try await fixture.send("GET", "/api/v1/fonts").json == [
                "items": [["name": "Sans", "styles": ["Bold"]]]
            ])
        let metrics = try await fixture.send("GET", "/metrics").body.text
        #expect(metrics.contains("cutroom_tasks{status=\"completed\"} 1\n"))
        #expect(metrics.contains("cutroom_jobs{state=\"available\"} 1\n"))
        #expect(
            metrics.contains(
                "cutroom_http_requests_total{method=\"GET\",route=\"/health/live\",status=\"200\"} 1\n"))
    }
}
