import FoundationEssentials
import Glibc
import Infrastructure
import Testing

@Suite("A configuration that changes while the server runs", .timeLimit(.minutes(10)))
struct ReloadTests {
    private struct Report: Decodable {
        struct Provenance: Decodable { let place: String }
        let version: Int
        let restart_needed: [String]
        let provenance: [String: Provenance]
    }
    private struct Health: Decodable {
        struct Component: Decodable {
            let name: String
            let status: String
        }
        let components: [Component]
    }

    private func decoded<Value: Decodable>(_ answer: HTTPResponse) throws -> Value {
        try #require(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        return try JSONDecoder().decode(Value.self, from: Data(answer.body))
    }

    private func report(_ address: String) async throws -> Report {
        try decoded(try await Web.get(address + "/api/v1/operations/config"))
    }

    /// Asks until the configuration is as it should be; the time limit of the suite ends what never comes.
    private func wait(_ address: String, until isSo: (Report) -> Bool) async throws -> Report {
        while true {
            let report = try await report(address)
            if isSo(report) { return report }
        }
    }

    private func level(_ address: String) async throws -> String? {
        let health: Health = try decoded(try await Web.get(address + "/health"))
        return health.components.first { $0.name == "configuration" }?.status
    }

    @Test("O19: a file that is exchanged is read again, and one that cannot be used keeps the last good one")
    func watched() async throws {
        try await Cutroom.use { cutroom in
            let file = cutroom.folder + "/cutroom.json"
            func exchange(_ text: String) throws {
                try cutroom.write(text, to: file + ".new")
                try #require(rename(file + ".new", file) == 0)
            }
            try exchange(#"{"sign_up": "closed"}"#)
            let running = try cutroom.start(
                "serve", "--port", "0", "--workers", "0", "--config", file, "--health-period", "1")
            let address = try await running.address()
            #expect(try await report(address).version == 0)
            try exchange(#"{"sign_up": "open", "cpu_budget": 1}"#)
            let changed = try await wait(address) { $0.version == 1 }
            #expect(changed.restart_needed == ["cpu_budget"])
            #expect(changed.provenance["sign_up"]?.place == file)
            while try await level(address) != "healthy" {}
            try exchange(#"{"sign_up": "anyone"}"#)
            try await running.complains(of: "configuration not read again")
            while try await level(address) != "degraded" {}
            #expect(try await report(address).version == 1)
            // The same good one again: nothing has changed, and all is well.
            try exchange(#"{"sign_up": "open", "cpu_budget": 1}"#)
            while try await level(address) != "healthy" {}
            #expect(try await report(address).version == 1)
            running.signal(SIGTERM)
            #expect(try await running.end().status == 0)
        }
    }

    @Test("O19: Kubernetes' exchange of a link is seen, and SIGHUP has everything read again")
    func link() async throws {
        try await Cutroom.use { cutroom in
            for (version, policy) in [("v1", "closed"), ("v2", "open"), ("v3", "invitation")] {
                mkdir("\(cutroom.folder)/..\(version)", 0o700)
                try cutroom.write(
                    #"{"sign_up": "\#(policy)"}"#, to: "\(cutroom.folder)/..\(version)/cutroom.json")
            }
            let (data, file) = (cutroom.folder + "/..data", cutroom.folder + "/cutroom.json")
            symlink("..v1", data)
            symlink("..data/cutroom.json", file)
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0", "--config", file)
            let address = try await running.address()
            symlink("..v2", data + "_tmp")
            rename(data + "_tmp", data)
            _ = try await wait(address) { $0.version == 1 }
            // Written where nobody watches.
            try cutroom.write(#"{"sign_up": "invitation"}"#, to: "\(cutroom.folder)/..v2/cutroom.json")
            running.signal(SIGHUP)
            _ = try await wait(address) { $0.version == 2 }
            running.signal(SIGTERM)
            #expect(try await running.end().status == 0)
        }
    }

    @Test(
        "O9, A20: what the local user sets is on the disk when it is answered, and no secret is in any answer"
    )
    func durable() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await running.address()
            let set = try await Web.call(
                address + "/api/v1/operations/config/import", method: "POST",
                json: #"{"settings": {"chat_key": "very-sesame", "chat_model": "large", "#
                    + #""chat_url": "http://ada:sesame@a.example/v1"}}"#)
            #expect(set.status == 200)
            running.signal(SIGKILL)
            _ = try await running.end()
            let again = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let other = try await again.address()
            let shown = try await report(other)
            #expect(shown.version == 1 && shown.provenance["chat_key"]?.place == "admin")
            #expect(shown.restart_needed.isEmpty)
            var answers = String(decoding: set.body, as: UTF8.self)
            for path in ["config", "config/history", "config/export"] {
                answers += String(
                    decoding: try await Web.get(other + "/api/v1/operations/" + path).body, as: UTF8.self)
            }
            answers += String(decoding: try await Web.get(other + "/metrics").body, as: UTF8.self)
            answers += try await cutroom.run("config").output
            again.signal(SIGTERM)
            answers += try await again.end().errors
            #expect(answers.contains("••••••") && !answers.contains("sesame"))
            for name in ["cutroom.sqlite", "cutroom.sqlite-wal"] {
                let bytes = FileManager.default.contents(atPath: "\(cutroom.data)/\(name)") ?? Data()
                #expect(bytes.firstRange(of: Array("sesame".utf8)) == nil, "\(name)")
            }
        }
    }
}
