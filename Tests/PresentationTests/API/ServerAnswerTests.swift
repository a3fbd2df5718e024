import Presentation
import Testing

@Suite("Answers of the server and the API together")
struct ServerAnswerTests {
    /// Runs the API on a free port for the length of `body`.
    private func serving(
        _ body: @escaping @Sendable (_ port: Int) throws -> Void
    ) async throws {
        let fixture = try APIFixture()
        let service = fixture.api.service
        let server = HTTPServer(.patient, refuse: service.refusal, handler: service.handle)
        let port = try server.start()
        do {
            try await offPool { try body(port) }
        } catch {
            await server.stop(within: .zero)
            throw error
        }
        await server.stop(within: .seconds(5))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let head: String
        let status: Int
        let instance: String

        var testDescription: String { name }
    }

    static let refused: [Case] = [
        Case(
            name: "a foreign host", head: "GET /api/v1/tasks HTTP/1.1\r\nHost: evil.example", status: 421,
            instance: "/api/v1/tasks"),
        Case(
            name: "an expectation", head: "GET /api/v1/tasks HTTP/1.1\r\nHost: localhost\r\nExpect: miracles",
            status: 417, instance: "/api/v1/tasks"),
        Case(
            name: "two hosts", head: "GET /api/v1/tasks HTTP/1.1\r\nHost: localhost\r\nHost: localhost",
            status: 400, instance: "/api/v1/tasks"),
        Case(
            name: "a long target",
            head: "GET /a?\(String(repeating: "a", count: 5000)) HTTP/1.1\r\nHost: localhost", status: 414,
            instance: "/a"),
        Case(
            name: "no target", head: "GET nonsense HTTP/1.1\r\nHost: localhost", status: 400, instance: ""),
        Case(
            name: "another coding", head: "POST /b HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip",
            status: 501, instance: "/b"),
        Case(
            name: "what the API refuses", head: "GET /nothing HTTP/1.1\r\nHost: localhost", status: 404,
            instance: "/nothing"),
    ]

    @Test(
        "C67: what the server refuses by itself is named, marked and counted like all else",
        arguments: refused)
    func refusals(_ example: Case) async throws {
        try await serving { port in
            let client = try RawClient(port: port)
            try client.send(example.head + "\r\nX-Request-Id: order-7\r\n\r\n")
            let answer = try client.response()
            #expect(answer.status == example.status)
            #expect(answer.fields["x-request-id"] == "order-7")
            #expect(answer.fields["x-content-type-options"] == "nosniff")
            #expect(answer.fields["content-type"] == "application/problem+json")
            let problem = try JSONReader().read(answer.body)
            #expect(problem["instance"] == .string(example.instance))
            #expect(problem["traceId"]?.text?.count == 32)
            let metrics = try RawClient(port: port).get("/metrics").text
            let counted = metrics.split(separator: "\n").filter {
                $0.hasPrefix("cutroom_http_requests_total") && $0.contains("status=\"\(example.status)\"")
            }
            #expect(counted.count == 1 && counted.first?.hasSuffix(" 1") == true)
        }
    }
}
