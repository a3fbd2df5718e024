import FoundationEssentials
import Testing

@Suite("The command line", .timeLimit(.minutes(10)))
struct CommandLineTests {
    static let commands = [
        ["clip"], ["serve"], ["worker"], ["transcribe"], ["jobs", "list"], ["jobs", "show"],
        ["jobs", "retry"],
        ["jobs", "cancel"], ["migrate"], ["backup"], ["config"],
        ["config", "get"], ["config", "check"], ["doctor"], ["selftest"], ["openapi"], ["errors"],
        ["user", "create"], ["user", "list"],
    ]

    @Test("every command has help with examples", arguments: commands)
    func help(words: [String]) async throws {
        try await Cutroom.use { cutroom in
            let run = try await cutroom.run(words: words + ["--help"])
            #expect(run.status == 0)
            #expect(run.output.contains("cutroom \(words.joined(separator: " "))"))
            #expect(run.output.contains("examples"))
            #expect(run.errors.isEmpty)
        }
    }

    @Test("help and the version are no failures, and asking for nothing is")
    func overview() async throws {
        try await Cutroom.use { cutroom in
            let help = try await cutroom.run("--help")
            #expect(help.status == 0)
            for words in Self.commands { #expect(help.output.contains(words.joined(separator: " "))) }
            let version = try await cutroom.run("--version")
            #expect(version.status == 0)
            #expect(version.output.hasPrefix("cutroom "))
            let nothing = try await cutroom.run()
            #expect(nothing.status == 2)
            #expect(nothing.output.isEmpty)
        }
    }

    @Test("what is called an option of every command is one", arguments: commands)
    func everyCommand(words: [String]) async throws {
        try await Cutroom.use { cutroom in
            let overview = try await cutroom.run("--help").output
            let section = try #require(overview.firstRange(of: "options of every command"))
            let flags = overview[section.upperBound...].split(separator: "\n")
                .compactMap { $0.split(separator: " ").first }.filter { $0.hasPrefix("--") }
            #expect(flags.contains("--data"))
            let page = try await cutroom.run(words: words + ["--help"]).output
            for flag in flags { #expect(page.contains("  \(flag) "), "\(flag)") }
        }
    }

    /// What is wrong, and what the one line about it says.
    static let wrong: [(words: [String], line: String)] = [
        (["clp"], "did you mean clip?"),
        (["jobs"], "jobs needs one of"),
        (["jobs", "lst"], "did you mean list?"),
        (["clip"], "SOURCE is missing"),
        (["clip", "a.mp4", "b.mp4"], "b.mp4"),
        (["clip", "a.mp4", "--cuont", "3"], "did you mean --count?"),
        (["clip", "a.mp4", "--count"], "--count needs a value"),
        (["clip", "a.mp4", "--count", "21"], "--count \"21\" must be a whole number, 1–20"),
        (["clip", "a.mp4", "--count=three"], "--count \"three\""),
        (["clip", "a.mp4", "--format", "round"], "vertical|square|portrait|landscape|original"),
        (["clip", "a.mp4", "--range", "0:48-0:12"], "0:12-0:48"),
        (["clip", "a.mp4", "--min", "50", "--max", "20"], "--min must not exceed --max"),
        (["clip", "a.mp4", "--language", "klingonisch!"], "--language"),
        (["serve", "--port", "70000"], "0–65535"),
        (["serve", "--bind", "0.0.0.0"], "loopback"),
        (["serve", "--bind", "127.0.0.2"], "loopback"),
        (["serve", "--bind", "0.0.0.0"], "CUTROOM_ACCOUNTS=on"),
        (["serve", "--bind", "clips.example", "--accounts", "on"], "an IP address"),
        (["serve", "--accounts", "on", "--smtp-url", "smtps://mail.example"], "mail_from is missing"),
        (["serve", "--smtp-url", "http://mail.example"], "an smtp or smtps address"),
        (["serve", "--mail-from", "Clips"], "clips@example.org"),
        (["serve", "--accounts", "on", "--secret-key", "abc"], "CUTROOM_SECRET_KEY cannot be used"),
        (["user", "create", "ada", "ada@example.org"], "--admin is missing"),
        (["user", "create", "--admin", "ada", "ada@example.org"], "CUTROOM_ACCOUNTS=on"),
        (["user", "create", "--admin", "--accounts", "on", "ada", "a@b.org"], "the password is missing"),
        (["clip", "a.mp4", "--range", "9223372036854775807:0:0-9"], "0:12-0:48"),
        (["serve", "--count", "3"], "unknown option --count"),
        (["config", "--upload-limit", "much"], "12GiB"),
        (["jobs", "show", "seven"], "no job's identifier"),
    ]

    @Test("wrong usage is told in one line that names it, with exit code 2", arguments: wrong)
    func wrongUsage(words: [String], line: String) async throws {
        try await Cutroom.use { cutroom in
            let run = try await cutroom.run(words: words)
            #expect(run.status == 2)
            #expect(run.output.isEmpty)
            #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
            #expect(run.errors.contains(line), "\(run.errors)")
        }
    }

    @Test("what cannot be done is told in one line, with exit code 1")
    func failures() async throws {
        try await Cutroom.use { cutroom in
            let missing = try await cutroom.run("clip", "nowhere.mp4")
            #expect(missing.status == 1)
            #expect(missing.errors.contains("there is no file nowhere.mp4"))
            #expect(missing.errors.split(separator: "\n").count == 1)
            let folder = try await cutroom.run("clip", cutroom.folder)
            #expect(folder.status == 1)
            let backup = try await cutroom.run("backup", cutroom.folder + "/copy")
            #expect(backup.status == 1)
            #expect(backup.errors.contains("there is no store"))
        }
    }

    @Test("a name cannot command the terminal on which a failure is told")
    func controlCharacters() async throws {
        try await Cutroom.use { cutroom in
            let run = try await cutroom.run("clip", "a\u{1B}[2J\u{9B}31m\nb.mp4")
            #expect(run.errors == "cutroom: there is no file a[2J31m b.mp4\n")
        }
    }

    @Test("an order whose worker cannot start ends with the reason")
    func noWorker() async throws {
        try await Cutroom.use { cutroom in
            let video = cutroom.folder + "/talk.mp4"
            try cutroom.write("no video", to: video)
            try FileManager.default.createDirectory(atPath: cutroom.data, withIntermediateDirectories: true)
            // A folder in which nobody can make a file.
            try FileManager.default.createSymbolicLink(
                atPath: cutroom.data + "/owners", withDestinationPath: "/proc/self")
            let run = try await cutroom.run("clip", video)
            #expect(run.status == 1)
            #expect(run.errors.contains("/owners/"), "\(run.errors)")
        }
    }

    @Test("a caption template that does not exist is wrong usage, with the ones that do")
    func template() async throws {
        try await Cutroom.use { cutroom in
            let video = cutroom.folder + "/talk.mp4"
            try cutroom.write("no video", to: video)
            let run = try await cutroom.run("clip", video, "--captions", "karaoke")
            #expect(run.status == 2)
            #expect(run.errors.contains("karaoke-box"))
        }
    }

    @Test("away from a terminal there are no colours and no redrawn lines")
    func plain() async throws {
        try await Cutroom.use { cutroom in
            for words in [["--help"], ["config"], ["doctor"], ["nonsense"]] {
                let run = try await cutroom.run(words: words)
                #expect(!run.output.contains("\u{1B}") && !run.errors.contains("\u{1B}"))
                #expect(!run.output.contains("\r"))
            }
        }
    }
}
