import Application
import Domain
import Presentation
import Synchronization
import Testing

@Suite("Answers of a server that keeps to a pace")
struct RateLimitAPITests {
    /// Time that stands still until it is moved.
    private final class ManualTime: Sendable {
        private let seconds = Atomic<Int64>(0)
        var now: Int64 { seconds.load(ordering: .relaxed) * 1_000_000_000 }
        func advance(by seconds: Int64) { self.seconds.wrappingAdd(seconds, ordering: .relaxed) }
    }

    private static let home = PeerAddress.v4(0xC000_0201)
    private static let elsewhere = PeerAddress.v4(0xC000_0202)
    private static let proxy = PeerAddress.v4(0x0A00_0001)

    private let time = ManualTime()
    private let fixture: APIFixture
    private let ada = Visitor(1)

    /// A server on which one may ask ten times a minute and twenty times at once.
    init() throws {
        let time = time
        fixture = try APIFixture(
            authenticator: VisitorAuthenticator(),
            limiter: RateLimiter(RequestPaces(10, per: .seconds(60)), now: { time.now }),
            proxies: [try #require(AddressRange("10.0.0.0/8"))])
    }

    private func get(
        _ path: String, by visitor: Visitor? = nil, _ fields: HTTPFields = [:],
        from peer: PeerAddress = Self.home
    ) async throws -> APIFixture.Answer {
        var fields = fields
        visitor?.fields.forEach { fields.append($0, $1) }
        return try await fixture.send("GET", path, fields: fields, from: peer)
    }

    /// The fields of an answer that tell of limits: policy, state, wait.
    private func limits(_ answer: APIFixture.Answer) -> [String?] {
        ["RateLimit-Policy", "RateLimit", "Retry-After"].map { answer.fields[$0] }
    }

    @Test("A53: every answer tells the limit and what is left; too many are refused with the exact wait")
    func told() async throws {
        for left in (0..<20).reversed() {
            let answer = try await get("/api/v1/tasks", by: ada)
            #expect(answer.status == 200)
            #expect(
                limits(answer) == [#""user";q=20;w=120"#, #""user";r=\#(left);t=\#((20 - left) * 6)"#, nil])
        }
        let refused = try await get("/api/v1/tasks", by: ada)
        #expect((refused.status, refused.json["code"]) == (429, "rate_limited"))
        #expect(limits(refused) == [#""user";q=20;w=120"#, #""user";r=0;t=120"#, "6"])
        time.advance(by: 5)
        #expect(limits(try await get("/api/v1/tasks", by: ada)).last == "1")
        time.advance(by: 1)
        #expect(try await get("/api/v1/tasks", by: ada).status == 200)
        #expect(try await get("/api/v1/tasks", by: ada).status == 429)
    }

    @Test("A53: refusals of other kinds count and tell as well, each once")
    func refusals() async throws {
        let task = "/api/v1/tasks/\(fixture.identifiers.make(VideoTask.self))"
        #expect(limits(try await get(task, by: ada))[1] == #""user";r=19;t=6"#)
        #expect(limits(try await get("/api/v1/tasks?limit=0", by: ada))[1] == #""user";r=18;t=12"#)
        let reader = Visitor(keyOf: 1, [.tasksRead])
        var fields = reader.fields
        fields["Content-Type"] = "application/json"
        let forbidden = try await fixture.send(
            "POST", "/api/v1/tasks", bytes: [], fields: fields, from: Self.home)
        #expect((forbidden.status, limits(forbidden)[1]) == (403, #""user";r=17;t=18"#))
    }

    @Test("A53: what is refused before it is known who asks counts on the address: pages of others, attacks")
    func refusedEarly() async throws {
        let fixture = try APIFixture(
            authenticator: VisitorAuthenticator(),
            limiter: RateLimiter(RequestPaces(10, per: .seconds(60)), now: { [time] in time.now }),
            threats: .block)
        let foreign = try await fixture.send(
            "POST", "/api/v1/tasks", fields: ["Origin": "https://evil.example"], from: Self.home)
        #expect((foreign.status, limits(foreign)[1]) == (403, #""address";r=19;t=6"#))
        let attack = try await fixture.send(
            "GET", "/api/v1/tasks?cursor=1%27%20or%20%271%27=%271", from: Self.home)
        #expect((attack.status, limits(attack)[1]?.contains("r=18;")) == (400, true))
        for left in (0..<18).reversed() {
            let again = try await fixture.send(
                "POST", "/api/v1/tasks", fields: ["Origin": "https://evil.example"], from: Self.home)
            #expect((again.status, limits(again)[1]?.contains("r=\(left);")) == (403, true))
        }
        let last = try await fixture.send(
            "POST", "/api/v1/tasks", fields: ["Origin": "https://evil.example"], from: Self.home)
        #expect((last.status, last.json["code"]) == (429, "rate_limited"))
    }

    @Test("A53: who is not known counts on the address, under every address of the server")
    func strangers() async throws {
        var left = 20
        for (method, path, status) in [
            ("GET", "/docs", 200), ("GET", "/api/v1/tasks", 401), ("GET", "/nothing", 404),
            ("DELETE", "/docs", 405), ("OPTIONS", "/api/v1/tasks", 204), ("POST", "/api/v1/tasks", 401),
        ] {
            left -= 1
            let answer = try await fixture.send(method, path, from: Self.home)
            #expect(answer.status == status)
            #expect(
                answer.fields["RateLimit"]?.hasPrefix("\"address\";r=\(left);") == true, "\(method) \(path)")
        }
        for _ in 0..<left { _ = try await get("/nothing") }
        #expect(try await get("/docs").status == 429)
        #expect(try await get("/api/v1/tasks").status == 429)
        #expect(try await get("/docs", from: Self.elsewhere).status == 200)
        // Whoever shows what is good is not held up by others at the same address.
        #expect(try await get("/api/v1/tasks", by: ada).status == 200)
    }

    @Test("A53: health is never refused, and says nothing of limits")
    func health() async throws {
        for _ in 0..<100 {
            let answer = try await get("/health/live")
            #expect((answer.status, limits(answer)) == (200, [nil, nil, nil]))
        }
        #expect(try await get("/docs").fields["RateLimit"] == #""address";r=19;t=6"#)
    }

    @Test("A53: 5,000 made-up addresses in X-Forwarded-For stay one key")
    func spoofed() async throws {
        var served = 0
        for number in 0..<5000 {
            let fields: HTTPFields = ["X-Forwarded-For": "10.1.\(number / 250).\(number % 250)"]
            if try await get("/docs", fields).status == 200 { served += 1 }
        }
        #expect(served == 20)
    }

    @Test("A53: behind a trusted proxy each client counts alone, and what a client makes up changes nothing")
    func proxied() async throws {
        var served = 0
        for number in 0..<100 {
            let fields: HTTPFields = ["X-Forwarded-For": "10.1.1.\(number), 192.0.2.9"]
            if try await get("/docs", fields, from: Self.proxy).status == 200 { served += 1 }
        }
        #expect(served == 20)
        #expect(try await get("/docs", ["X-Forwarded-For": "192.0.2.10"], from: Self.proxy).status == 200)
        #expect(try await get("/docs", from: .v4(0xC000_0209)).status == 429)
    }

    @Test("A53: where people come in a tenth of the pace holds, by address")
    func entrance() async throws {
        let people = People()
        let time = time
        let fixture = try APIFixture(
            authenticator: AccountAuthenticator(identify: people.identify), people: people,
            limiter: RateLimiter(RequestPaces(20, per: .seconds(60)), now: { time.now }))
        let paths = [
            "register", "login", "password/forgot", "password/reset", "email/verify",
        ]
        var statuses: [Int] = []
        for path in paths {
            let answer = try await fixture.send("POST", "/api/v1/auth/\(path)", [:], from: Self.home)
            #expect(answer.fields["RateLimit-Policy"] == #""sign-in";q=4;w=120"#)
            statuses.append(answer.status)
        }
        #expect(statuses == [422, 422, 422, 422, 429])
        // Who goes on with a session shows that nobody guesses, and is not held up by neighbours who do.
        #expect(try await fixture.send("POST", "/api/v1/auth/refresh", [:], from: Self.home).status == 401)
        #expect(
            try await fixture.send("POST", "/api/v1/auth/login", [:], from: Self.elsewhere).status == 422)
    }

    @Test("A53: the document says where and how limits are told")
    func document() throws {
        let document = fixture.document.document
        let tasks = document["paths"]?["/api/v1/tasks"]?["get"]?["responses"]
        #expect(tasks?["200"]?["headers"]?["RateLimit"] != nil)
        #expect(tasks?["200"]?["headers"]?["RateLimit-Policy"] != nil)
        let refusal = document["components"]?["responses"]?["429-rate_limited"]
        for name in ["RateLimit", "RateLimit-Policy", "Retry-After"] {
            #expect(refusal?["headers"]?[name] != nil, "\(name)")
        }
        let health = document["paths"]?["/health/live"]?["get"]?["responses"]
        #expect(health?["200"]?["headers"] == nil && health?["429"] == nil)
    }

    @Test("A53: a server without accounts counts nobody and says nothing of limits")
    func local() async throws {
        let fixture = try APIFixture()
        for _ in 0..<300 {
            let answer = try await fixture.send("GET", "/api/v1/tasks", from: Self.home)
            #expect((answer.status, limits(answer)) == (200, [nil, nil, nil]))
        }
        #expect(!String(decoding: fixture.api.openAPI, as: UTF8.self).contains("\"429\""))
    }
}
