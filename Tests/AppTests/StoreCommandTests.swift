import FoundationEssentials
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

    @Test("a backup is a store of its own")
    func backup() async throws {
        try await Cutroom.use { cutroom in
            _ = try await cutroom.run("migrate")
            let copy = cutroom.folder + "/copy/cutroom.sqlite"
            try FileManager.default.createDirectory(
                atPath: cutroom.folder + "/copy", withIntermediateDirectories: true)
            let run = try await cutroom.run("backup", copy)
            #expect(run.status == 0, "\(run.errors)")
            let list = try await cutroom.run("jobs", "list", "--json", "--data", cutroom.folder + "/copy")
            #expect(list.status == 0)
            #expect(list.output.contains("\"items\":[]"))
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
            #expect(healthy.status == (findings.contains { $0.essential && !$0.found } ? 1 : 0))

            var bare = cutroom
            bare.environment = ["PATH": cutroom.folder]
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
}
