import FoundationEssentials
import Glibc
import Testing

@Suite("Configuration files", .timeLimit(.minutes(10)))
struct ConfigurationFileTests {
    private struct Row: Decodable {
        let name: String
        let value: String?
        let origin: String
    }

    private func rows(_ cutroom: Cutroom, _ words: String...) async throws -> [String: Row] {
        let run = try await cutroom.run(words: ["config", "--json"] + words)
        #expect(run.status == 0, "\(run.errors)")
        return Dictionary(uniqueKeysWithValues: try run.json([Row].self).map { ($0.name, $0) })
    }

    @Test(
        "O17: unknown names are refused, told or passed over, and the first two say what was meant",
        arguments: [
            ("strict", 2, true), ("warn", 0, true), ("none", 0, false), ("permissive", 0, false),
        ])
    func levels(level: String, status: Int32, isTold: Bool) async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            let file = cutroom.folder + "/settings.json"
            try cutroom.write(#"{"wrokers": 3}"#, to: file)
            cutroom.environment = ["CUTROOM_CONFIG": file, "CUTROOM_CONFIG_VALIDATION": level]
            let inFile = try await cutroom.run("config")
            #expect(inFile.status == status)
            #expect(inFile.errors.contains("wrokers; did you mean workers?") == isTold)
            cutroom.environment = ["CUTROOM_WORKRES": "3", "CUTROOM_CONFIG_VALIDATION": level]
            let inEnvironment = try await cutroom.run("config")
            #expect(inEnvironment.status == status)
            #expect(inEnvironment.errors.contains("did you mean CUTROOM_WORKERS?") == isTold)
        }
    }

    @Test(
        "O15: whatever begins like another's name is nobody's but its own",
        arguments: ["CUTROOM_CHAT_URL", "CUTROOM_CHAT_MODEL"])
    func prefixes(variable: String) async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment = [variable: "http://a.example"]
            let set = try await rows(cutroom).values.filter { $0.origin == variable }
            #expect(set.map { "CUTROOM_" + $0.name.uppercased() } == [variable])
        }
    }

    @Test("O16: what is false is false, and a value that only begins right is wrong")
    func values() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment = ["CUTROOM_ADMIN": "false"]
            let admin = try await rows(cutroom)["admin"]
            #expect(admin?.value == "false")
            for (variable, value) in [("CUTROOM_PORT", "80x"), ("CUTROOM_ACCOUNTS", "only")] {
                cutroom.environment = [variable: value]
                let run = try await cutroom.run("config")
                #expect(run.status == 2)
            }
        }
    }

    @Test("O18: settings may stand together in the file, each with its own origin, and nothing twice")
    func nested() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            let file = cutroom.folder + "/settings.json"
            try cutroom.write(
                #"{"chat": {"url": "http://a.example/v1", "model": "large"}, "log": {"level": "error"}}"#,
                to: file)
            cutroom.environment = ["CUTROOM_CONFIG": file, "CUTROOM_CHAT_MODEL": "small"]
            let all = try await rows(cutroom)
            #expect(all["chat_url"]?.value == "http://a.example/v1" && all["chat_url"]?.origin == file)
            #expect(all["chat_model"]?.value == "small" && all["chat_model"]?.origin == "CUTROOM_CHAT_MODEL")
            #expect(all["log_level"]?.value == "error")
            try cutroom.write(#"{"chat": {"url": "http://a"}, "chat_url": "http://b"}"#, to: file)
            let twice = try await cutroom.run("config")
            #expect(twice.status == 2 && twice.errors.contains("chat_url twice"))
        }
    }

    @Test("O18: the file of a profile comes before the one that all have, and after the environment")
    func profile() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            let file = cutroom.folder + "/cutroom.json"
            let own = cutroom.folder + "/cutroom.production.json"
            try cutroom.write(#"{"port": 9001, "workers": 2, "cpu_budget": 1}"#, to: file)
            try cutroom.write(#"{"port": 9002, "workers": 3}"#, to: own)
            cutroom.environment = [
                "CUTROOM_CONFIG": file, "CUTROOM_PROFILE": "production", "CUTROOM_WORKERS": "4",
            ]
            let all = try await rows(cutroom)
            #expect(all["port"]?.value == "9002" && all["port"]?.origin == own)
            #expect(all["workers"]?.value == "4")
            #expect(all["cpu_budget"]?.value == "1" && all["cpu_budget"]?.origin == file)
            cutroom.environment["CUTROOM_PROFILE"] = "staging"
            #expect(try await cutroom.run("config").errors.contains("cutroom.staging.json"))
            cutroom.environment["CUTROOM_PROFILE"] = "../etc"
            #expect(try await cutroom.run("config").status == 2)
        }
    }

    @Test("A20, O18: a secret may lie in a file of its own, which others can neither read nor change")
    func secretFile() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            let secret = cutroom.folder + "/key"
            let model = cutroom.folder + "/model"
            try cutroom.write("very-sesame\n", to: secret)
            try cutroom.write("sesame", to: model)
            chmod(secret, 0o600)
            cutroom.environment = ["CUTROOM_CHAT_KEY": "${file:\(secret)}"]
            for words in [["config"], ["config", "--json"], ["config", "get", "chat_key"], ["doctor"]] {
                let run = try await cutroom.run(words: words)
                #expect(!run.output.contains("sesame") && !run.errors.contains("sesame"))
            }
            #expect(try await cutroom.run("config", "get", "chat_key").output == "••••••\n")
            for mode: mode_t in [0o604, 0o620, 0o602] {
                chmod(secret, mode)
                let run = try await cutroom.run("config")
                #expect(run.status == 2 && run.errors.contains("chmod 600 \(secret)"), "\(run.errors)")
                #expect(!run.errors.contains("sesame"))
            }
            for (name, value) in [
                ("CUTROOM_CHAT_KEY", "${file:key}"), ("CUTROOM_CHAT_KEY", "${file:/nowhere}"),
                ("CUTROOM_CHAT_KEY", "${file:\(cutroom.folder)}"), ("CUTROOM_CHAT_MODEL", "${file:\(model)}"),
            ] {
                cutroom.environment = [name: value]
                let run = try await cutroom.run("config")
                #expect(run.status == 2 && run.errors.contains(name), "\(run.errors)")
                #expect(!run.errors.contains("sesame"))
            }
        }
    }

    @Test("a file is checked before a server is told of it, and one value is printed for scripts")
    func commands() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            let file = cutroom.folder + "/settings.json"
            try cutroom.write(#"{"port": 9001, "chat": {"model": "large"}}"#, to: file)
            let good = try await cutroom.run("config", "check", file)
            #expect(good.status == 0 && good.output.contains("2 settings"))
            for (text, complaint) in [
                (#"{"prot": 9001}"#, "did you mean port?"), (#"{"port": 70000}"#, "0–65535"),
                (#"{"bind": "0.0.0.0"}"#, "loopback"), ("{", "is not a JSON object"),
            ] {
                try cutroom.write(text, to: file)
                let run = try await cutroom.run("config", "check", file)
                #expect(run.status == 2 && run.errors.contains(complaint), "\(run.errors)")
            }
            cutroom.environment = ["CUTROOM_PORT": "9009"]
            #expect(try await cutroom.run("config", "get", "port").output == "9009\n")
            let unknown = try await cutroom.run("config", "get", "prot")
            #expect(unknown.status == 2 && unknown.errors.contains("did you mean port?"))
        }
    }

    @Test("O16: the reference page tells of every setting, and is what the program prints")
    func reference() async throws {
        try await Cutroom.use { cutroom in
            let run = try await cutroom.run("config", "--reference")
            #expect(run.status == 0)
            let repository = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
            let page = FileManager.default.contents(atPath: repository + "/Docs/configuration.md") ?? Data()
            #expect(
                String(decoding: page, as: UTF8.self) == run.output,
                "cutroom config --reference > Docs/configuration.md")
            for name in try await rows(cutroom).keys {
                #expect(run.output.contains("| `\(name)` |"), "\(name)")
            }
        }
    }
}
