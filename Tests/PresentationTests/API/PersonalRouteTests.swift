import Application
import Domain
import Presentation
import Testing

@Suite("Preferences and exports over HTTP")
struct PersonalRouteTests {
    private let people: People
    private let fixture: APIFixture

    init() throws {
        people = People()
        fixture = try APIFixture(
            authenticator: AccountAuthenticator(identify: people.identify), people: people)
    }

    /// Signs somebody up and in.
    private func join(_ name: String) async throws -> HTTPFields {
        let form = SignUpForm(username: name, email: "\(name)@example.org", password: People.password)
        _ = try await people.capabilities.register(form, from: .server)
        let grant = try await people.capabilities.signIn(
            name: name, password: People.password, from: .server)
        return ["Authorization": "Bearer \(grant.accessToken)"]
    }

    private static let path = "/api/v1/users/me/preferences"
    private static let ordinary: JSONValue = [
        "formats": ["vertical"],
        "captions": ["template": "default", "font": nil, "size": nil, "color": nil], "notify": false,
    ]

    @Test("C57: preferences are patched: what is missing stays, null takes the template's own")
    func patch() async throws {
        let fields = try await join("ada")
        func patch(_ body: JSONValue) async throws -> JSONValue {
            let answer = try await fixture.send("PATCH", Self.path, body, fields: fields)
            #expect(answer.status == 200)
            return answer.json
        }
        #expect(try await fixture.send("GET", Self.path, fields: fields).json == Self.ordinary)
        #expect(try await patch([:]) == Self.ordinary)
        let look: JSONValue = ["template": "bold", "font": "Sans", "size": 0.05, "color": "#FF000080"]
        let chosen = try await patch(["captions": look, "formats": ["square", "vertical"], "notify": true])
        #expect(
            chosen == [
                "formats": ["square", "vertical"],
                "captions": ["template": "bold", "font": "Sans", "size": 0.05, "color": "#ff000080"],
                "notify": true,
            ])
        let plain = try await patch(["captions": ["template": nil, "color": nil]])
        #expect(plain["captions"] == ["template": nil, "font": "Sans", "size": 0.05, "color": nil])
        #expect(plain["notify"] == true)
        #expect(try await fixture.send("GET", Self.path, fields: try await join("bob")).json == Self.ordinary)
    }

    @Test(
        "C57: what cannot be preferred is refused with its place",
        arguments: [
            (["captions": ["template": "nope"]], "/captions/template not_allowed"),
            (["captions": ["font": "Comic"]], "/captions/font not_allowed"),
            (["captions": ["font": "a\nb"]], "/captions/font bad_format"),
            (["captions": ["size": 0.2]], "/captions/size out_of_range"),
            (["captions": ["color": "red"]], "/captions/color bad_format"),
            (["captions": ["color": "#12345g"]], "/captions/color bad_format"),
            (["captions": nil], "/captions wrong_type"), (["formats": []], "/formats out_of_range"),
            (["formats": nil], "/formats wrong_type"), (["notify": "yes"], "/notify wrong_type"),
            (["font": "Sans"], "/font unknown"),
        ] as [(JSONValue, String)])
    func refusals(body: JSONValue, fault: String) async throws {
        let fields = try await join("ada")
        let answer = try await fixture.send("PATCH", Self.path, body, fields: fields)
        #expect(answer.status == 422 && answer.faults == [fault])
        #expect(try await fixture.send("GET", Self.path, fields: fields).json == Self.ordinary)
    }

    @Test("C57: an order takes what it leaves out from its caller's preferences, null and words go before")
    func orders() async throws {
        let fields = try await join("ada")
        try await people.store.write { writer in
            try writer.tierWriter.put(
                Tier(
                    name: .free, monthlyCredits: 1000, longestSource: nil, tasksPerDay: nil,
                    concurrentTasks: 10, storage: 1 << 30, priority: Job.ordinaryPriority))
        }
        let chosen: JSONValue = [
            "captions": ["template": "bold", "font": "Sans", "color": "#010203"], "formats": ["square"],
        ]
        _ = try await fixture.send("PATCH", Self.path, chosen, fields: fields)
        func options(_ options: JSONValue?) async throws -> JSONValue {
            let extra = options.map { JSONValue.object(JSONObject([("options", $0)])) } ?? [:]
            let task = try await fixture.order(extra, fields: fields)
            return try await fixture.send("GET", task, fields: fields).json["options"] ?? nil
        }
        for said in [nil, [:], ["captions": [:]]] as [JSONValue?] {
            let used = try await options(said)
            #expect(used["formats"] == ["square"])
            #expect(
                used["captions"] == ["template": "bold", "font": "Sans", "size": nil, "color": "#010203"])
        }
        let used = try await options([
            "formats": ["vertical"], "captions": ["template": "default", "font": nil, "size": 0.1],
        ])
        #expect(used["formats"] == ["vertical"])
        #expect(
            used["captions"] == ["template": "default", "font": nil, "size": 0.1, "color": "#010203"])
        let none = try await options(["captions": nil])
        #expect(none["captions"] == ["template": nil, "font": nil, "size": nil, "color": nil])
    }

    @Test("A7: an export is one archive of all that is stored about the caller, without any secret")
    func export() async throws {
        let fields = try await join("ada")
        _ = try await join("bob")
        var upload = fields
        upload["Content-Disposition"] = "attachment; filename=\"../talk.mp4\""
        _ = try await fixture.send("POST", "/api/v1/uploads", bytes: [1, 2, 3], fields: upload)
        let key = try await fixture.send(
            "POST", "/api/v1/api-keys", ["name": "ci", "scopes": ["tasks:read"]], fields: fields)
        let task = try await fixture.order(["title": "Talk"], fields: fields)
        _ = try await fixture.complete(task)
        let answer = try await fixture.send("GET", "/api/v1/users/me/export?files=true", fields: fields)
        #expect(answer.status == 200)
        #expect(answer.fields["Content-Type"] == "application/zip")
        #expect(answer.fields["Cache-Control"] == "no-store")
        let text = try read(answer.body)
        let lines = text.split(separator: "\n").map(String.init)
        let folder = "tasks/\(try fixture.id(of: task))"
        let names = lines.filter { $0.contains(".") && !$0.hasPrefix("{") && !$0.hasPrefix("[") }
        #expect(
            names.prefix(7) == [
                "profile.json", "preferences.json", "sessions.json", "api-keys.json", "webhooks.json",
                "credits/000001.json", "audit/000001.json",
            ])
        #expect(names.contains("\(folder)/task.json") && names.contains("\(folder)/transcript.json"))
        #expect(names.contains { $0.hasPrefix(folder) && $0.hasSuffix("-vertical.mp4") })
        #expect(names.contains { $0.hasPrefix("uploads/") && $0.hasSuffix("/upload.json") })
        #expect(names.allSatisfy { !$0.split(separator: "/").contains("..") && !$0.hasPrefix("/") })
        #expect(text.contains("ada@example.org") && !text.contains("bob"))
        let token = try #require(fields["Authorization"]?.split(separator: " ").last.map(String.init))
        for secret in [try #require(key.json["key"]?.text), token, "hash\"", "password\"", "crr_"] {
            #expect(!text.contains(secret), "\(secret)")
        }
        let again = try await fixture.send("GET", "/api/v1/users/me/export", fields: fields)
        #expect(again.status == 429 && again.json["code"] == "export_too_soon")
        #expect(again.fields["Retry-After"] == "60")
    }

    @Test("A7: asking for the head of an export reads nothing, and what is no truth is refused")
    func head() async throws {
        let fields = try await join("ada")
        #expect(try await fixture.send("HEAD", "/api/v1/users/me/export", fields: fields).status == 200)
        let refused = try await fixture.send("GET", "/api/v1/users/me/export?files=1", fields: fields)
        #expect(refused.status == 422)
        let answer = try await fixture.send("GET", "/api/v1/users/me/export?files=false", fields: fields)
        #expect(answer.status == 200)
    }

    private func read(_ body: HTTPBody) throws -> String {
        guard case .stream(let source, length: nil) = body else {
            throw PortError.corrupt("no stream of unknown length")
        }
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 1)
        defer { buffer.deallocate() }
        while case let count = try source.read(into: buffer), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
