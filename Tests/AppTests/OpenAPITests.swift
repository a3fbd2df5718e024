import FoundationEssentials
import Glibc
import Infrastructure
import TestSupport
import Testing

@Suite("The program and its document", .timeLimit(.minutes(15)))
struct OpenAPITests {
    /// The script that holds a server against its document.
    private static let script: String = {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        return root + "/scripts/check-openapi"
    }()
    /// What the script ends with where its tools cannot be had.
    private static let isWithoutTools: Int32 = 69

    @Test(
        "C69: whatever is sent, no answer is a 5xx or missing in the document, from the upload to the clips",
        .enabled(if: Slow.enabled))
    func document() async throws {
        try await Cutroom.use { cutroom in
            let sample = try await Recording.remark(in: cutroom.folder)
            let running = try cutroom.start("serve", "--port", "0", "--workers", "2")
            let address = try await running.address()
            // What it writes is read meanwhile: a full pipe would hold up every request that is logged.
            async let run = running.end()
            let check = try await ChildProcesses.shared.run(
                ChildProgram(
                    "bash", [Self.script, address], environment: ["SAMPLE": sample], folder: cutroom.folder,
                    limits: ChildLimits(deadline: .seconds(840)), network: true))
            running.signal(SIGTERM)
            #expect(try await run.status == 0)
            if check.exit == .code(Self.isWithoutTools) {
                try Test.cancel("\(check.complaint.split(separator: "\n").last ?? "the tools are missing")")
            }
            let report = String(decoding: check.output, as: UTF8.self)
            #expect(check.exit == .code(0), "\(report)\n\(check.complaint)")
            print(String(report.split(separator: "\n").last ?? ""))
        }
    }

    /// Who may ask a server with accounts.
    enum CallerKind: CaseIterable { case nobody, user, key, administrator }

    @Test(
        "A50: whoever asks a server with accounts, no answer is a 5xx or missing in the document",
        .enabled(if: Slow.enabled), arguments: CallerKind.allCases)
    func callers(kind: CallerKind) async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment = ["CUTROOM_ACCOUNTS": "on", "CUTROOM_RATE_LIMIT": "off"]
            cutroom.input = cutroom.folder + "/password.txt"
            try cutroom.write("correct horse battery\n", to: cutroom.input)
            _ = try await cutroom.run("user", "create", "--admin", "ada", "ada@example.org")
            let running = try cutroom.start(
                "serve", "--port", "0", "--workers", "0", "--sign-up", "open")
            let address = try await running.address()
            let caller = try await Self.credential(of: kind, at: address)
            async let run = running.end()
            let check = try await ChildProcesses.shared.run(
                ChildProgram(
                    "bash", [Self.script, address], environment: ["CALLER": caller, "EXAMPLES": "5"],
                    folder: cutroom.folder, limits: ChildLimits(deadline: .seconds(840)), network: true))
            running.signal(SIGTERM)
            #expect(try await run.status == 0)
            if check.exit == .code(Self.isWithoutTools) {
                try Test.cancel("\(check.complaint.split(separator: "\n").last ?? "the tools are missing")")
            }
            #expect(
                check.exit == .code(0),
                "\(String(decoding: check.output, as: UTF8.self))\n\(check.complaint)")
        }
    }

    /// What someone of that kind shows.
    private static func credential(of kind: CallerKind, at address: String) async throws -> String {
        let password = #""password":"correct horse battery""#
        let name = kind == .administrator ? "ada" : "bob"
        let api = address + "/api/v1"
        switch kind {
        case .nobody: return "nobody"
        case .administrator: break
        case .user, .key:
            let joined = try await Web.call(
                api + "/auth/register", method: "POST",
                json: #"{"username":"bob","email":"bob@example.org",\#(password)}"#)
            #expect(joined.status == 201)
        }
        let grant = try await Web.call(
            api + "/auth/login", method: "POST", json: #"{"username":"\#(name)",\#(password)}"#)
        let token = try #require(try shown(grant).accessToken)
        guard kind == .key else { return token }
        let issued = try await Web.call(
            api + "/api-keys", method: "POST",
            json: #"{"name":"ci","scopes":["tasks:read","tasks:write","account:read"]}"#, token: token)
        return try #require(try shown(issued).key)
    }

    private struct Shown: Decodable {
        let accessToken: String?
        let key: String?
    }

    private static func shown(_ answer: HTTPResponse) throws -> Shown {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Shown.self, from: Data(answer.body))
    }
}
