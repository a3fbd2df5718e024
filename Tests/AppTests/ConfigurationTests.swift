import Testing

@Suite("Settings", .timeLimit(.minutes(10)))
struct ConfigurationTests {
    /// One row of `cutroom config --json`.
    private struct Setting: Decodable {
        let name: String
        let value: String?
        let origin: String
        let flag: String
        let variable: String
    }

    private func settings(_ cutroom: Cutroom, _ words: String...) async throws -> [String: Setting] {
        let run = try await cutroom.run(words: ["config", "--json"] + words)
        #expect(run.status == 0, "\(run.errors)")
        return Dictionary(uniqueKeysWithValues: try run.json([Setting].self).map { ($0.name, $0) })
    }

    @Test(
        "A53: a pace is off or so many in a minute or second, trusted proxies are networks; else the start ends",
        arguments: [
            (["--rate-limit", "off"], true), (["--rate-limit", "250/min"], true),
            (["--rate-limit", "5/s"], true),
            (["--trusted-proxies", "10.0.0.0/8,fd00::/8,127.0.0.1"], true),
            (["--rate-limit", "0/min"], false),
            (["--rate-limit", "100"], false), (["--rate-limit", "9/h"], false),
            (["--rate-limit", "1000001/s"], false), (["--trusted-proxies", "10.0.0.1/8"], false),
        ])
    func limits(words: [String], isTaken: Bool) async throws {
        try await Cutroom.use { cutroom in
            let run = try await cutroom.run(words: ["config", "--json"] + words)
            #expect(run.status == (isTaken ? 0 : 2))
            if !isTaken { #expect(run.errors.hasPrefix("cutroom: \(words[0])"), "\(run.errors)") }
        }
    }

    @Test(
        "A55: flags come before the environment, before a file, before defaults, and each says where it came from"
    )
    func precedence() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            let file = cutroom.folder + "/settings.json"
            try cutroom.write(
                #"{"port": 9001, "workers": 3, "formats": 1, "cors_origins": ["a", "b"]}"#, to: file)
            cutroom.environment = ["CUTROOM_PORT": "9002", "CUTROOM_CONFIG": file]
            let byVariable = try await settings(cutroom)
            #expect(byVariable["port"]?.value == "9002")
            #expect(byVariable["port"]?.origin == "CUTROOM_PORT")
            #expect(byVariable["workers"]?.value == "3")
            #expect(byVariable["workers"]?.origin == file)
            #expect(byVariable["cors_origins"]?.value == "a,b")
            #expect(byVariable["bind"]?.origin == "default")
            let byFlag = try await settings(cutroom, "--port=9003", "--workers", "1")
            #expect(byFlag["port"]?.value == "9003")
            #expect(byFlag["port"]?.origin == "flag")
            #expect(byFlag["workers"]?.value == "1")
        }
    }

    @Test("every flag has its variable")
    func names() async throws {
        try await Cutroom.use { cutroom in
            let all = try await settings(cutroom)
            #expect(all.count > 40)
            for setting in all.values {
                #expect(setting.flag == "--" + String(setting.name.map { $0 == "_" ? "-" : $0 }))
                #expect(setting.variable == "CUTROOM_" + setting.name.uppercased())
            }
            for name in ["port", "workers", "data", "count", "min", "max", "range", "out", "json", "as"] {
                #expect(all[name] != nil, "\(name)")
            }
        }
    }

    @Test("A20, A55: secrets are never shown")
    func secrets() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment = [
                "CUTROOM_CHAT_KEY": "sk-very-sesame", "CUTROOM_GEMINI_KEY": "other-sesame",
                "CUTROOM_SECRET_KEY": "the-first-sesame",
            ]
            for words in [["config"], ["config", "--json"], ["doctor"]] {
                let run = try await cutroom.run(words: words)
                #expect(!run.output.contains("sesame") && !run.errors.contains("sesame"))
            }
            #expect(try await settings(cutroom)["chat_key"]?.value == "••••••")
        }
    }

    @Test("the user and the password of an address are never shown")
    func credentials() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment = [
                "CUTROOM_YT_DLP_PROXY": "http://user:sesame@proxy:3128",
                "CUTROOM_CHAT_URL": "https://a.example/v1",
                "CUTROOM_SMTP_URL": "smtps://user:sesame@mail.example:465",
            ]
            for words in [["config"], ["config", "--json"], ["doctor"]] {
                let run = try await cutroom.run(words: words)
                #expect(!run.output.contains("sesame") && !run.errors.contains("sesame"))
            }
            let all = try await settings(cutroom)
            #expect(all["yt_dlp_proxy"]?.value == "http://••••••@proxy:3128")
            #expect(all["chat_url"]?.value == "https://a.example/v1")
            #expect(all["smtp_url"]?.value == "smtps://••••••@mail.example:465")
            for wrong in ["user:sesame@proxy:3128", "ftp://user:sesame@proxy", "user:ses@me@://proxy"] {
                let run = try await cutroom.run("config", "--yt-dlp-proxy", wrong)
                #expect(run.status == 2)
                #expect(run.errors.contains("••••••@") && !run.errors.contains("ses"), "\(run.errors)")
            }
            // The @ was escaped by mistake, so that nothing tells where the password ends.
            for wrong in ["ftp://user:sesame%40proxy", "user:sesame%40proxy:3128"] {
                let run = try await cutroom.run("config", "--yt-dlp-proxy", wrong)
                #expect(run.status == 2 && !run.errors.contains("ses"), "\(run.errors)")
            }
        }
    }

    @Test("an unknown variable is a warning that names the likeliest one")
    func unknownVariable() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment = ["CUTROOM_WORKRES": "2"]
            let run = try await cutroom.run("config")
            #expect(run.status == 0)
            #expect(run.errors.contains("CUTROOM_WORKRES; did you mean CUTROOM_WORKERS?"))
        }
    }

    @Test(
        "A55: a wrong value stops the start with one line that names it",
        arguments: [
            ("CUTROOM_PORT", "many"), ("CUTROOM_WORKERS", "-1"), ("CUTROOM_BIND", "192.168.0.1"),
            ("CUTROOM_ALLOW_ADDRESSES", "10.0.0.0/33"), ("CUTROOM_SOURCE_DURATION_LIMIT", "long"),
            ("CUTROOM_CHAT_URL", "ftp://example.org"), ("CUTROOM_FINDERS", "oracle"),
            ("CUTROOM_LOG_LEVEL", "loud"), ("CUTROOM_ACCOUNTS", "maybe"), ("CUTROOM_SIGN_UP", "anyone"),
        ])
    func wrongValue(variable: String, value: String) async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment = [variable: value]
            let run = try await cutroom.run("serve")
            #expect(run.status == 2)
            #expect(run.errors.split(separator: "\n").count == 1)
            #expect(run.errors.contains(variable) && run.errors.contains(value), "\(run.errors)")
        }
    }

    @Test(
        "a configuration file that cannot be read is wrong usage", arguments: ["", "[1]", "{\"port\": {}}"])
    func wrongFile(text: String) async throws {
        try await Cutroom.use { cutroom in
            let file = cutroom.folder + "/settings.json"
            if !text.isEmpty { try cutroom.write(text, to: file) }
            let run = try await cutroom.run("config", "--config", file)
            #expect(run.status == 2)
            #expect(run.errors.contains(file))
        }
    }
}
