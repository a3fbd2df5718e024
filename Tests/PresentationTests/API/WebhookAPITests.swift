import Application
import Domain
import Presentation
import Testing

@Suite("Webhooks over HTTP")
struct WebhookAPITests {
    private let fixture: APIFixture

    init() throws {
        fixture = try APIFixture()
    }

    private func webhook(_ extra: JSONValue = [:]) async throws -> JSONValue {
        var body = JSONObject([("url", "https://a.example/hook")])
        for member in extra.object?.members ?? [] { body[member.name] = member.value }
        let answer = try await fixture.send("POST", "/api/v1/webhooks", .object(body))
        try #require(answer.status == 201)
        #expect(answer.fields["Cache-Control"] == "no-store")
        return answer.json
    }

    @Test("A18: a webhook shows its secret once, is changed, rotated and removed")
    func life() async throws {
        let made = try await webhook(["description": "Zapier", "events": ["task.completed", "clip.ready"]])
        let secret = try #require(made["secret"]?.text)
        #expect(secret.hasPrefix("whsec_"))
        #expect(made["events"] == ["task.completed", "clip.ready"] && made["enabled"] == true)
        let path = "/api/v1/webhooks/\(try #require(made["id"]?.text))"
        let shown = try await fixture.send("GET", path).json
        #expect(shown["secret"] == nil && shown["description"] == "Zapier")
        #expect(try await fixture.send("GET", "/api/v1/webhooks").json == .array([shown]))

        let off = try await fixture.send("PATCH", path, ["enabled": false, "description": ""]).json
        #expect(off["enabled"] == false && off["disabled_reason"] == "owner" && off["description"] == "")
        #expect(try await fixture.send("PATCH", path, [:]).json == off)
        #expect(try await fixture.send("PATCH", path, ["url": nil]).status == 422)
        let test = try await fixture.send("POST", "\(path)/test")
        #expect(test.status == 409 && test.json["code"] == "webhook_disabled")

        let rotated = try await fixture.send("POST", "\(path)/rotate")
        #expect(rotated.json["secret"]?.text?.hasPrefix("whsec_") == true)
        #expect(rotated.json["secret"]?.text != secret && rotated.json["former_secret_until"] != nil)
        #expect(rotated.fields["Cache-Control"] == "no-store")

        #expect(try await fixture.send("DELETE", path).status == 204)
        #expect(try await fixture.send("GET", path).status == 404)
    }

    @Test(
        "A18: what is no address to deliver to is refused when it is given",
        arguments: [
            "ftp://a.example/", "https://user:secret@a.example/", "https://", "a.example", "https://a b/",
        ])
    func addresses(_ text: String) async throws {
        let refused = try await fixture.send("POST", "/api/v1/webhooks", ["url": .string(text)])
        #expect(refused.status == 422 && refused.faults == ["/url bad_format"])
        let order = try await fixture.send(
            "POST", "/api/v1/tasks",
            ["source": ["url": "https://a.example/v.mp4"], "options": ["notify_url": .string(text)]])
        #expect(order.status == 422 && order.faults == ["/options/notify_url bad_format"])
    }

