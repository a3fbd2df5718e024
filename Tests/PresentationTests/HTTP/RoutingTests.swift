import Presentation
import Testing

@Suite("Routing")
struct RoutingTests {
    private static func operation(_ id: String, _ type: String? = nil) -> Presentation.Operation {
        let content = type.map { [BodyDeclaration.Content($0, .string())] } ?? []
        return Presentation.Operation(
            id, tag: "test", id, responses: [ResponseDeclaration(.ok, "Fine.", content)])
    }

    private static func word(_ name: String) -> Parameter<String> {
        .path(name, .string(), name) { $0 }
    }

    private let service = Service(
        routes: [
            Route(.get, "/a/{x}", for: .open, operation("x", "text/plain"), word("x")) { _, _, x in
                HTTPResponse(.ok, text: "x=\(x)")
            },
            Route(.get, "/a/b", for: .open, operation("b")) { _, _ in HTTPResponse(.ok, text: "b") },
            Route(.post, "/a/b", for: .open, operation("p"), json: JSONInput<Int>.integer(1...9)) {
                _, _, _, number in
                HTTPResponse(.ok, text: "\(number)")
            },
            Route(.get, "/a/{x}/c/{y}", for: .open, operation("y"), word("x"), word("y")) { _, _, x, y in
                HTTPResponse(.ok, text: "\(x),\(y)")
            },
            Route(
                .get, "/q", for: .open, operation("q"),
                Parameter<Int>.query("limit", 1...9, "How many.", default: 5),
                Parameter<Letter?>.query("letter", "Which.")
            ) { _, _, limit, letter in HTTPResponse(.ok, text: "\(limit) \(letter?.rawValue ?? "-")") },
            Route(.get, "/fails", for: .open, operation("fails")) { _, _ in throw Unexpected() },
        ],
        problem: { error in (error as? Problem) ?? Problem(.internalError, "\(error)") })

    private enum Letter: String, CaseIterable, Sendable { case a, b }
    private struct Unexpected: Error {}

    private func answer(
        _ method: String, _ path: String, query: String? = nil, fields: HTTPFields = [:], body: String = ""
    ) async -> (status: Int, text: String, fields: HTTPFields) {
        let response = await service.handle(
            HTTPRequest(method, path: path, query: query, fields: fields, body: RequestBody(Array(body.utf8)))
        )
        return (response.status.code, response.body.text, response.fields)
    }

    @Test(
        "a literal is preferred to an argument, and arguments are decoded",
        arguments: [
            ("/a/b", "b"), ("/a/%62", "b"), ("/a/bb", "x=bb"), ("/a/b%2Fc", "x=b/c"), ("/a/%C3%A9", "x=é"),
            ("/a/1/c/2", "1,2"),
        ])
    func found(path: String, text: String) async {
        let answer = await answer("GET", path)
        #expect(answer.status == 200)
        #expect(answer.text == text)
    }

    @Test(
        "what is not under a template is not found",
        arguments: [
            "/", "", "*", "/a", "/a/", "/a//c/1", "/A/b", "/a/b/", "/a/1/c", "/a/x%00", "/a/%zz", "/a/%ff",
        ])
    func notFound(path: String) async {
        let answer = await answer("GET", path)
        #expect(answer.status == 404)
        #expect(answer.fields["Content-Type"] == Problem.mediaType)
    }

    @Test(
        "another method is refused with those that are allowed",
        arguments: ["DELETE", "PATCH", "TRACE", "get"])
    func methodNotAllowed(method: String) async {
        let answer = await answer(method, "/a/b")
        #expect(answer.status == 405)
        #expect(answer.fields["Allow"] == "GET, HEAD, OPTIONS, POST")
    }

    @Test("HEAD is answered where GET is, OPTIONS everywhere")
    func headAndOptions() async {
        #expect(await answer("HEAD", "/a/b").status == 200)
        let options = await answer("OPTIONS", "/a/1/c/2")
        #expect(options.status == 204)
        #expect(options.fields["Allow"] == "GET, HEAD, OPTIONS")
    }

