import Application
import Domain
import Presentation
import Testing

@Suite("Orders of people with credits over HTTP")
struct OrderRouteTests {
    private let people: People
    private let fixture: APIFixture
    private static let byAddress: JSONValue = ["source": ["url": "https://a.example/talk.mp4"]]

    init() throws {
        people = People()
        fixture = try APIFixture(
            authenticator: AccountAuthenticator(identify: people.identify), people: people)
    }

    /// Signs somebody up and in; returns what that person's requests carry.
    private func join(_ name: String = "ada", credits: Int? = nil) async throws -> HTTPFields {
        if let credits {
            try await people.store.write { writer in
                try writer.tierWriter.put(
                    Tier(
                        name: .free, monthlyCredits: credits, longestSource: .seconds(600), tasksPerDay: 2,
                        concurrentTasks: 2, storage: 1000, priority: 5))
            }
        }
        let form: JSONValue = [
            "username": .string(name), "email": .string("\(name)@example.org"),
            "password": .string(People.password),
        ]
        try await fixture.send("POST", "/api/v1/auth/register", form)
        let grant = try await fixture.send(
            "POST", "/api/v1/auth/login",
            ["username": .string(name), "password": .string(People.password)])
        return ["Authorization": "Bearer \(try #require(grant.json["access_token"]?.text))"]
    }

    private func order(_ body: JSONValue = byAddress, by fields: HTTPFields) async throws -> APIFixture.Answer
    {
        try await fixture.send("POST", "/api/v1/tasks", body, fields: fields)
    }

    private func preview(_ body: JSONValue = byAddress, by fields: HTTPFields) async throws -> JSONValue {
        let answer = try await fixture.send("POST", "/api/v1/tasks:preview", body, fields: fields)
        #expect(answer.status == 200)
        return answer.json
    }

    private func upload(by fields: HTTPFields) async throws -> APIFixture.Answer {
        var fields = fields
        fields["Content-Disposition"] = "attachment; filename=talk.mp4"
        return try await fixture.send(
            "POST", "/api/v1/uploads", bytes: [UInt8](repeating: 1, count: 600), fields: fields)
    }

    @Test("A13: a preview tells the price, exact for an upload and at most for an address")
    func previews() async throws {
        let ada = try await join()
        let most = try await preview(by: ada)
        #expect(most["credits"] == 1 && most["exact"] == false && most["minutes"] == 1)
        #expect(most["available"] == 10 && most["available_after"] == 9 && most["refusals"] == [])
        let id = try #require(try await upload(by: ada).json["id"])
        let body: JSONValue = [
            "source": ["upload_id": id], "options": ["formats": ["vertical", "square"], "mode": "quality"],
        ]
        let exact = try await preview(body, by: ada)
        #expect(exact["credits"] == 3 && exact["exact"] == true)
        #expect(exact["formats"] == 2 && exact["mode"] == "quality")
        let nothing: JSONValue = ["source": ["upload_id": "0199a3f2-0000-7000-8000-000000000000"]]
        let answer = try await fixture.send("POST", "/api/v1/tasks:preview", nothing, fields: ada)
        #expect(answer.status == 404 && answer.faults == ["/source/upload_id not_found"])
        let credits = try await fixture.send("GET", "/api/v1/users/me/credits", fields: ada).json
        #expect(credits["available"] == 10 && credits["held"] == 0)
    }

    @Test("A22, A11: an order holds its price, which credits and usage show; replayed, it holds nothing more")
    func orders() async throws {
        var ada = try await join()
        ada["Idempotency-Key"] = "one"
        let first = try await order(by: ada)
        let again = try await order(by: ada)
        #expect(first.status == 201 && again.json["id"] == first.json["id"])
        let credits = try await fixture.send("GET", "/api/v1/users/me/credits", fields: ada).json
        #expect(credits["available"] == 9 && credits["held"] == 1)
        #expect(credits["holds"]?.elements?.map { $0["task_id"] } == [first.json["id"]])
        #expect(credits["entries"]?["items"]?.elements?.first?["kind"] == "hold")
        let usage = try await fixture.send("GET", "/api/v1/users/me/usage", fields: ada).json
        #expect(usage["unfinished_tasks"] == 1 && usage["tasks_left_today"] == 2)
        let address = try #require(first.fields["Location"])
        #expect(try await fixture.send("POST", "\(address)/cancel", fields: ada).status == 200)
        let after = try await fixture.send("GET", "/api/v1/users/me/credits", fields: ada).json
        #expect(after["available"] == 10 && after["held"] == 0 && after["holds"] == [])
    }

