import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// What `make run` does once everything is built.
@Suite("scripts/run", .timeLimit(.minutes(10)))
struct RunScriptTests {
    /// The program with the variables of the script; `port` is free now.
    private func use(
        _ video: String, keepsServing: Bool = false, _ body: (Cutroom, _ port: Int) async throws -> Void
    ) async throws {
        try await Cutroom.use { cutroom in
            let port = try freePort()
            var cutroom = cutroom
            cutroom.environment = [
                "CUTROOM_BINARY": Cutroom.binary, "DATA": cutroom.data, "PORT": "\(port)", "VIDEO": video,
                "ONCE": keepsServing ? "" : "1",
            ]
            try await body(cutroom, port)
        }
    }

    @Test("it shows each stage and a table of the clips, and ends after it", .enabled(if: Slow.enabled))
    func table() async throws {
        try await Cutroom.use { folder in
            let video = try await Recording.talk(in: folder.folder)
            try await use(video) { cutroom, port in
                let run = try await cutroom.start(script: "run").end()
                #expect(run.status == 0, "\(run.errors)")
                // The first stage may have ended before anybody looks.
                for stage in ["transcribing", "analyzing", "rendering", "completed"] {
                    #expect(run.output.contains("%  \(stage) "), "\(stage)")
                }
                let lines = run.output.split(separator: "\n")
                let heading = try #require(lines.firstIndex { $0.hasPrefix("rank") })
                for column in ["score", "title", "from–to", "length", "file", "address"] {
                    #expect(lines[heading].contains(column))
                }
                let clips = lines[(heading + 1)...]
                #expect(!clips.isEmpty)
                for clip in clips {
                    #expect(clip.contains("vertical, "))
                    #expect(clip.contains("http://127.0.0.1:\(port)/api/v1/tasks/"))
                }
            }
        }
    }

    @Test("it keeps serving until Ctrl-C, which ends the server too", .enabled(if: Slow.enabled))
    func interrupted() async throws {
        try await Cutroom.use { folder in
            let video = try await Recording.short(in: folder.folder)
            try await use(video, keepsServing: true) { cutroom, port in
                let running = try cutroom.start(script: "run")
                var line = await running.line()
                while let said = line, !said.contains("Ctrl-C stops") { line = await running.line() }
                #expect(line?.contains("http://127.0.0.1:\(port)/docs") == true)
                // As a terminal does: to all of the group.
                kill(-running.pid, SIGINT)
                #expect(try await running.end().status == 130)
                let again = try cutroom.start("serve", "--port", "\(port)", "--workers", "0")
                #expect(try await again.address().hasSuffix(":\(port)"))
                again.signal(SIGTERM)
                #expect(try await again.end().status == 0)
            }
        }
    }

    @Test("a taken port is said in one line")
    func takenPort() async throws {
        try await use("") { cutroom, port in
            let other = try cutroom.start("serve", "--port", "\(port)", "--workers", "0")
            _ = try await other.address()
            let run = try await cutroom.start(script: "run").end()
            #expect(run.status == 1)
            #expect(run.errors == "run: port \(port) is taken: PORT=9000 make run takes another\n")
            #expect(run.output.isEmpty)
            other.signal(SIGTERM)
            _ = try await other.end()
        }
    }

    /// A file's name, what is in it if it is there, and what is said of it.
    static let wrongVideos: [(name: String, content: String?, reason: String)] = [
        ("nowhere.mp4", nil, "cannot be read"),
        (#"it's [1] "text".mp4"#, "no video", "was refused: This is not a video"),
    ]

    @Test("a video that cannot be used is named in one line, with the reason", arguments: wrongVideos)
    func wrongVideo(name: String, content: String?, reason: String) async throws {
        try await Cutroom.use { folder in
            let video = "\(folder.folder)/\(name)"
            if let content { try folder.write(content, to: video) }
            try await use(video) { cutroom, _ in
                let run = try await cutroom.start(script: "run").end()
                #expect(run.status == 1)
                #expect(run.errors.hasPrefix("run: \(video) \(reason)"), "\(run.errors)")
                #expect(run.errors.split(separator: "\n").count == 1)
            }
        }
    }

    private func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &place) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                bind(descriptor, place, length) == 0 && getsockname(descriptor, place, &length) == 0
            }
        }
        try #require(isBound)
        return Int(UInt16(bigEndian: place.sin_port))
    }
}