    @Test(
        "a query is read with its defaults",
        arguments: [
            (nil, "5 -"), ("", "5 -"), ("limit=9&letter=b", "9 b"), ("letter=%61", "5 a"),
            ("&&limit=1&", "1 -"),
        ]
            as [(String?, String)])
    func query(query: String?, text: String) async {
        #expect(await answer("GET", "/q", query: query).text == text)
    }

    @Test(
        "a bad query is refused by name",
        arguments: [
            ("limit=0", "limit", "out_of_range"), ("limit=x", "limit", "wrong_type"),
            ("limit=+1", "limit", "wrong_type"), ("limit", "limit", "wrong_type"),
            ("limit=1&limit=2", "limit", "repeated"), ("letter=c", "letter", "not_allowed"),
            ("x=1", "x", "unknown"), ("letter=%", "letter", "bad_format"),
            ("letter=%00", "letter", "bad_format"),
        ])
    func badQuery(query: String, name: String, code: String) async throws {
        let answer = await answer("GET", "/q", query: query)
        #expect(answer.status == 422)
        let fault = try JSONReader().read(Array(answer.text.utf8))["errors"]?.elements?.first
        #expect(fault?["parameter"] == .string(name))
        #expect(fault?["code"] == .string(code))
    }

    @Test("faults of query and body are told together")
    func together() async throws {
        let answer = await answer(
            "POST", "/a/b", query: "z=1", fields: ["Content-Type": "application/json"], body: "10")
        let faults = try JSONReader().read(Array(answer.text.utf8))["errors"]?.elements ?? []
        #expect(faults.map { $0["parameter"] ?? $0["pointer"] } == ["z", ""])
    }

    @Test(
        "a body of another type is refused",
        arguments: [nil, "text/plain", "application/x-www-form-urlencoded", "json"])
    func unsupported(type: String?) async {
        var fields: HTTPFields = [:]
        fields["Content-Type"] = type
        #expect(await answer("POST", "/a/b", fields: fields, body: "1").status == 415)
    }

    @Test("a JSON body may have parameters in its type")
    func charset() async {
        let fields: HTTPFields = ["Content-Type": "Application/JSON; charset=utf-8"]
        #expect(await answer("POST", "/a/b", fields: fields, body: "1").text == "1")
    }

    @Test(
        "an answer that the client does not accept is refused",
        arguments: [
            ("image/png", 406), ("text/*", 200), ("text/plain;q=0, */*", 406), ("", 200), ("*/*;q=0.1", 200),
        ])
    func accept(accept: String, status: Int) async {
        #expect(await answer("GET", "/a/z", fields: ["Accept": accept]).status == status)
    }

    @Test("what a handler throws becomes a problem with trace and place")
    func unexpected() async throws {
        let answer = await answer(
            "GET", "/fails",
            fields: ["traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"])
        let problem = try JSONReader().read(Array(answer.text.utf8))
        #expect(answer.status == 500)
        #expect(problem["code"] == "internal_error")
        #expect(problem["instance"] == "/fails")
        #expect(problem["traceId"] == "0af7651916cd43dd8448eb211c80319c")
    }

    @Test("a request is called what the client calls it, if that is harmless")
    func requestID() async {
        #expect(
            await answer("GET", "/a/b", fields: ["X-Request-Id": "order-7"]).fields["X-Request-Id"]
                == "order-7")
        for id in ["", "a b", "ü", String(repeating: "x", count: 129)] {
            let given = await answer("GET", "/a/b", fields: ["X-Request-Id": id]).fields["X-Request-Id"] ?? ""
            #expect(given.count == 32 && given != id)
        }
    }

    @Test("who is in a trace is told this server's part of it, nobody else")
    func answeredTrace() async throws {
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let told = try #require(
            await answer("GET", "/a/b", fields: ["traceparent": trace]).fields["traceparent"])
        #expect(told.hasPrefix("00-0af7651916cd43dd8448eb211c80319c-") && told.hasSuffix("-01"))
        #expect(told.utf8.count == trace.utf8.count && told != trace)
        #expect(await answer("GET", "/a/b").fields["traceparent"] == nil)
    }

    @Test(
        "a malformed traceparent starts a new trace",
        arguments: [
            "", "00", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        ])
    func traceparent(text: String) {
        let trace = TraceContext(traceparent: text, random: { 1 })
        #expect(trace.traceID == "00000000000000010000000000000001")
        #expect(trace.traceparent == "00-00000000000000010000000000000001-0000000000000001-00")
    }
}

