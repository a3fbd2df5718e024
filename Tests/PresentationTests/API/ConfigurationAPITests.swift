import Application
import Domain
import Presentation
import Testing

@Suite("The configuration over HTTP")
struct ConfigurationAPITests {
    private static let path = "/api/v1/operations/config"

    private static let unusable: [(body: JSONValue, fault: String)] = [
        (["sign_up": "anyone"], "/sign_up not_allowed"),
        (["port": 1], "/port not_allowed"), (["prot": 1], "/prot not_allowed"),
        (["chat_key": "${file:/etc/shadow}"], "/chat_key not_allowed"),
        (["sign_up": true], "/sign_up not_allowed"),
    ]

    private static let strange: [(body: JSONValue, fault: String)] = [
        (["sign_up": [["open"]]], "/sign_up/0 wrong_type"),
        (["sign_up": ["a,b"]], "/sign_up/0 bad_format"),
        (["sign_up": "a\nb"], "/sign_up out_of_range"),
        (["sign_up": "open", "sign": ["up": "open"]], "/sign/up repeated"),
    ]

    private func tag(_ fixture: APIFixture) async throws -> String {
        try #require(try await fixture.send("GET", Self.path).fields["ETag"])
    }

    private func patch(_ fixture: APIFixture, _ body: JSONValue) async throws -> APIFixture.Answer {
        try await fixture.send("PATCH", Self.path, body, fields: ["If-Match": tag(fixture)])
    }

    @Test(
        "O9, O55: the configuration is shown with what it may be and where it comes from, and without secrets"
    )
    func show() async throws {
        let fixture = try APIFixture()
        _ = try await patch(fixture, ["chat_key": "sesame"])
        let answer = try await fixture.send("GET", Self.path)
        let json = answer.json
        #expect(answer.status == 200 && json["service"] == "cutroom" && json["version"] == 1)
        #expect(json["config"]?["port"] == 9000 && json["config"]?["chat_model"] == "small")
        #expect(json["config"]?["chat_key"] == nil)
        #expect(json["provenance"]?["chat_key"]?["source"] == "admin")
        #expect(json["provenance"]?["chat_key"]?["is_set"] == true)
        #expect(json["provenance"]?["chat_model"]?["place"] == "CUTROOM_CHAT_MODEL")
        #expect(json["restart_needed"] == ["chat_key"])
        #expect(json["schema"]?["schema_defined"] == true && json["schema"]?["model_name"] == "Settings")
        let port = json["schema"]?["fields"]?.elements?.first { $0["name"] == "port" }
        #expect(port?["type"] == "integer" && port?["maximum"] == 65535 && port?["adjustable"] == false)
        #expect(!"\(json)".contains("sesame"))
    }

    @Test(
        "O9: a merge patch changes what it names, answers what was changed, and a second one needs the new tag"
    )
    func patch() async throws {
        let fixture = try APIFixture()
        let first = try await tag(fixture)
        let answer = try await fixture.send(
            "PATCH", Self.path, ["sign_up": "open", "chat": ["model": "large", "key": "sesame"]],
            fields: ["If-Match": first])
        #expect(answer.status == 200 && answer.json["success"] == true && answer.json["version"] == 1)
        let changes = answer.json["changes"]
        #expect(
            changes?["sign_up"] == ["old_value": "closed", "new_value": "open", "change_type": "added"])
        #expect(
            changes?["chat_model"] == ["old_value": "small", "new_value": "large", "change_type": "modified"])
        #expect(changes?["chat_key"]?["new_value"] == "••••••")
        let second = try #require(answer.fields["ETag"])
        #expect(second != first)
        #expect(try await tag(fixture) == second)
        let stale = try await fixture.send(
            "PATCH", Self.path, ["sign_up": "closed"], fields: ["If-Match": first])
        #expect(stale.status == 412 && stale.json["code"] == "precondition_failed")
        let blind = try await fixture.send("PATCH", Self.path, ["sign_up": "closed"])
        #expect(blind.status == 428 && blind.json["code"] == "precondition_required")
        let taken = try await patch(fixture, ["chat_model": nil])
        #expect(taken.json["changes"]?["chat_model"]?["new_value"] == "small")
        #expect(try await fixture.send("GET", Self.path).json["config"]?["sign_up"] == "open")
    }

    @Test(
        "O16: what cannot be set is refused by name, and validation says the same without changing anything",
        arguments: Self.unusable)
    func refused(body: JSONValue, fault: String) async throws {
        let fixture = try APIFixture()
        let answer = try await patch(fixture, body)
        #expect(answer.status == 422 && answer.faults == [fault])
        let verdict = try await fixture.send("POST", Self.path + "/validate", body)
        #expect(verdict.status == 200 && verdict.json["valid"] == false)
        #expect(verdict.json["errors"]?.elements?.count == 1)
        #expect(try await fixture.send("GET", Self.path).json["version"] == 0)
    }

    @Test(
        "a value that no variable could hold is no value",
        arguments: Self.strange)
    func shapes(body: JSONValue, fault: String) async throws {
        let fixture = try APIFixture()
        let answer = try await fixture.send("POST", Self.path + "/validate", body)
        #expect(answer.status == 422 && answer.faults == [fault], "\(answer.faults)")
    }

    @Test("O9, O20: history, rollback, reset, export, import and reload answer as the document says")
    func rest() async throws {
        let fixture = try APIFixture()
        func post(_ what: String, _ body: JSONValue? = nil, fields: HTTPFields = [:]) async throws
            -> APIFixture.Answer
        {
            try await fixture.send("POST", "\(Self.path)/\(what)", body, fields: fields)
        }
        #expect(try await post("validate", ["sign_up": "open"]).json["valid"] == true)
        _ = try await patch(fixture, ["sign_up": "open", "chat_key": "sesame"])
        _ = try await patch(fixture, ["sign_up": nil, "chat_model": "large"])
        let back = try await post("rollback", ["version": 1])
        #expect(back.json["version"] == 3 && back.json["changes"]?["sign_up"]?["new_value"] == "open")
        #expect(try await post("rollback", ["version": 99]).status == 404)
        #expect(try await post("rollback", ["version": 1], fields: ["If-Match": "\"0-0\""]).status == 412)
        let export = try await fixture.send("GET", Self.path + "/export")
        #expect(export.json["settings"] == ["sign_up": "open"])
        #expect(try await post("reset").json["version"] == 4)
        #expect(try await post("import", export.json).json["changes"]?["sign_up"]?["new_value"] == "open")
        let strange = try await post("import", ["settings": ["prot": "1"]])
        #expect(strange.status == 422 && strange.faults == ["/settings/prot not_allowed"])
        #expect(
            try await post("import", ["settings": ["sign_up": nil]]).faults == ["/settings/sign_up required"])
        let reloaded = try await post("reload")
        #expect(reloaded.json["message"] == "Nothing has changed.")
        let history = try await fixture.send("GET", Self.path + "/history")
        #expect(
            history.json.elements?.map { $0["cause"]?.text ?? "" }
                == ["import", "reset", "rollback", "change", "change"])
        #expect(try await fixture.send("GET", Self.path + "/history?limit=1").json.elements?.count == 1)
        #expect(!"\(history.json)\(export.json)".contains("sesame"))
    }
}
