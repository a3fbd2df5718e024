import Presentation
import Testing

@Suite("What answers ask of browsers")
struct SecurityFieldTests {
    private func service(_ security: SecurityFields = SecurityFields(), origins: [String] = []) -> Service {
        let route = Route(
            .get, "/a", for: .open,
            Operation("a", tag: "a", "A", responses: [ResponseDeclaration(.ok, "A.")])
        ) { _, _ in HTTPResponse(.ok, text: "a") }
        return Service(
            routes: [route], middleware: [CrossOrigin(origins: origins)], security: security,
            problem: { $0 as? Problem ?? Problem(.internalError, "\($0)") })
    }

    private static let expected = [
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ]

    private static func expectAll(
        _ fields: HTTPFields, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (name, value) in expected {
            #expect(fields.values(of: name) == [value], sourceLocation: sourceLocation)
        }
        let permissions = fields["Permissions-Policy"] ?? ""
        #expect(permissions.contains("camera=()"), sourceLocation: sourceLocation)
        #expect(
            permissions.split(separator: ", ").allSatisfy { $0.hasSuffix("=()") },
            sourceLocation: sourceLocation)
    }

    @Test(
        "A54: every answer asks for as little as possible, each field once",
        arguments: [
            ("GET", "/a"), ("HEAD", "/a"), ("GET", "/b"), ("POST", "/a"), ("OPTIONS", "/a"), ("BREW", "/a"),
        ])
    func everyAnswer(method: String, path: String) async {
        let answer = await service().handle(HTTPRequest(method, path: path))
        Self.expectAll(answer.fields)
        #expect(!answer.fields.contains("Strict-Transport-Security"))
    }

    @Test("A54: what the server refuses by itself asks for the same")
    func refusals() {
        let answer = service().refusal(HTTPRequest("GET", path: ""), .badRequest, "malformed_request", "No.")
        Self.expectAll(answer.fields)
    }

    @Test("A54: only who speaks TLS itself insists on it, for a year")
    func transport() async {
        let answer = await service(SecurityFields(isEncrypted: true)).handle(HTTPRequest("GET", path: "/a"))
        #expect(answer.fields["Strict-Transport-Security"] == "max-age=31536000")
        Self.expectAll(answer.fields)
    }

    @Test("A54: pages name their one style and their one script by hash, and run nothing else")
    func pages() async throws {
        let fixture = try APIFixture()
        for (path, hasScript) in [("/docs", true), ("/", false)] {
            let page = try await fixture.send("GET", path, fields: ["Accept": "text/html"])
            let policy = try #require(page.fields["Content-Security-Policy"])
            #expect(page.fields.count(of: "Content-Security-Policy") == 1)
            #expect(!policy.contains("unsafe"))
            #expect(policy.contains("style-src 'sha256-"))
            #expect(policy.contains(hasScript ? "script-src 'sha256-" : "script-src 'none'"))
            #expect(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"))
            let text = page.body.text
            #expect(text.components(of: "<style").count == 2)
            #expect(text.components(of: "<script").count == (hasScript ? 2 : 1))
            #expect(!text.contains("style=") && !text.contains("onload="))
        }
    }

    @Test("A54: a page that may use the API may show a token, and never what its browser keeps")
    func preflight() async {
        for origins in [["https://a.example"], ["*"]] {
            let answer = await service(origins: origins).handle(
                HTTPRequest(
                    "OPTIONS", path: "/a",
                    fields: [
                        "Origin": "https://a.example", "Access-Control-Request-Method": "PATCH",
                        "Access-Control-Request-Headers": "authorization,x-evil",
                    ]))
            #expect(answer.status == .noContent)
            #expect(answer.fields["Access-Control-Allow-Origin"] == "https://a.example")
            #expect(answer.fields["Vary"] == "Origin")
            let allowed = answer.fields["Access-Control-Allow-Headers"] ?? ""
            for name in ["Authorization", "X-CSRF-Token", "Idempotency-Key", "Content-Type", "Last-Event-ID"]
            {
                #expect(allowed.contains(name), "\(name)")
            }
            #expect(!allowed.contains("x-evil"))
            #expect(!answer.fields.contains("Access-Control-Allow-Credentials"))
        }
    }

    @Test("A54: a page of another origin is told nothing of what it may not")
    func stranger() async {
        let answer = await service(origins: ["https://a.example"]).handle(
            HTTPRequest(
                "OPTIONS", path: "/a",
                fields: ["Origin": "https://b.example", "Access-Control-Request-Method": "GET"]))
        #expect(!answer.fields.contains("Access-Control-Allow-Origin"))
        #expect(!answer.fields.contains("Access-Control-Allow-Headers"))
    }

    @Test("O51: refusals are counted by their codes")
    func refusalMetrics() async throws {
        let fixture = try APIFixture()
        for _ in 0..<3 { try await fixture.send("GET", "/nothing") }
        try await fixture.send("POST", "/api/v1/tasks", [:])
        let metrics = try await fixture.send("GET", "/metrics").body.text
        #expect(metrics.contains("cutroom_http_refusals_total{code=\"not_found\"} 3\n"))
        #expect(metrics.contains("cutroom_http_refusals_total{code=\"validation_failed\"} 1\n"))
    }
}

extension String {
    /// The parts between the places where `mark` stands.
    fileprivate func components(of mark: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: mark) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}