    @Test("C60, A11: an order that cannot be paid is 402, with price, balance and field")
    func unpaid() async throws {
        let ada = try await join(credits: 3)
        let refused = try await order(by: ada)
        #expect(refused.status == 402 && refused.json["code"] == "insufficient_credits")
        #expect(refused.faults == ["/source out_of_range"])
        #expect(refused.json["detail"]?.text?.contains("up to 10 credits") == true)
        let preview = try await preview(by: ada)
        #expect(preview["available_after"] == JSONValue.null)
        #expect(preview["refusals"]?.elements?.map { $0["code"] } == ["insufficient_credits"])
    }

    @Test("A9, A12: what the plan does not allow is 403, 409 or 429, and the day's end is told")
    func quotas() async throws {
        let ada = try await join(credits: 100)
        let first = try await order(by: ada)
        #expect(try await order(by: ada).status == 201)
        let daily = try await order(by: ada)
        #expect(daily.status == 429 && daily.json["code"] == "quota_tasks_per_day")
        let now = people.clock.now().milliseconds
        let wait = Int64(try #require(daily.fields["Retry-After"])) ?? 0
        #expect((now + wait * 1000) % 86_400_000 < 1000 && wait <= 86_400)
        people.clock.advance(by: .seconds(wait))
        // The session is over by then.
        let grant = try await fixture.send(
            "POST", "/api/v1/auth/login", ["username": "ada", "password": .string(People.password)])
        let later: HTTPFields = [
            "Authorization": "Bearer \(try #require(grant.json["access_token"]?.text))"
        ]
        let busy = try await order(by: later)
        #expect(busy.status == 409 && busy.json["code"] == "quota_tasks_at_once")
        let address = try #require(first.fields["Location"])
        #expect(try await fixture.send("DELETE", address, fields: later).status == 204)
        #expect(try await upload(by: later).status == 201)
        let full = try await upload(by: later)
        #expect(full.status == 409 && full.json["code"] == "quota_storage")
    }

    @Test("A9: a source that is known to be too long for the plan is 403")
    func tooLong() async throws {
        let fixture = try APIFixture(
            inspection: .success(
                MediaFacts(
                    duration: 61, width: 1280, height: 720, frameRate: 25, videoCodec: "h264",
                    audioCodec: "aac", captions: [])),
            authenticator: AccountAuthenticator(identify: people.identify), people: people)
        let ada = try await join()
        var fields = ada
        fields["Content-Disposition"] = "attachment; filename=talk.mp4"
        let upload = try await fixture.send("POST", "/api/v1/uploads", bytes: [1], fields: fields)
        let body: JSONValue = ["source": ["upload_id": try #require(upload.json["id"])]]
        let refused = try await fixture.send("POST", "/api/v1/tasks", body, fields: ada)
        #expect(refused.status == 403 && refused.json["code"] == "quota_source_too_long")
    }

    @Test("A22: what cannot be paid is not resumed, and says so")
    func resumes() async throws {
        let ada = try await join(credits: 10)
        let first = try #require(try await order(by: ada).fields["Location"])
        #expect(try await fixture.send("POST", "\(first)/cancel", fields: ada).status == 200)
        let second = try #require(try await order(by: ada).fields["Location"])
        let refused = try await fixture.send("POST", "\(first)/resume", fields: ada)
        #expect(refused.status == 402 && refused.json["code"] == "insufficient_credits")
        #expect(try await fixture.send("DELETE", second, fields: ada).status == 204)
        #expect(try await fixture.send("POST", "\(first)/resume", fields: ada).json["status"] == "queued")
    }

    @Test("without accounts a preview says that everything is free")
    func local() async throws {
        let fixture = try APIFixture()
        let answer = try await fixture.send("POST", "/api/v1/tasks:preview", Self.byAddress)
        #expect(answer.status == 200 && answer.json["credits"] == 0 && answer.json["exact"] == true)
        #expect(answer.json["minutes"] == JSONValue.null && answer.json["available"] == JSONValue.null)
        #expect(answer.json["refusals"] == [])
    }
}
