import Application
import Domain
import Presentation
import Testing

@Suite("Invitations, settings and the audit trail over HTTP")
struct AdminSettingTests {
    private func form(_ name: String, _ code: String? = nil) -> JSONValue {
        var form = JSONObject([
            ("username", .string(name)), ("email", .string("\(name)@example.org")),
            ("password", .string(People.password)),
        ])
        if let code { form["invitation"] = .string(code) }
        return .object(form)
    }

    @Test(
        "C63: who may sign up is changed while the server runs, and an invitation that was mailed lets one in"
    )
    func invitation() async throws {
        let world = try await Administration(policy: .closed)
        func register(_ name: String, _ code: String? = nil) async throws -> APIFixture.Answer {
            try await world.fixture.send("POST", "/api/v1/auth/register", form(name, code))
        }
        #expect(try await register("guest").json["code"] == "sign_up_refused")
        let set = try await world.call("PUT", "/settings/sign_up", ["value": "invitation"])
        #expect(set.json["source"] == "admin" && set.json["applies"] == "now" && set.json["is_set"] == true)
        #expect(try await register("guest").json["code"] == "sign_up_refused")
        let invited = try await world.call(
            "POST", "/invitations",
            ["email": "guest@example.org", "tier": "premium", "expires_in_days": 2])
        #expect(invited.status == 201 && invited.fields["Cache-Control"] == "no-store")
        #expect(invited.json["email"] == "guest@example.org" && invited.json["state"] == "open")
        let mailed = await world.people.codes()
        #expect(mailed.last == invited.json["code"]?.text)
        let code = try #require(mailed.last)
        #expect(try await register("other", code).json["code"] == "code_refused")
        let joined = try await register("guest", code)
        #expect(joined.status == 201 && joined.json["tier"] == "premium")
        #expect(try await register("again", code).json["code"] == "code_refused")
        let listed = try await world.call("GET", "/invitations").json
        #expect(listed["items"]?.elements?.first?["user_id"] == joined.json["id"])
        #expect(listed["items"]?.elements?.allSatisfy { $0["code"] == nil } == true)
        let used = try #require(invited.json["id"]?.text)
        #expect(try await world.call("DELETE", "/invitations/\(used)").status == 409)
        let cleared = try await world.call("DELETE", "/settings/sign_up")
        #expect(cleared.json["source"] == "default" && cleared.json["is_set"] == false)
        #expect(try await register("late").json["code"] == "sign_up_refused")
    }

    @Test("an invitation that was withdrawn lets nobody in, and one for someone who is there is not made")
    func withdrawn() async throws {
        let world = try await Administration(policy: .byInvitation)
        let invited = try await world.call("POST", "/invitations", ["role": "admin"])
        let path = "/invitations/\(try #require(invited.json["id"]?.text))"
        #expect(try await world.call("DELETE", path).status == 204)
        #expect(try await world.call("DELETE", path).status == 204)
        let refused = try await world.fixture.send(
            "POST", "/api/v1/auth/register", form("guest", invited.json["code"]?.text))
        #expect(refused.json["code"] == "code_refused")
        let taken = try await world.call("POST", "/invitations", ["email": "ada@example.org"])
        #expect(taken.json["code"] == "email_taken")
        #expect(try await world.call("POST", "/invitations", ["tier": "none"]).status == 404)
        let first = try await world.call("GET", "/invitations?limit=1").json
        #expect(first["items"]?.elements?.first?["state"] == "withdrawn")
        #expect(first["next_cursor"] != JSONValue.null)
    }

    @Test("C63: settings say which value holds and why, when a change holds and who made it, never the value")
    func settings() async throws {
        let world = try await Administration()
        let before = try await world.call("GET", "/settings").json
        #expect(before.elements?.map { $0["source"] } == ["default", "default", "environment"])
        let key = try await world.call("PUT", "/settings/chat_key", ["value": "sesame"])
        #expect(key.json["applies"] == "restart" && key.json["changed_by"] == .string(world.graceID))
        let model = try await world.call("PUT", "/settings/chat_model", ["value": "sesame"])
        #expect(model.json["source"] == "environment" && model.json["is_set"] == true)
        #expect(model.json["reason"]?.text?.contains("does not override the environment") == true)
        let forced = try await world.call(
            "PUT", "/settings/chat_model", ["value": "sesame", "overrides": true])
        #expect(forced.json["source"] == "admin" && forced.json["overrides"] == true)
        let wrong = try await world.call("PUT", "/settings/sign_up", ["value": "sesame"])
        #expect(wrong.faults == ["/value bad_format"])
        #expect(try await world.call("PUT", "/settings/secret_key", ["value": "x"]).status == 404)
        #expect(try await world.call("GET", "/settings/nothing").status == 404)
        let texts = [
            try await world.call("GET", "/settings").body.text,
            try await world.call("GET", "/settings/chat_key").body.text, key.body.text, model.body.text,
            forced.body.text, wrong.body.text, try await world.call("GET", "/audit").body.text,
        ]
        #expect(texts.allSatisfy { !$0.isEmpty && !$0.contains("sesame") })
    }

