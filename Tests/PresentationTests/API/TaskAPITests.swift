import Application
import Domain
import Presentation
import Testing

@Suite("Tasks over HTTP")
struct TaskAPITests {
    @Test("C13: an order is answered with the whole task, its address and its job")
    func create() async throws {
        let fixture = try APIFixture()
        let answer = try await fixture.send(
            "POST", "/api/v1/tasks",
            [
                "source": ["url": "https://a.example/talk.mp4"],
                "options": ["formats": ["square", "vertical"]],
            ])
        #expect(answer.status == 201)
        let id = try #require(answer.json["id"]?.text)
        #expect(answer.fields["Location"] == "/api/v1/tasks/\(id)")
        #expect(
            answer.json.object?.members.map(\.name) == [
                "id", "title", "status", "stage", "progress", "message", "error", "attempts", "timings",
                "source",
                "options", "summary", "key_topics", "clips", "created_at", "started_at", "completed_at",
            ])
        #expect(answer.json["status"] == "queued")
        #expect(
            answer.json["options"]
                == [
                    "count": 3, "min_duration": 15, "max_duration": 60, "formats": ["square", "vertical"],
                    "captions": ["template": "default", "font": nil, "size": nil, "color": nil], "topic": nil,
                    "language": nil, "ranges": [], "mode": "balanced", "notify_url": nil,
                ])
        #expect(
            answer.json["source"] == [
                "kind": "url", "url": "https://a.example/talk.mp4", "filename": "talk.mp4", "media": nil,
            ])
        #expect(answer.json["created_at"] == "2026-09-21T14:13:20.000Z")
        let jobs = try await fixture.send("GET", "/api/v1/jobs")
        #expect(jobs.json["items"]?.elements?.map { $0["subject_id"] } == [.string(id)])
    }

    @Test(
        "no captions can be asked for in two ways",
        arguments: [["captions": nil], ["captions": ["template": nil]]] as [JSONValue])
    func noCaptions(options: JSONValue) async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order(["options": options])
        #expect(
            try await fixture.send("GET", task).json["options"]?["captions"]?["template"] == JSONValue.null)
    }

    @Test("A25, C16: the whole state of a completed task is told")
    func show() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order(["title": "Greeting"])
        let clip = try await fixture.complete(task)
        let answer = try await fixture.send("GET", task)
        #expect(answer.json["status"] == "completed")
        #expect(answer.json["progress"] == 100)
        #expect(answer.json["timings"] == ["acquiring": 1.5])
        #expect(answer.json["summary"] == "A greeting.")
        #expect(answer.json["source"]?["media"]?["fps"] == 29.97)
        let shown = try #require(answer.json["clips"]?.elements?.first)
        #expect(shown["title"] == "Hello \"there\"")
        #expect(
            shown["scores"] == ["hook": 20, "engagement": 10, "value": 5, "shareability": 1, "total": 36])
        #expect(shown["thumbnail_url"] == .string("\(clip)/thumbnail"))
        let file = try #require(shown["formats"]?.elements?.first)
        #expect(file["url"] == .string("\(clip)/file?format=vertical"))
        #expect(file["path"] == nil)
    }

    @Test("C17: the list is paged by cursor, newest first, and filtered")
    func list() async throws {
        let fixture = try APIFixture()
        var tasks: [String] = []
        for _ in 0..<5 {
            tasks.append(try await fixture.order())
            fixture.clock.advance(by: .seconds(1))
        }
        try await fixture.send("POST", tasks[1] + "/cancel")
        var seen: [String] = []
        var cursor = ""
        repeat {
            let page = try await fixture.send("GET", "/api/v1/tasks?limit=2\(cursor)")
            seen += (page.json["items"]?.elements ?? []).compactMap { $0["id"]?.text }
            cursor = page.json["next_cursor"]?.text.map { "&cursor=\($0)" } ?? ""
        } while !cursor.isEmpty
        #expect(seen == tasks.reversed().map { $0.split(separator: "/").last.map(String.init) })
        let cancelled = try await fixture.send("GET", "/api/v1/tasks?status=cancelled").json["items"]?
            .elements
        #expect(cancelled?.count == 1)
        #expect(cancelled?.first?["clip_count"] == 0)
        #expect(
            cancelled?.first?.object?.members.map(\.name) == [
                "id", "title", "status", "stage", "progress", "message", "error", "attempts", "timings",
                "source", "key_topics", "clip_count", "created_at", "started_at", "completed_at",
            ])
    }

    @Test("C18: a task is cancelled once and again, but not when it has ended otherwise")
    func cancel() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        for _ in 0..<2 {
            let answer = try await fixture.send("POST", task + "/cancel")
            #expect(answer.status == 200)
            #expect(answer.json["status"] == "cancelled")
        }
        let other = try await fixture.order()
        _ = try await fixture.complete(other)
        let refused = try await fixture.send("POST", other + "/cancel")
        #expect(refused.status == 409)
        #expect(refused.json["code"] == "conflict")
    }

    @Test("C19: only failed and cancelled tasks are resumed")
    func resume() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        #expect(try await fixture.send("POST", task + "/resume").status == 409)
        try await fixture.send("POST", task + "/cancel")
        let resumed = try await fixture.send("POST", task + "/resume")
        #expect(resumed.status == 200)
        #expect(resumed.json["status"] == "queued")
        #expect(resumed.json["completed_at"] == nil as JSONValue)
        try await fixture.work(on: task) { task, _ in
            _ = try task.begin(at: Timestamp(milliseconds: 0))
            return try task.fail(
                TaskFailure(code: "source_too_short", message: "Too short.", stage: .acquiring),
                at: Timestamp(milliseconds: 5))
        }
        let failed = try await fixture.send("GET", task)
        #expect(
            failed.json["error"] == [
                "code": "source_too_short", "message": "Too short.", "stage": "acquiring",
            ])
        #expect(try await fixture.send("POST", task + "/resume").status == 200)
    }

    @Test("C20: a deleted task is gone, with its jobs")
    func delete() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        #expect(try await fixture.send("DELETE", task).status == 204)
        for (method, path) in [
            ("DELETE", task), ("GET", task), ("GET", task + "/events"), ("POST", task + "/resume"),
        ] {
            #expect(try await fixture.send(method, path).status == 404)
        }
        #expect(try await fixture.send("GET", "/api/v1/jobs").json["items"] == [])
    }

    @Test("C3: a task is renamed")
    func rename() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        #expect(try await fixture.send("PATCH", task, ["title": "Ünïcode 🎬"]).json["title"] == "Ünïcode 🎬")
        #expect(try await fixture.send("GET", task).json["title"] == "Ünïcode 🎬")
        for title: JSONValue in ["", "  ", nil, 7, .string(String(repeating: "x", count: 201)), "a\nb"] {
            let refused = try await fixture.send("PATCH", task, ["title": title])
            #expect(refused.status == 422)
            #expect(refused.faults.first?.hasPrefix("/title ") == true)
        }
        #expect(try await fixture.send("PATCH", task, [:]).faults == ["/title required"])
    }

    @Test("A66: a repeated order gets the very same answer, another body under its key is refused")
    func idempotency() async throws {
        let fixture = try APIFixture()
        let body: JSONValue = ["source": ["url": "https://a.example/talk.mp4"]]
        let first = try await fixture.send("POST", "/api/v1/tasks", body, fields: ["Idempotency-Key": "k 1"])
        fixture.clock.advance(by: .seconds(23 * 3600))
        let again = try await fixture.send(
            "POST", "/api/v1/tasks", body, fields: ["Idempotency-Key": "\"k 1\""])
        #expect(again.status == 201)
        #expect(again.body.text == first.body.text)
        #expect(again.fields["Location"] == first.fields["Location"])
        let other = try await fixture.send(
            "POST", "/api/v1/tasks", ["source": ["url": "https://a.example/b.mp4"]],
            fields: ["Idempotency-Key": "k 1"])
        #expect(other.status == 422)
        #expect(other.json["code"] == "idempotency_key_reused")
        fixture.clock.advance(by: .seconds(2 * 3600))
        let later = try await fixture.send("POST", "/api/v1/tasks", body, fields: ["Idempotency-Key": "k 1"])
        #expect(later.json["id"] != first.json["id"])
    }

    @Test("a repeated order gets its answer also when the task is gone, and makes no other")
    func idempotencyAfterDeletion() async throws {
        let fixture = try APIFixture()
        let body: JSONValue = ["source": ["url": "https://a.example/talk.mp4"]]
        let first = try await fixture.send("POST", "/api/v1/tasks", body, fields: ["Idempotency-Key": "k"])
        let task = try #require(first.fields["Location"])
        try await fixture.send("DELETE", task)
        let again = try await fixture.send("POST", "/api/v1/tasks", body, fields: ["Idempotency-Key": "k"])
        #expect(again.status == 201 && again.body.text == first.body.text)
        #expect(try await fixture.send("GET", task).status == 404)
        #expect(try await fixture.send("GET", "/api/v1/tasks").json["items"] == [])
    }

    @Test("a refusal is not kept: the key can be used again")
    func refusalNotKept() async throws {
        let fixture = try APIFixture()
        let fields: HTTPFields = ["Idempotency-Key": "k"]
        #expect(
            try await fixture.send("POST", "/api/v1/tasks", ["source": [:]], fields: fields).status == 422)
        let body: JSONValue = ["source": ["url": "https://a.example/talk.mp4"]]
        #expect(try await fixture.send("POST", "/api/v1/tasks", body, fields: fields).status == 201)
    }

    @Test(
        "an idempotency key has 1–255 characters",
        arguments: ["", "\"\"", String(repeating: "k", count: 256), "ü", "\"a"])
    func badKey(key: String) async throws {
        let answer = try await APIFixture().send(
            "POST", "/api/v1/tasks", ["source": ["url": "https://a.example/talk.mp4"]],
            fields: ["Idempotency-Key": key])
        #expect(answer.faults == ["Idempotency-Key bad_format"])
    }

    @Test("the transcript is told in four forms, once it is there")
    func transcript() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        #expect(try await fixture.send("GET", task + "/transcript").json["code"] == "not_ready")
        _ = try await fixture.complete(task)
        let words = try await fixture.send("GET", task + "/transcript").json["words"]
        #expect(
            words == [
                ["text": "Hello", "start": 3, "end": 3.5, "confidence": 0.9, "speaker": "A"],
                ["text": "there.", "start": 3.5, "end": 4, "confidence": nil, "speaker": nil],
            ])
        let srt = try await fixture.send("GET", task + "/transcript?as=srt")
        #expect(srt.fields["Content-Type"] == "application/x-subrip; charset=utf-8")
        #expect(srt.body.text.contains("00:00:03,000 --> "))
        #expect(try await fixture.send("GET", task + "/transcript?as=vtt").body.text.hasPrefix("WEBVTT"))
        #expect(try await fixture.send("GET", task + "/transcript?as=txt").body.text.contains("A: Hello"))
        #expect(try await fixture.send("GET", task + "/transcript?as=doc").faults == ["as not_allowed"])
        let json: HTTPFields = ["Accept": "application/json"]
        #expect(try await fixture.send("GET", task + "/transcript?as=json", fields: json).status == 200)
        #expect(try await fixture.send("GET", task + "/transcript?as=srt", fields: json).status == 406)
    }

    @Test("a job that was called off can be retried, one that waits cannot")
    func jobs() async throws {
        let fixture = try APIFixture()
        let task = try await fixture.order()
        let job = try #require(
            try await fixture.send("GET", "/api/v1/jobs?state=available").json["items"]?.elements?.first?[
                "id"]?.text)
        #expect(try await fixture.send("GET", "/api/v1/jobs/\(job)").json["kind"] == "run_video_task")
        #expect(try await fixture.send("POST", "/api/v1/jobs/\(job)/retry").status == 409)
        try await fixture.send("POST", task + "/cancel")
        #expect(try await fixture.send("GET", "/api/v1/jobs/\(job)").json["state"] == "cancelled")
        let retried = try await fixture.send("POST", "/api/v1/jobs/\(job)/retry")
        #expect(retried.json["state"] == "available")
    }

    @Test(
        "a moment is written in UTC whatever its year",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (.max, "9999-12-31T23:59:59.999Z"),
            (.min, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func moments(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
    }
}
