import FoundationEssentials
import Glibc
import Infrastructure
import Testing

@Suite("The program and its administrators", .timeLimit(.minutes(10)))
struct AdministrationTests {
    private static let password = "correct horse battery"

    private struct Grant: Decodable { let accessToken: String }
    private struct Issued: Decodable { let code: String }
    private struct Status: Decodable {
        let source: String
        let applies: String
        let isSet: Bool
    }
    private struct Row: Decodable {
        let name: String
        let value: String?
        let origin: String
    }

    private func decoded<Value: Decodable>(_ answer: HTTPResponse, _ status: Int = 200) throws -> Value {
        try #require(answer.status == status, "\(String(decoding: answer.body, as: UTF8.self))")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Value.self, from: Data(answer.body))
    }

    /// The program with accounts and an administrator.
    private func administered(_ cutroom: Cutroom) async throws -> Cutroom {
        var cutroom = cutroom
        cutroom.environment["CUTROOM_ACCOUNTS"] = "on"
        cutroom.input = cutroom.folder + "/password.txt"
        try cutroom.write(Self.password + "\n", to: cutroom.input)
        let made = try await cutroom.run("user", "create", "--admin", "ada", "ada@example.org")
        #expect(made.status == 0, "\(made.errors)")
        return cutroom
    }

    private func signIn(at address: String) async throws -> String {
        let grant: Grant = try decoded(
            await Web.call(
                address + "/api/v1/auth/login", method: "POST",
                json: #"{"username":"ada","password":"\#(Self.password)"}"#))
        return grant.accessToken
    }

    private func rows(_ cutroom: Cutroom) async throws -> [String: Row] {
        let run = try await cutroom.run("config", "--json")
        #expect(run.status == 0, "\(run.errors)")
        return Dictionary(uniqueKeysWithValues: try run.json([Row].self).map { ($0.name, $0) })
    }

    private func end(_ running: RunningCutroom) async throws -> Run {
        running.signal(SIGTERM)
        let run = try await running.end()
        #expect(run.status == 0, "\(run.errors)")
        return run
    }

    @Test(
        "C63: an administrator lets people in by invitation, from the next request on, and after a restart too"
    )
    func invitation() async throws {
        try await Cutroom.use { cutroom in
            let cutroom = try await administered(cutroom)
            var running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            var api = try await running.address() + "/api/v1"
            let token = try await signIn(at: String(api.dropLast("/api/v1".count)))
            let form =
                #""username":"guest","email":"guest@example.org","password":"\#(Self.password)""#
            let closed = try await Web.call(api + "/auth/register", method: "POST", json: "{\(form)}")
            #expect(closed.status == 403)
            let set: Status = try decoded(
                await Web.call(
                    api + "/admin/settings/sign_up", method: "PUT", json: #"{"value":"invitation"}"#,
                    token: token))
            #expect(set.source == "admin" && set.applies == "now" && set.isSet)
            let issued: Issued = try decoded(
                await Web.call(
                    api + "/admin/invitations", method: "POST", json: #"{"email":"guest@example.org"}"#,
                    token: token), 201)
            // The mail went to the log, where people read it while they try things out.
            try await running.complains(of: issued.code)
            _ = try await end(running)

            running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            api = try await running.address() + "/api/v1"
            let joined = try await Web.call(
                api + "/auth/register", method: "POST", json: "{\(form),\"invitation\":\"\(issued.code)\"}")
            #expect(joined.status == 201)
            _ = try await end(running)
        }
    }

    @Test("C63: a value holds from the next start on, gives way as it says, and stands nowhere in the clear")
    func restart() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = try await administered(cutroom)
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await running.address()
            let token = try await signIn(at: address)
            for (name, body) in [
                ("chat_url", #"{"value":"http://chat.example/v1/"}"#),
                ("chat_key", #"{"value":"very-sesame"}"#),
                ("chat_model", #"{"value":"large","overrides":true}"#),
                ("finders", #"{"value":"openai, offline"}"#),
            ] {
                let status: Status = try decoded(
                    await Web.call(
                        address + "/api/v1/admin/settings/\(name)", method: "PUT", json: body, token: token))
                #expect(status.source == "admin" && status.applies == "restart")
            }
            for (name, value) in [("finders", "oracle"), ("chat_url", "ftp://a"), ("sign_up", "anyone")] {
                let refused = try await Web.call(
                    address + "/api/v1/admin/settings/\(name)", method: "PUT",
                    json: "{\"value\":\"\(value)\"}", token: token)
                #expect(refused.status == 422, "\(name)")
            }
            for name in ["secret_key", "data", "bind", "whisper_model"] {
                let refused = try await Web.call(
                    address + "/api/v1/admin/settings/\(name)", method: "PUT", json: #"{"value":"x"}"#,
                    token: token)
                #expect(refused.status == 404, "\(name)")
            }
            let run = try await end(running)
            #expect(!run.errors.contains("sesame"))

            let shown = try await rows(cutroom)
            #expect(
                shown["chat_url"]?.origin == "admin"
                    && shown["chat_url"]?.value == "http://chat.example/v1/")
            #expect(shown["chat_key"]?.origin == "admin" && shown["chat_key"]?.value == "••••••")
            #expect(shown["finders"]?.value == "openai,offline")
            cutroom.environment["CUTROOM_CHAT_URL"] = "http://a.example/v1"
            cutroom.environment["CUTROOM_CHAT_MODEL"] = "small"
            let mixed = try await rows(cutroom)
            #expect(mixed["chat_url"]?.origin == "CUTROOM_CHAT_URL")
            #expect(mixed["chat_model"]?.origin == "admin" && mixed["chat_model"]?.value == "large")
            // Without accounts the local user looks after the server, and finds what was set.
            cutroom.environment["CUTROOM_ACCOUNTS"] = "off"
            #expect(try await rows(cutroom)["chat_model"]?.origin == "admin")

            for name in ["cutroom.sqlite", "cutroom.sqlite-wal"] {
                let bytes = FileManager.default.contents(atPath: "\(cutroom.data)/\(name)") ?? Data()
                #expect(bytes.firstRange(of: Array("sesame".utf8)) == nil, "\(name)")
            }
        }
    }

    @Test("C63: what was set and cannot be read any more keeps nothing from starting, and is told in the log")
    func lostKey() async throws {
        try await Cutroom.use { cutroom in
            let cutroom = try await administered(cutroom)
            var running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await running.address()
            let token = try await signIn(at: address)
            let set = try await Web.call(
                address + "/api/v1/admin/settings/chat_model", method: "PUT", json: #"{"value":"large"}"#,
                token: token)
            #expect(set.status == 200)
            // An address without a sender: no reason not to start either.
            let mail = try await Web.call(
                address + "/api/v1/admin/settings/smtp_url", method: "PUT",
                json: #"{"value":"smtps://mail.example"}"#, token: token)
            #expect(mail.status == 200)
            _ = try await end(running)
            running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            _ = try await running.address()
            #expect(try await end(running).errors.contains("mail_from is missing"))
            try FileManager.default.removeItem(atPath: cutroom.data + "/secret.key")
            running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            _ = try await running.address()
            #expect(try await end(running).errors.contains("what an administrator has set cannot be used"))
            #expect(try await rows(cutroom)["chat_model"]?.origin == "default")
        }
    }
}
