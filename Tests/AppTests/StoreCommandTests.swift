import FoundationEssentials
import Glibc
import Infrastructure
import Testing

@Suite("Commands about the store", .timeLimit(.minutes(10)))
struct StoreCommandTests {
    @Test("migrate makes the store, twice is as once")
    func migrate() async throws {
        try await Cutroom.use { cutroom in
            for _ in 1...2 {
                let run = try await cutroom.run("migrate")
                #expect(run.status == 0, "\(run.errors)")
                #expect(run.output.contains("cutroom.sqlite has schema"))
            }
            #expect(FileManager.default.fileExists(atPath: cutroom.data + "/cutroom.sqlite"))
        }
    }

    @Test("a backup that is made while a server writes is a whole store with all that was there before")
    func backup() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await running.address()
            var before: [String] = []
            for _ in 1...20 { before.append(try await Self.order(at: address)) }
            let writing = Task {
                while !Task.isCancelled { _ = try await Self.order(at: address) }
            }
            let folder = cutroom.folder + "/copy"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let run = try await cutroom.run("backup", folder + "/cutroom.sqlite")
            #expect(run.status == 0, "\(run.errors)")
            writing.cancel()
            _ = try? await writing.value
            running.signal(SIGTERM)
            _ = try await running.end()

            let problems = try await Recording.run(
                "sqlite3", [folder + "/cutroom.sqlite", "PRAGMA integrity_check"], in: cutroom.folder)
            #expect(problems == "ok\n")
            let jobs = try await Recording.run(
                "sqlite3", [folder + "/cutroom.sqlite", "SELECT lower(hex(subject)) FROM jobs"],
                in: cutroom.folder
            ).split(separator: "\n").map(String.init)
            let copied = Set(jobs)
            #expect(before.allSatisfy { copied.contains($0.filter { $0 != "-" }) })
            let list = try await cutroom.run("jobs", "list", "--json", "--data", folder)
            #expect(list.status == 0)
            #expect(list.output.contains("\"state\":\"available\""), "\(list.output)")
        }
    }

    @Test("a store of a newer version is refused with a clear line")
    func newer() async throws {
        try await Cutroom.use { cutroom in
            try FileManager.default.createDirectory(atPath: cutroom.data, withIntermediateDirectories: true)
            // The format's own header (sqlite.org/fileformat.html): a database of no tables whose user_version,
            // at byte 60, is far beyond ours.
            _ = try await cutroom.run("migrate")
            let path = cutroom.data + "/cutroom.sqlite"
            var bytes = try #require(FileManager.default.contents(atPath: path))
            bytes.replaceSubrange(60..<64, with: [0, 0, 0x7F, 0xFF])
            #expect(FileManager.default.createFile(atPath: path, contents: bytes))
            for command in [["migrate"], ["jobs", "list"], ["serve", "--port", "0"]] {
                let run = try await cutroom.run(words: command)
                #expect(run.status == 1)
                #expect(run.errors.contains("newer"), "\(run.errors)")
            }
        }
    }

    @Test("a job that does not exist cannot be shown")
    func unknownJob() async throws {
        try await Cutroom.use { cutroom in
            let run = try await cutroom.run("jobs", "show", "01990000-0000-7000-8000-000000000000")
            #expect(run.status == 1)
            #expect(run.errors.contains("There is no such job."))
        }
    }

    @Test("doctor finds what is there, and says what each missing thing is for and how to get it")
    func doctor() async throws {
        struct Finding: Decodable {
            let kind: String
            let name: String
            let found: Bool
            let essential: Bool
            let purpose: String
            let remedy: String
        }
        try await Cutroom.use { cutroom in
            let healthy = try await cutroom.run("doctor", "--json")
            let findings = try healthy.json([Finding].self)
            #expect(
                Set(findings.map(\.kind)) == [
                    "programs", "libraries", "fonts", "disk", "network", "services",
                ])
            #expect(findings.allSatisfy { !$0.purpose.isEmpty && !$0.remedy.isEmpty })
            #expect(healthy.status == 0, "\(findings.filter { $0.essential && !$0.found })")

            // What is not essential is missed, and nothing fails by it.
            let programs = cutroom.folder + "/programs"
            try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
            var bare = cutroom
            bare.environment = ["PATH": programs]
            for name in ["ffmpeg", "ffprobe", "fc-list"] {
                let path = try #require(ChildProcesses.find(name))
                try FileManager.default.createSymbolicLink(
                    atPath: "\(programs)/\(name)", withDestinationPath: path)
            }
            let plain = try await bare.run("doctor", "--json")
            #expect(plain.status == 0)
            let missing = Set(try plain.json([Finding].self).filter { !$0.found }.map(\.name))
            #expect(missing.contains("pocketsphinx_continuous") && !missing.contains("ffmpeg"))

            try FileManager.default.removeItem(atPath: programs + "/ffmpeg")
            let sick = try await bare.run("doctor")
            #expect(sick.status == 1)
            #expect(sick.output.contains("apt-get install ffmpeg"))
            #expect(!sick.output.contains("no address is checked"))

            let proxied = try await cutroom.run("doctor", "--yt-dlp-proxy", "http://127.0.0.1:3128")
            #expect(proxied.status == healthy.status)
            #expect(proxied.output.contains("no address is checked here"))
        }
    }

    @Test("openapi prints the document of the API")
    func openAPI() async throws {
        struct Document: Decodable {
            let openapi: String
            let paths: [String: Ignored]
            struct Ignored: Decodable {
                init(from decoder: any Decoder) throws {}
            }
        }
        try await Cutroom.use { cutroom in
            let run = try await cutroom.run("openapi")
            #expect(run.status == 0)
            let document = try run.json(Document.self)
            #expect(document.openapi == "3.1.0")
            #expect(document.paths["/api/v1/tasks/{id}/events"] != nil)
            #expect(!FileManager.default.fileExists(atPath: cutroom.data))
        }
    }

    private struct Ordered: Decodable { let id: String }

    private static func order(at address: String) async throws -> String {
        let body = #"{"source":{"url":"https://a.example/talk.mp4"}}"#
        let answer = try await Web.post(
            address + "/api/v1/tasks", .bytes(Array(body.utf8), type: "application/json"))
        return try JSONDecoder().decode(Ordered.self, from: Data(answer.body)).id
    }
}
