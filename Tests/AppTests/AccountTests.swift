import FoundationEssentials
import Glibc
import Infrastructure
import Testing

@Suite("The program with accounts", .timeLimit(.minutes(10)))
struct AccountTests {
    private static let password = "correct horse battery"

    private struct User: Decodable {
        let id: String
        let username: String
        let role: String
    }
    private struct Grant: Decodable {
        let accessToken: String
        let user: User
    }
    private struct Issued: Decodable { let key: String }
    private struct Listed: Decodable { let id: String }
    private struct Tasks: Decodable { let items: [Listed] }

    /// The program with accounts, whose input is a password.
    private func withAccounts(_ cutroom: Cutroom) throws -> Cutroom {
        var cutroom = cutroom
        cutroom.environment["CUTROOM_ACCOUNTS"] = "on"
        cutroom.input = cutroom.folder + "/password.txt"
        try cutroom.write(Self.password + "\n", to: cutroom.input)
        return cutroom
    }

    private func decoded<Value: Decodable>(_ answer: HTTPResponse, _ status: Int = 200) throws -> Value {
        try #require(answer.status == status, "\(String(decoding: answer.body, as: UTF8.self))")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Value.self, from: Data(answer.body))
    }

    private func signIn(_ name: String, at address: String) async throws -> Grant {
        try decoded(
            await Web.call(
                address + "/api/v1/auth/login", method: "POST",
                json: #"{"username":"\#(name)","password":"\#(Self.password)"}"#))
    }

    private func end(_ running: RunningCutroom) async throws {
        running.signal(SIGTERM)
        let run = try await running.end()
        #expect(run.status == 0, "\(run.errors)")
    }

    private static let order = #"{"source":{"url":"https://a.example/talk.mp4"}}"#

    @Test(
        "the first administrator is made by a command, gets what was there before, and signs in; others stay out"
    )
    func firstAdministrator() async throws {
        try await Cutroom.use { cutroom in
            var running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            var address = try await running.address()
            let task: Listed = try decoded(
                await Web.call(address + "/api/v1/tasks", method: "POST", json: Self.order), 201)
            try await end(running)

            let guarded = try withAccounts(cutroom)
            let made = try await guarded.run("user", "create", "--admin", "ada", "ada@example.org", "--json")
            #expect(made.status == 0, "\(made.errors)")
            #expect(try made.json(User.self).role == "admin")
            let again = try await guarded.run("user", "create", "--admin", "ada", "other@example.org")
            #expect(again.status == 1 && again.errors.split(separator: "\n").count == 1, "\(again.errors)")
            let users = try await guarded.run("user", "list", "--json")
            #expect(try users.json([User].self).map(\.username) == ["ada"])

            running = try guarded.start("serve", "--port", "0", "--workers", "0")
            address = try await running.address()
            #expect(try await Web.call(address + "/api/v1/tasks").status == 401)
            #expect(try await Web.call(address + "/api/v1/tasks", token: "nonsense").status == 401)
            #expect(try await Web.call(address + "/health/live").status == 200)
            let token = try await signIn("ada", at: address).accessToken
            let tasks: Tasks = try decoded(await Web.call(address + "/api/v1/tasks", token: token))
            #expect(tasks.items.map(\.id) == [task.id])

            let key: Issued = try decoded(
                await Web.call(
                    address + "/api/v1/api-keys", method: "POST",
                    json: #"{"name":"ci","scopes":["tasks:read"]}"#, token: token), 201)
            #expect(try await Web.call(address + "/api/v1/tasks", token: key.key).status == 200)
            let refused = try await Web.call(
                address + "/api/v1/tasks", method: "POST", json: Self.order, token: key.key)
            #expect(refused.status == 403)
            try await end(running)

            // The key of the installation outlives the process, and with it what was signed and kept by it.
            running = try guarded.start("serve", "--port", "0", "--workers", "0")
            address = try await running.address()
            let me: User = try decoded(await Web.call(address + "/api/v1/users/me", token: token))
            #expect(me.username == "ada")
            #expect(try await Web.call(address + "/api/v1/tasks", token: key.key).status == 200)
            try await end(running)
            var status = stat()
            #expect(stat(cutroom.data + "/secret.key", &status) == 0 && status.st_mode & 0o777 == 0o600)
            #expect(stat(cutroom.data, &status) == 0 && status.st_mode & 0o777 == 0o700)
        }
    }

    @Test(
        "people sign up where that is open, their mail goes to the log, and they go with all that is theirs")
    func member() async throws {
        try await Cutroom.use { cutroom in
            let guarded = try withAccounts(cutroom)
            let running = try guarded.start("serve", "--port", "0", "--workers", "1", "--sign-up", "open")
            let address = try await running.address()
            let registered = try await Web.call(
                address + "/api/v1/auth/register", method: "POST",
                json: #"{"username":"bob","email":"bob@example.org","password":"\#(Self.password)"}"#)
            #expect(registered.status == 201)
            try await running.complains(of: "\"event\":\"mail\"")
            let token = try await signIn("bob", at: address).accessToken
            let upload = try await Web.client.send(
                HTTPRequest(
                    address + "/api/v1/uploads", method: "POST",
                    headers: [(name: "Authorization", value: "Bearer \(token)")],
                    body: .form([
                        .init(
                            "file",
                            .file(path: try captions(in: cutroom), filename: "a.srt", type: "text/plain"))
                    ]),
                    destination: .configured))
            #expect(upload.status == 201)
            let gone = try await Web.call(
                address + "/api/v1/users/me", method: "DELETE", json: #"{"password":"\#(Self.password)"}"#,
                token: token)
            #expect(gone.status == 204)
            #expect(try await Web.call(address + "/api/v1/tasks", token: token).status == 401)
            try await running.complains(of: "\"event\":\"job completed\"")
            try await end(running)
            let media = try FileManager.default.subpathsOfDirectory(atPath: cutroom.data + "/media")
            #expect(
                !media.contains { path in
                    var isFolder = false
                    return FileManager.default.fileExists(
                        atPath: "\(cutroom.data)/media/\(path)", isDirectory: &isFolder) && !isFolder
                })
        }
    }

    private func captions(in cutroom: Cutroom) throws -> String {
        let path = cutroom.folder + "/a.srt"
        try cutroom.write("1\n00:00:01,000 --> 00:00:02,000\nHello.\n", to: path)
        return path
    }

    @Test("without accounts nothing of them is there, and nobody is asked")
    func local() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await running.address()
            #expect(try await Web.call(address + "/api/v1/tasks").status == 200)
            let login = try await Web.call(address + "/api/v1/auth/login", method: "POST", json: "{}")
            #expect(login.status == 404)
            try await end(running)
            #expect(!FileManager.default.fileExists(atPath: cutroom.data + "/secret.key"))
        }
    }

    @Test("with accounts it is served elsewhere than on the loopback addresses, under the names that are set")
    func elsewhere() async throws {
        try await Cutroom.use { cutroom in
            let guarded = try withAccounts(cutroom)
            let running = try guarded.start("serve", "--port", "0", "--workers", "0", "--bind", "127.0.0.2")
            let address = try await running.address()
            #expect(address.hasPrefix("http://127.0.0.2:"))
            #expect(try await Web.call(address + "/health/live").status == 200)
            #expect(try await Web.call(address + "/api/v1/tasks").status == 401)
            try await end(running)
        }
    }

    @Test("the document of the API has the routes of accounts where there are any")
    func document() async throws {
        try await Cutroom.use { cutroom in
            let plain = try await cutroom.run("openapi")
            #expect(plain.status == 0 && !plain.output.contains("/api/v1/auth/login"))
            let document = try await cutroom.run("openapi", "--accounts", "on")
            #expect(document.output.contains("/api/v1/auth/login"))
            #expect(!FileManager.default.fileExists(atPath: cutroom.data))
        }
    }
}