@Suite("Middleware")
struct MiddlewareTests {
    private func service(_ middleware: [any Middleware]) -> Service {
        let operation = Presentation.Operation(
            "a", tag: "test", "a", responses: [ResponseDeclaration(.ok, "Fine.")])
        return Service(
            routes: [Route(.get, "/a", for: .open, operation) { _, _ in HTTPResponse(.ok, text: "a") }],
            middleware: middleware,
            problem: { ($0 as? Problem) ?? Problem(.internalError, "") })
    }

    @Test("without configuration no other origin may read an answer")
    func crossOriginOff() async {
        let response = await service([]).handle(
            HTTPRequest("GET", path: "/a", fields: ["Origin": "https://a.example"]))
        #expect(response.fields["Access-Control-Allow-Origin"] == nil)
    }

    @Test("an allowed origin may, also after asking first; others may not")
    func crossOrigin() async {
        let service = service([CrossOrigin(origins: ["https://a.example"])])
        func answer(_ method: String, _ origin: String) async -> HTTPResponse {
            await service.handle(
                HTTPRequest(
                    method, path: "/a", fields: ["Origin": origin, "Access-Control-Request-Method": "POST"]))
        }
        #expect(
            await answer("GET", "https://a.example").fields["Access-Control-Allow-Origin"]
                == "https://a.example")
        #expect(await answer("GET", "https://a.example").fields["Vary"] == "Origin")
        #expect(await answer("GET", "https://b.example").fields["Access-Control-Allow-Origin"] == nil)
        let asked = await answer("OPTIONS", "https://a.example")
        #expect(asked.status == .noContent)
        #expect(asked.fields["Access-Control-Allow-Methods"]?.contains("PATCH") == true)
        #expect(await answer("OPTIONS", "https://b.example").fields["Access-Control-Allow-Methods"] == nil)
    }

    @Test(
        "without configuration pages of this very host alone may change anything",
        arguments: [
            ("POST", "https://a.example", 403), ("POST", "null", 403), ("POST", "http://localhost:8080", 404),
            ("POST", "https://localhost:8080", 404), ("POST", nil, 404), ("DELETE", "https://a.example", 403),
            ("BREW", "https://a.example", 403), ("GET", "https://a.example", 404),
            ("OPTIONS", "https://a.example", 404),
        ] as [(String, String?, Int)])
    func foreignPages(method: String, origin: String?, status: Int) async {
        var fields: HTTPFields = ["Host": "localhost:8080"]
        fields["Origin"] = origin
        let answer = await service([CrossOrigin(origins: [])]).handle(
            HTTPRequest(method, path: "/b", fields: fields))
        #expect(answer.status.code == status)
        #expect(answer.fields["Vary"] == nil)
    }

    @Test("where pages of other origins may read an answer, no cache hands it to them as another got it")
    func vary() async {
        let service = service([CrossOrigin(origins: ["https://a.example"])])
        #expect(await service.handle(HTTPRequest("GET", path: "/a")).fields["Vary"] == "Origin")
        let posted = await service.handle(
            HTTPRequest("POST", path: "/b", fields: ["Origin": "https://a.example"]))
        #expect(posted.status == .notFound)
    }

    @Test("nothing is guessed about types")
    func nosniff() async {
        #expect(
            await service([]).handle(HTTPRequest("GET", path: "/nothing")).fields["X-Content-Type-Options"]
                == "nosniff")
    }
}

extension HTTPBody {
    /// The text of bytes, empty for anything else.
    var text: String {
        if case .bytes(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { "" }
    }
}
