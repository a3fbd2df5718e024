import FoundationEssentials
import Glibc
import Infrastructure
import Testing

@Suite("The program at its edge", .timeLimit(.minutes(10)))
struct HTTPEdgeTests {
    private static func get(_ url: String, _ headers: (String, String)...) async throws -> HTTPResponse {
        try await HTTPClient().send(
            HTTPRequest(url, headers: headers.map { (name: $0, value: $1) }, destination: .configured))
    }

    @Test("only the names of this machine are served; another host is told so as everything is told")
    func hosts() async throws {
        struct Problem: Decodable {
            let code: String
            let status: Int
        }
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await running.address()
            let refused = try await Self.get(address + "/api/v1/tasks", ("Host", "rebound.example"))
            #expect(refused.status == 421)
            #expect(refused.header("Content-Type") == "application/problem+json")
            let problem = try JSONDecoder().decode(Problem.self, from: Data(refused.body))
            #expect(problem.code == "misdirected_request" && problem.status == 421)
            let port = address.split(separator: ":").last ?? ""
            #expect(
                try await Self.get(address + "/api/v1/tasks", ("Host", "localhost:\(port)")).status == 200)
            running.signal(SIGTERM)
            #expect(try await running.end().status == 0)
        }
    }

    @Test("A66, C13: orders with one key at the same time are one order")
    func sameKey() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await running.address() + "/api/v1/tasks"
            let order = #"{"source":{"url":"https://video.example/talk.mp4"}}"#
            let answers = try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await HTTPClient().send(
                            HTTPRequest(
                                address, method: "POST", headers: [(name: "Idempotency-Key", value: "one")],
                                body: .bytes(Array(order.utf8), type: "application/json"),
                                destination: .configured))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 201 })
            #expect(Set(answers.map(\.body)).count == 1)
            running.signal(SIGTERM)
            #expect(try await running.end().status == 0)
        }
    }

    @Test("other origins may use the API where the configuration says so, and only there")
    func origins() async throws {
        for origins in [nil, "https://a.example,https://b.example"] {
            try await Cutroom.use { cutroom in
                var cutroom = cutroom
                cutroom.environment["CUTROOM_CORS_ORIGINS"] = origins
                let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
                let address = try await running.address() + "/api/v1/tasks"
                let allowed = try await Self.get(address, ("Origin", "https://b.example"))
                let name = "Access-Control-Allow-Origin"
                #expect(allowed.header(name) == origins.map { _ in "https://b.example" })
                #expect(try await Self.get(address, ("Origin", "https://c.example")).header(name) == nil)
                running.signal(SIGTERM)
                #expect(try await running.end().status == 0)
            }
        }
    }

    @Test("A54: titles are kept in Unicode's composed form, and read as they were written")
    func composed() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let tasks = try await running.address() + "/api/v1/tasks"
            let order =
                "{\"source\":{\"url\":\"https://video.example/t.mp4\"},\"title\":\"Cafe\u{301} <3 & DROP TABLE\"}"
            let answer = try await Web.call(tasks, method: "POST", json: order)
            #expect(answer.status == 201)
            let bytes = Array("\"title\":\"Caf\u{E9} <3 & DROP TABLE\"".utf8)
            #expect(answer.body.indices.contains { answer.body[$0...].starts(with: bytes) })
            running.signal(SIGTERM)
            #expect(try await running.end().status == 0)
        }
    }

    @Test("O44: an attack is refused and told of in the log where an operator asks for that")
    func threats() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0", "--threats", "block")
            let tasks = try await running.address() + "/api/v1/tasks"
            #expect(try await Web.get(tasks + "?limit=5").status == 200)
            #expect(try await Web.get(tasks + "?cursor=1%27%20or%20%271%27=%271").status == 400)
            try await running.complains(of: "sql_comparison")
            let metrics = try await Web.get(String(tasks.dropLast("/api/v1/tasks".count)) + "/metrics")
            #expect(
                String(decoding: metrics.body, as: UTF8.self).contains(
                    "cutroom_threats_total{family=\"sql\"} 1"))
            running.signal(SIGTERM)
            #expect(try await running.end().status == 0)
        }
    }

    @Test("A54: text goes over the wire in gzip for who wants it, and else as it is")
    func packed() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let docs = try await running.address() + "/docs"
            let plain = try await Self.get(docs)
            let packed = try await Self.get(docs, ("Accept-Encoding", "gzip"))
            #expect(packed.header("Content-Encoding") == "gzip" && plain.header("Content-Encoding") == nil)
            #expect(packed.header("Vary") == "Accept-Encoding" && plain.header("Vary") == "Accept-Encoding")
            #expect(packed.header("Content-Length") == "\(packed.body.count)")
            #expect(packed.body.starts(with: [0x1F, 0x8B]) && packed.body.count * 2 < plain.body.count)
            running.signal(SIGTERM)
            #expect(try await running.end().status == 0)
        }
    }

    @Test("O51: what should not be told is refused and told of in the log where an operator asks for that")
    func texts() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start(
                "serve", "--port", "0", "--workers", "0", "--sensitive-text", "block", "--spam", "monitor")
            let tasks = try await running.address() + "/api/v1/tasks"
            let order = #"{"source":{"url":"https://video.example/t.mp4"},"title":"mail ada@example.org"}"#
            #expect(try await Web.call(tasks, method: "POST", json: order).status == 422)
            try await running.complains(of: "text found wanting")
            running.signal(SIGTERM)
            #expect(try await running.end().status == 0)
        }
    }
}