    @Test("A60: the audit trail is read in pages, by action, actor, object and time")
    func audit() async throws {
        let world = try await Administration()
        let start = world.people.clock.now() + .seconds(1)
        world.people.clock.set(to: start)
        try await world.call("POST", "/users/\(world.adaID)/suspend", ["reason": "spam"])
        try await world.call("PUT", "/settings/chat_key", ["value": "x"])
        func actions(_ query: String) async throws -> [JSONValue?] {
            try await world.call("GET", "/audit?\(query)").json["items"]?.elements?.map { $0["action"] } ?? []
        }
        #expect(try await actions("object=chat_key") == ["setting_changed"])
        #expect(try await actions("action=user_suspended") == ["user_suspended"])
        let since = "since=\(start.rfc3339)"
        #expect(try await actions("actor=\(world.graceID)&\(since)").count == 3)
        #expect(try await actions("actor=\(world.adaID)&\(since)").isEmpty)
        #expect(
            Set(try await actions("object=\(world.adaID)&\(since)")) == ["user_suspended", "session_revoked"])
        #expect(try await actions("until=\(start.rfc3339)&action=user_suspended").isEmpty)
        let first = try await world.call("GET", "/audit?limit=1").json
        let cursor = try #require(first["next_cursor"]?.text)
        let second = try await world.call("GET", "/audit?limit=1&cursor=\(cursor)").json
        #expect(first["items"]?.elements?.first?["id"] != second["items"]?.elements?.first?["id"])
        for query in ["actor=me", "object=", "since=yesterday", "action=nothing"] {
            #expect(try await world.call("GET", "/audit?\(query)").status == 422, "\(query)")
        }
    }

    @Test("A60, A62: the trail goes out as CSV in which no formula runs, made while it is sent")
    func csv() async throws {
        let world = try await Administration()
        let user: Identifier<User> = try #require(Identifier(world.adaID))
        let details = ["=1+1", " +1", "＝1", "say \"hi\", you", "two\r\nlines", "@sum", "-1", "plain", "\tx"]
        let now = world.people.clock.now() + .seconds(1)
        try await world.people.store.write { writer in
            for (number, detail) in details.enumerated() {
                try writer.auditWriter.append(
                    AuditEntry(
                        id: Identifier(high: 7, low: UInt64(100 - number)), at: now, action: .profileChanged,
                        initiator: .server, subject: .user(user), address: NetworkAddress("2001:db8::1"),
                        isSuccess: false, detail: detail))
            }
        }
        let answer = try await world.call("GET", "/audit/export?action=profile_changed")
        #expect(answer.fields["Content-Type"] == "text/csv; charset=utf-8")
        #expect(answer.fields["Content-Disposition"] == "attachment; filename=\"audit.csv\"")
        let text = try streamed(answer.body, by: 7)
        let head = "id,at,action,success,actor,actor_id,object,object_id,owner_id,address,detail\r\n"
        let cells = [
            "'=1+1", "\"' +1\"", "'＝1", "\"say \"\"hi\"\", you\"", "\"two\r\nlines\"", "'@sum", "'-1",
            "plain", "'\tx",
        ]
        let rows = cells.enumerated().map { number, cell in
            let id = Identifier<AuditEntry>(high: 7, low: UInt64(100 - number))
            let who = "server,,user,\(user),,2001:db8:0:0:0:0:0:1"
            return "\(id),\(now.rfc3339),profile_changed,false,\(who),\(cell)\r\n"
        }
        #expect(text == head + rows.joined())
    }

    @Test("A60: whoever asks only for the head of an export takes nothing home, and leaves no line")
    func headOfExport() async throws {
        let world = try await Administration()
        let before = try world.trail().count
        let answer = try await world.call("HEAD", "/audit/export?format=jsonl")
        #expect(answer.status == 200 && answer.fields["Content-Type"] == "application/jsonl; charset=utf-8")
        #expect(try world.trail().count == before)
    }

    @Test("A60, A62: the trail goes out as a line of JSON for each of its lines")
    func jsonLines() async throws {
        let world = try await Administration()
        let answer = try await world.call("GET", "/audit/export?format=jsonl")
        #expect(answer.fields["Content-Type"] == "application/jsonl; charset=utf-8")
        let lines = try streamed(answer.body).split(separator: "\n").map {
            try JSONReader().read(Array($0.utf8))
        }
        let listed = try await world.call("GET", "/audit?limit=100").json["items"]?.elements
        #expect(lines.first?["action"] == "audit_exported" && lines.first?["detail"] == "jsonl")
        #expect(lines == listed)
    }
}
