import Presentation
import TestSupport
import Testing

@Suite("What people write")
struct FreeTextTests {
    @Test("A54, O50: titles and topics are never judged by their words")
    func titles() async throws {
        let fixture = try APIFixture()
        let other = try await fixture.order()
        for text in Corpus.texts {
            let address = try await fixture.order([
                "title": .string(text), "options": ["topic": .string(text)],
            ])
            let task = try await fixture.send("GET", address).json
            #expect(task["title"] == .string(text))
            #expect(task["options"]?["topic"] == .string(text))
            let renamed = try await fixture.send("PATCH", other, ["title": .string(text)])
            #expect(renamed.status == 200 && renamed.json["title"] == .string(text))
        }
    }

    @Test("A54, O50: neither are names of people and of keys")
    func names() async throws {
        let people = People()
        let fixture = try APIFixture(
            authenticator: AccountAuthenticator(identify: people.identify), people: people)
        let (name, password) = ("ada", People.password)
        try await fixture.send(
            "POST", "/api/v1/auth/register",
            ["username": .string(name), "email": "ada@example.org", "password": .string(password)])
        let grant = try await fixture.send(
            "POST", "/api/v1/auth/login", ["username": .string(name), "password": .string(password)])
        let fields: HTTPFields = ["Authorization": "Bearer \(try #require(grant.json["access_token"]?.text))"]
        let key = try await fixture.send(
            "POST", "/api/v1/api-keys", ["name": "ci", "scopes": ["tasks:read"]], fields: fields)
        let address = "/api/v1/api-keys/\(try #require(key.json["id"]?.text))"
        for text in Corpus.texts {
            let person = try await fixture.send(
                "PATCH", "/api/v1/users/me", ["first_name": .string(text), "last_name": .string(text)],
                fields: fields)
            #expect(person.json["first_name"] == .string(text) && person.json["last_name"] == .string(text))
            let renamed = try await fixture.send("PATCH", address, ["name": .string(text)], fields: fields)
            #expect(renamed.json["name"] == .string(text))
        }
    }

    @Test(
        "O50: what cannot be seen is refused, with its place",
        arguments: [
            ("a\u{7}b", "U+0007 stands at 1"), ("line\nbreak", "U+000A stands at 4"),
            ("\u{202E}gnp.exe", "U+202E stands at 0"), ("ab\u{2028}", "U+2028 stands at 2"),
            ("\u{1F600}\u{85}", "U+0085 stands at 1"), ("x\u{7F}", "U+007F stands at 1"),
        ])
    func unwritable(text: String, place: String) async throws {
        let fixture = try APIFixture()
        let source: JSONValue = ["url": "https://a.example/talk.mp4"]
        let answer = try await fixture.send(
            "POST", "/api/v1/tasks",
            ["source": source, "title": .string(text), "options": ["topic": .string(text)]])
        #expect(answer.status == 422)
        #expect(Set(answer.faults) == ["/title bad_format", "/options/topic bad_format"])
        #expect(answer.json["detail"]?.text?.contains(place) == true)
        let renamed = try await fixture.send("PATCH", try await fixture.order(), ["title": .string(text)])
        #expect(renamed.status == 422 && renamed.faults == ["/title bad_format"])
    }

    @Test("O50: half a character is no text", arguments: [#""\ud83d""#, #""\ude00\ud83d""#, "\"\u{0}\""])
    func surrogates(text: String) async throws {
        let body = #"{"source":{"url":"https://a.example/t.mp4"},"title":"# + text + "}"
        let answer = try await APIFixture().send(
            "POST", "/api/v1/tasks", bytes: Array(body.utf8), fields: ["Content-Type": "application/json"])
        #expect(answer.status == 400)
    }

    @Test("O50: text comes in in the form in which it is compared, wherever it stands in a body")
    func composed() throws {
        let reader = JSONReader { $0 == "e\u{301}" ? "\u{E9}" : $0 }
        let document = try reader.read(Array("{\"a\":[\"e\u{301}\",{\"b\":\"e\u{301}\"}]}".utf8))
        for text in [document["a"]?.elements?.first?.text, document["a"]?.elements?.last?["b"]?.text] {
            #expect(text?.unicodeScalars.count == 1)
        }
    }
}
