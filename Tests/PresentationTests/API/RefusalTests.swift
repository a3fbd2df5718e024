import Application
import Domain
import Presentation
import Testing

@Suite("Refusals")
struct RefusalTests {
    /// What is wrong with an order, and where.
    struct BadOrder: Sendable, CustomTestStringConvertible {
        let body: JSONValue
        let faults: [String]

        init(_ body: JSONValue, _ faults: String...) {
            self.init(body: body, faults: faults)
        }

        init(body: JSONValue, faults: [String]) {
            self.body = body
            self.faults = faults
        }

        var testDescription: String { String(decoding: body.encoded, as: UTF8.self) }
    }

    private static let source: JSONValue = ["url": "https://a.example/talk.mp4"]

    private static func options(_ options: JSONValue, _ faults: String...) -> BadOrder {
        BadOrder(body: ["source": source, "options": options], faults: faults)
    }

    static let orders: [BadOrder] = [
        BadOrder([], " wrong_type"), BadOrder([:], "/source required"),
        BadOrder(["source": nil], "/source wrong_type"),
        BadOrder(["source": [:]], "/source required"), BadOrder(["source": "x"], "/source wrong_type"),
        BadOrder(["source": ["url": "x", "upload_id": "y"]], "/source contradiction"),
        BadOrder(["source": ["url": "ftp://a/b"]], "/source/url bad_format"),
        BadOrder(["source": ["url": "file:///etc/passwd"]], "/source/url bad_format"),
        BadOrder(["source": ["url": "https://"]], "/source/url bad_format"),
        BadOrder(["source": ["url": "https://a b"]], "/source/url bad_format"),
        BadOrder(["source": ["url": 7]], "/source/url wrong_type"),
        BadOrder(["source": ["path": "/etc/passwd"]], "/source required"),
        BadOrder(["source": source, "sauce": 1, "title": ""], "/sauce unknown", "/title out_of_range"),
        BadOrder(
            ["source": ["url": "x", "x": 1], "title": 1, "options": ["count": 0, "mode": "best"]],
            "/source/x unknown", "/source/url bad_format", "/title wrong_type", "/options/count out_of_range",
            "/options/mode not_allowed"),
        options(["count": 21], "/options/count out_of_range"),
        options(["count": 1.5], "/options/count out_of_range"),
        options(["count": "3"], "/options/count wrong_type"),
        options(["min_duration": 4.9], "/options/min_duration out_of_range"),
        options(["max_duration": 301], "/options/max_duration out_of_range"),
        options(["min_duration": 61], "/options/min_duration contradiction"),
        options(["formats": []], "/options/formats out_of_range"),
        options(["formats": ["vertical", "vertical"]], "/options/formats out_of_range"),
        options(["formats": ["vertical", "round"]], "/options/formats/1 not_allowed"),
        options(["captions": "default"], "/options/captions wrong_type"),
        options(["captions": ["template": "nope"]], "/options/captions/template not_allowed"),
        options(["topic": " "], "/options/topic bad_format"),
        options(["language": "e"], "/options/language out_of_range"),
        options(["language": "english!"], "/options/language bad_format"),
        options(["ranges": [["start": 5, "end": 5.5]]], "/options/ranges/0/end out_of_range"),
        options(["ranges": [["start": -1, "end": 5]]], "/options/ranges/0/start out_of_range"),
        options(["ranges": [["start": 1]]], "/options/ranges/0/end required"),
    ]

    @Test("a bad order is refused with every fault at once", arguments: orders)
    func badOrder(order: BadOrder) async throws {
        let answer = try await APIFixture().send("POST", "/api/v1/tasks", order.body)
        #expect(answer.status == 422)
        #expect(answer.json["code"] == "validation_failed")
        #expect(answer.faults == order.faults)
    }

    @Test(
        "an order that names an upload that is not there finds nothing",
        arguments: ["nope", "01890a5d-ac96-774b-bcce-b302099a8057"])
    func unknownUpload(id: String) async throws {
        let answer = try await APIFixture().send(
            "POST", "/api/v1/tasks", ["source": ["upload_id": .string(id)]])
        #expect(answer.status == 404)
        #expect(answer.json["code"] == "not_found")
        #expect(answer.faults == ["/source/upload_id not_found"])
    }

    @Test(
        "what is not JSON is refused as malformed",
        arguments: ["", "{", "{\"source\":1,\"source\":2}", "\u{0}", "[1] 2"])
    func malformed(body: String) async throws {
        let answer = try await APIFixture().send(
            "POST", "/api/v1/tasks", bytes: Array(body.utf8), fields: ["Content-Type": "application/json"])
        #expect(answer.status == 400)
        #expect(answer.json["code"] == "malformed_request")
    }

