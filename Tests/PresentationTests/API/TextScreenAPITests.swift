import Application
import Domain
import Presentation
import TestSupport
import Testing

@Suite("What people write, where an operator has it looked at")
struct TextScreenAPITests {
    private struct NoLog: Log {
        let level = LogLevel.error
        func write(_ level: LogLevel, _ event: String, _ fields: [LogField]) {}
    }

    private static let address = "ask ada@example.org"
    private static let spam = String(repeating: "ha ", count: 60)

    private func make(_ mode: ScreeningMode, people: People? = nil) throws -> APIFixture {
        try APIFixture(
            authenticator: people.map { AccountAuthenticator(identify: $0.identify) }
                ?? LocalAuthenticator(),
            people: people, texts: TextScreen(spam: mode, disclosures: mode, now: { 0 }, log: NoLog()))
    }

    @Test("O51: what should not be told is refused with its place, and taken where it is only watched")
    func disclosures() async throws {
        let blocking = try make(.block)
        let source: JSONValue = ["url": "https://a.example/talk.mp4"]
        let answer = try await blocking.send(
            "POST", "/api/v1/tasks",
            [
                "source": source, "title": .string(Self.address),
                "options": ["topic": .string(Self.address), "formats": ["square"]],
            ])
        #expect(answer.status == 422 && answer.json["code"] == "validation_failed")
        #expect(answer.faults == ["/options/topic sensitive", "/title sensitive"])
        let detail = try #require(answer.json["detail"]?.text)
        #expect(detail.contains("/title must not hold an e-mail address: one stands at 4–18"))
        #expect(!detail.contains("ada"))
        for mode in [ScreeningMode.off, .monitor] {
            let taken = try await make(mode).send(
                "POST", "/api/v1/tasks", ["source": source, "title": .string(Self.address)])
            #expect(taken.status == 201)
        }
    }

    @Test("O51: spam is refused without a word about how it was recognised")
    func spam() async throws {
        let fixture = try make(.block)
        let task = try await fixture.order()
        let answer = try await fixture.send("PATCH", task, ["title": .string(Self.spam.trimmingSpaces)])
        #expect(answer.status == 422 && answer.faults == ["/title spam"])
        let detail = try #require(answer.json["detail"]?.text)
        for rule in SpamSignal.allCases { #expect(!detail.contains(rule.rawValue)) }
    }

    @Test("O51: of what people write in titles and topics nothing ordinary is refused")
    func ordinary() async throws {
        let fixture = try make(.block)
        let task = try await fixture.order()
        for text in Corpus.texts where text != "ada+clips@example.org" {
            let answer = try await fixture.send("PATCH", task, ["title": .string(text)])
            #expect(answer.json["title"] == .string(text))
        }
    }

    @Test(
        "O51: names of keys, people and webhooks are looked at; names to sign in with and addresses are not")
    func elsewhere() async throws {
        let people = People()
        let fixture = try make(.block, people: people)
        let form: JSONValue = [
            "username": "ada", "email": "ada@example.org", "password": .string(People.password),
        ]
        let refused = try await fixture.send(
            "POST", "/api/v1/auth/register",
            [
                "username": "ada", "email": "ada@example.org", "password": .string(People.password),
                "first_name": .string(Self.address),
            ])
        #expect(refused.faults == ["/first_name sensitive"])
        #expect(try await fixture.send("POST", "/api/v1/auth/register", form).status < 300)
        let grant = try await fixture.send(
            "POST", "/api/v1/auth/login", ["username": "ada", "password": .string(People.password)])
        let fields: HTTPFields = ["Authorization": "Bearer \(try #require(grant.json["access_token"]?.text))"]
        let key = try await fixture.send(
            "POST", "/api/v1/api-keys", ["name": .string(Self.address), "scopes": ["tasks:read"]],
            fields: fields)
        #expect(key.faults == ["/name sensitive"])
        let webhook = try await fixture.send(
            "POST", "/api/v1/webhooks",
            [
                "url": "https://hooks.example/a", "description": .string(Self.address),
                "events": ["task.completed"],
            ], fields: fields)
        #expect(webhook.faults == ["/description sensitive"])
    }

    @Test("O51: findings and faults are counted by their rules")
    func metrics() async throws {
        let fixture = try make(.block)
        let task = try await fixture.order()
        for title in [Self.address, Self.address, Self.spam.trimmingSpaces, ""] {
            try await fixture.send("PATCH", task, ["title": .string(title)])
        }
        let text = try await fixture.send("GET", "/metrics").body.text
        for line in [
            #"cutroom_text_findings_total{rule="email",action="refused"} 2"#,
            #"cutroom_text_findings_total{rule="monotony",action="refused"} 1"#,
            #"cutroom_text_findings_total{rule="repetition",action="refused"} 1"#,
            #"cutroom_http_faults_total{rule="sensitive"} 2"#, #"cutroom_http_faults_total{rule="spam"} 1"#,
            #"cutroom_http_faults_total{rule="out_of_range"} 1"#,
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
        let unscreened = try await APIFixture().send("GET", "/metrics").body.text
        #expect(!unscreened.contains("text_findings"))
    }

    @Test("O51: the document says in which fields people write")
    func marked() throws {
        let schemas = try JSONReader(depth: 64, values: 1_000_000)
            .read(make(.off).api.openAPI)["components"]?["schemas"]
        let properties = schemas?["TaskInput"]?["properties"]
        #expect(properties?["title"]?["x-prose"] == true)
        #expect(properties?["source"]?["x-prose"] != true)
    }
}