    @Test("every fault of a webhook is named at once")
    func faults() async throws {
        let refused = try await fixture.send(
            "POST", "/api/v1/webhooks",
            ["url": 7, "events": ["webhook.ping"], "enabled": "yes", "description": "a\nb", "x": 1])
        #expect(
            Set(refused.faults) == [
                "/url wrong_type", "/events/0 not_allowed", "/enabled wrong_type",
                "/description bad_format", "/x unknown",
            ])
        #expect(
            try await fixture.send(
                "POST", "/api/v1/webhooks", ["url": "https://a.example/", "events": []]
            ).faults == ["/events out_of_range"])
    }

    @Test("the twenty-first webhook is refused")
    func tooMany() async throws {
        for _ in 0..<20 { _ = try await webhook() }
        let refused = try await fixture.send("POST", "/api/v1/webhooks", ["url": "https://a.example/"])
        #expect(refused.status == 409 && refused.json["code"] == "webhook_too_many")
    }

    @Test("X12: a task shows its notify_url; its end is in both logs, and can be replayed")
    func deliveries() async throws {
        let hook = "/api/v1/webhooks/\(try #require(try await webhook()["id"]?.text))"
        let plain = try await fixture.order()
        let shown = try await fixture.send("GET", plain).json["options"]?["notify_url"]
        #expect(shown == JSONValue.null)
        let task = try await fixture.order(["options": ["notify_url": "https://b.example/done?x=1"]])
        let options = try await fixture.send("GET", task).json["options"]
        #expect(options?["notify_url"] == "https://b.example/done?x=1")
        _ = try await fixture.complete(task)

        let log = try await fixture.send("GET", "\(hook)/deliveries?limit=1").json
        let rest = try #require(log["next_cursor"]?.text)
        let others = try await fixture.send("GET", "\(hook)/deliveries?cursor=\(rest)").json
        let all = (log["items"]?.elements ?? []) + (others["items"]?.elements ?? [])
        #expect(Set(all.compactMap { $0["event"]?.text }) == ["task.completed", "clip.ready"])
        #expect(all.allSatisfy { $0["status"] == "pending" && $0["last_attempt"] == JSONValue.null })

        let own = try await fixture.send("GET", "\(task)/notifications").json["items"]?.elements
        #expect(own?.map { $0["event"] } == ["task.completed"])
        let delivery = try #require(own?.first)
        let path = "\(task)/notifications/\(try #require(delivery["id"]?.text))"
        #expect(try await fixture.send("GET", path).json == delivery)
        let replayed = try await fixture.send("POST", "\(path)/replay")
        #expect(replayed.status == 202)
        #expect(replayed.json["event_id"] == delivery["event_id"] && replayed.json["id"] != delivery["id"])
        // What is still to be delivered goes out; the task it was about is not there any more.
        #expect(try await fixture.send("DELETE", task).status == 204)
        #expect(try await fixture.send("GET", path).status == 404)
        let ping = try await fixture.send("POST", "\(hook)/test")
        #expect(ping.status == 202 && ping.json["event"] == "webhook.ping")
    }

    @Test("what signs for the addresses of tasks can be shown again, and replaced")
    func notifySecret() async throws {
        let first = try await fixture.send("POST", "/api/v1/notify-secret")
        #expect(first.fields["Cache-Control"] == "no-store")
        #expect(try await fixture.send("POST", "/api/v1/notify-secret").json == first.json)
        let second = try await fixture.send("POST", "/api/v1/notify-secret/rotate").json
        #expect(second["secret"] != first.json["secret"] && second["former_secret_until"] != JSONValue.null)
        #expect(first.json["former_secret_until"] == JSONValue.null)
    }

    @Test("a receiver is sent the type, the moment and little more")
    func body() throws {
        let moment = Timestamp(milliseconds: 1_790_000_000_000)
        let task: Identifier<VideoTask> = Identifier(high: 0x7000, low: 0x8000_0000_0000_0001)
        let clip: Identifier<Clip> = Identifier(high: 0x7000, low: 0x8000_0000_0000_0002)
        let facts = WebhookEvent.TaskFacts(id: task, status: .failed, clips: 2, failure: "not_media")
        func sent(_ kind: WebhookEvent.Kind, _ subject: WebhookEvent.Subject) throws -> JSONValue {
            let event = WebhookEvent(
                id: Identifier(high: 1, low: 1), kind: kind, at: moment, subject: subject)
            let bytes = WireDocument.event(event)
            #expect(bytes == WireDocument.event(event))
            return try JSONReader().read(bytes)
        }
        var data = JSONObject([
            ("task_id", .string("\(task)")), ("status", "failed"),
            ("url", .string("/api/v1/tasks/\(task)")), ("clip_count", 2), ("error_code", "not_media"),
        ])
        let when = JSONValue.string(moment.rfc3339)
        #expect(
            try sent(.taskFailed, .task(facts))
                == ["type": "task.failed", "timestamp": when, "data": .object(data)])
        data["clip_id"] = .string("\(clip)")
        #expect(
            try sent(.clipReady, .clip(clip, of: facts))
                == ["type": "clip.ready", "timestamp": when, "data": .object(data)])
        #expect(
            try sent(.ping, .webhook(Identifier(high: 0x7000, low: 0x8000_0000_0000_0003)))["data"]
                == ["webhook_id": "00000000-0000-7000-8000-000000000003"])
    }
}