    @Test("a body that is too large is refused")
    func tooLarge() async throws {
        let body = [UInt8](repeating: UInt8(ascii: " "), count: BodyDeclaration.jsonLimit + 1)
        let answer = try await APIFixture().send(
            "POST", "/api/v1/tasks", bytes: body, fields: ["Content-Type": "application/json"])
        #expect(answer.status == 413)
        #expect(answer.json["code"] == "payload_too_large")
    }

    @Test(
        "malformed and unknown ids are not found",
        arguments: [
            "nope", "01890a5d-ac96-774b-bcce-b302099a8057", "%00", "..", "01890a5dac96774bbcceb302099a8057",
        ])
    func unknownIDs(id: String) async throws {
        let fixture = try APIFixture()
        let paths = [
            ("GET", "tasks/\(id)"), ("PATCH", "tasks/\(id)"), ("DELETE", "tasks/\(id)"),
            ("POST", "tasks/\(id)/cancel"),
            ("POST", "tasks/\(id)/resume"), ("GET", "tasks/\(id)/events"), ("GET", "tasks/\(id)/progress"),
            ("GET", "tasks/\(id)/ws"), ("GET", "tasks/\(id)/transcript"), ("GET", "tasks/\(id)/clips"),
            ("GET", "tasks/\(id)/clips.zip"), ("GET", "tasks/\(id)/clips/\(id)"),
            ("GET", "tasks/\(id)/clips/\(id)/file"),
            ("GET", "tasks/\(id)/clips/\(id)/thumbnail"), ("GET", "tasks/\(id)/clips/\(id)/captions.srt"),
            ("GET", "jobs/\(id)"), ("POST", "jobs/\(id)/retry"),
        ]
        for (method, path) in paths {
            let answer = try await fixture.send(
                method, "/api/v1/\(path)", method == "PATCH" ? ["title": "t"] : nil)
            #expect(answer.status == 404, "\(method) \(path)")
            #expect(answer.json["code"] == "not_found")
        }
    }

    @Test(
        "a bad query is refused",
        arguments: [
            ("tasks?limit=0", "limit out_of_range"), ("tasks?limit=101", "limit out_of_range"),
            ("tasks?status=done", "status not_allowed"), ("tasks?cursor=x", "cursor bad_format"),
            ("tasks?cursor=AAAAAAAAAAAAAAAAAAAAA_", "cursor bad_format"), ("tasks?page=2", "page unknown"),
            ("jobs?state=broken", "state not_allowed"), ("stats?x", "x unknown"),
        ])
    func badQuery(target: String, fault: String) async throws {
        let answer = try await APIFixture().send("GET", "/api/v1/\(target)")
        #expect(answer.status == 422)
        #expect(answer.faults == [fault])
    }

    @Test("all faults of a query are told at once")
    func allOfAQuery() async throws {
        let answer = try await APIFixture().send("GET", "/api/v1/tasks?limit=x&status=y&cursor=z&q=1")
        #expect(
            Set(answer.faults) == [
                "q unknown", "limit wrong_type", "status not_allowed", "cursor bad_format",
            ])
    }

    @Test("A51, A52, C67: a refusal is a problem document that names its kind, its place and its trace")
    func problem() async throws {
        let answer = try await APIFixture().send("GET", "/api/v1/nowhere")
        #expect(answer.fields["Content-Type"] == "application/problem+json")
        #expect(
            answer.json.object?.members.map(\.name) == [
                "type", "title", "status", "detail", "instance", "code", "traceId", "errors", "severity",
                "retryable", "recovery_suggestions", "request_id", "timestamp",
            ])
        #expect(answer.json["status"] == 404)
        #expect(answer.json["instance"] == "/api/v1/nowhere")
        #expect(answer.json["traceId"]?.text == answer.fields["X-Request-Id"])
    }

    @Test(
        "what ports answer becomes the refusal that says what to do",
        arguments: [
            (PortError.full("disk"), 507, "storage_full"),
            (.unavailable("x", retryAfter: .seconds(7)), 503, "overloaded"),
            (.conflict("x"), 409, "conflict"), (.corrupt("x"), 500, "internal_error"),
            (.cancelled, 503, "overloaded"),
        ] as [(PortError, Int, String)])
    func ports(error: PortError, status: Int, code: String) async throws {
        let fixture = try APIFixture(inspection: .failure(error))
        let answer = try await fixture.send(
            "POST", "/api/v1/uploads", bytes: [1, 2, 3],
            fields: ["Content-Disposition": "attachment; filename=\"a.mp4\"", "Content-Type": "video/mp4"])
        #expect(answer.status == status)
        #expect(answer.json["code"] == .string(code))
        if status == 503 {
            #expect(answer.fields["Retry-After"] == (code == "overloaded" && error != .cancelled ? "7" : "1"))
        }
    }
}
