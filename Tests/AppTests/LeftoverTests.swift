import Application
import Domain
import FoundationEssentials
import Glibc
import Infrastructure
import TestSupport
import Testing

@Suite("What a killed process leaves", .enabled(if: Slow.enabled), .timeLimit(.minutes(10)))
struct LeftoverTests {
    private static let options = #"{"count":1,"min_duration":5,"mode":"fast"}"#
    private static let page = #"{"url":"https://pages.example/talk"}"#

    /// The program with yt-dlp and ffprobe on a wire.
    private func withPage(_ body: (Cutroom, Tripwire) async throws -> Void) async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            let video = try await Recording.short(in: cutroom.folder)
            let wire = try Tripwire(
                in: cutroom.folder, scripts: ["yt-dlp": Tripwire.ytDlp(fetching: video)])
            cutroom.environment = [
                "CUTROOM_PROGRAMS": wire.folder, "CUTROOM_YT_DLP_HOSTS": "pages.example",
            ]
            try await body(cutroom, wire)
        }
    }

    @Test("what one of its programs had started is ended by the next process, before its folder is removed")
    func programs() async throws {
        try await withPage { cutroom, wire in
            try wire.set(.within("yt-dlp *--load-info-json*"))
            let first = try cutroom.start("serve", "--port", "0")
            _ = try await Web.order(Self.page, options: Self.options, at: try await first.address())
            let stopped = await wire.wait()
            #expect(stopped.count == 2)
            #expect(Set(stopped).isSubset(of: cutroom.programs.keys))
            first.signal(SIGKILL)
            _ = try await first.end()

            let next = try await cutroom.run("jobs", "list")
            #expect(next.status == 0)
            #expect(cutroom.programs.isEmpty)
            for program in stopped { await ended(program) }
            #expect(try cutroom.temporaryFiles == [])
        }
    }

    @Test("a fetched file without a row is removed at the next start; that of a living process is not")
    func files() async throws {
        try await withPage { cutroom, wire in
            let fetched = Tripwire.Point.before("ffprobe *stream=index*/media/*")
            try wire.set(fetched)
            let first = try cutroom.start("serve", "--port", "0")
            let task = try await Web.order(Self.page, options: Self.options, at: try await first.address())
            await wire.wait()
            let left = try cutroom.keptFiles
            #expect(left.count == 1)
            first.signal(SIGKILL)
            _ = try await first.end()

            // The next one fetches it again, and is as far when yet another one starts and looks.
            try wire.set(fetched)
            let second = try cutroom.start("serve", "--port", "0")
            let address = try await second.address()
            await wire.wait()
            try await second.complains(of: "orphaned files removed")
            let fresh = try cutroom.keptFiles
            #expect(fresh.count == 1 && fresh.isDisjoint(with: left))
            let idle = try cutroom.start("worker")
            try await idle.complains(of: "working")
            idle.signal(SIGKILL)
            _ = try await idle.end()
            let stray = cutroom.data + "/media/ff/01990000-0000-7000-8000-0000000000ff"
            try FileManager.default.createDirectory(
                atPath: cutroom.data + "/media/ff", withIntermediateDirectories: true)
            try cutroom.write("left", to: stray)
            let third = try cutroom.start("worker")
            try await third.complains(of: "orphaned files removed")
            #expect(try cutroom.keptFiles == fresh)
            third.signal(SIGTERM)
            #expect(try await third.end().status == 0)

            wire.release()
            _ = try await Web.follow(task, at: address)
            #expect(try await Web.task(task, at: address).status == "completed")
            second.signal(SIGTERM)
            #expect(try await second.end().status == 0)
            try cutroom.expectOrder([task])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: cutroom.data + "/owners") == [".lock"])
        }
    }

    @Test("the order of a cutroom clip that was killed is called off by the next process that works")
    func clip() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            let video = try await Recording.short(in: cutroom.folder)
            let wire = try Tripwire(in: cutroom.folder)
            cutroom.environment = ["CUTROOM_PROGRAMS": wire.folder]
            try wire.set(.before("ffmpeg *rawvideo*"))
            let clip = try cutroom.start("clip", video, "--count", "1")
            await wire.wait()
            clip.signal(SIGKILL)
            _ = try await clip.end()

            let worker = try cutroom.start("worker")
            try await worker.complains(of: "job cancelled")
            worker.signal(SIGTERM)
            #expect(try await worker.end().status == 0)
            let task = try cutroom.withStore { store in
                try #require(
                    try store.read { try $0.tasks.page(of: User.local, status: nil, limit: 2, before: nil) }
                        .items.first)
            }.task
            #expect(task.status == .cancelled)
            try cutroom.expectOrder([task.id.description])
        }
    }

    @Test("a shutdown while a clip is rendered ends the programs, and the next process goes on there")
    func shutdown() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            let video = try await Recording.short(in: cutroom.folder)
            let wire = try Tripwire(in: cutroom.folder)
            cutroom.environment = ["CUTROOM_PROGRAMS": wire.folder]
            try wire.set(.before("ffmpeg *+faststart*"))
            let first = try cutroom.start("serve", "--port", "0")
            let address = try await first.address()
            let upload = try await Web.upload(video, at: address)
            let task = try await Web.order(
                #"{"upload_id":"\#(upload)"}"#, options: Self.options, at: address)
            let stopped = await wire.wait()
            #expect(!stopped.isEmpty)
            first.signal(SIGTERM)
            #expect(try await first.end().status == 0)
            #expect(cutroom.programs.isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: cutroom.data + "/tmp") == [".lock"])
            let list = try await cutroom.run("jobs", "list", "--json")
            #expect(list.output.contains("\"state\":\"available\""), "\(list.output)")

            let second = try cutroom.start("serve", "--port", "0")
            let next = try await second.address()
            let messages = try await Web.follow(task, at: next)
            // The stages before are not gone through again.
            #expect(!messages.contains { $0.data.contains("\"stage\":\"analyzing\"") })
            let done = try await Web.task(task, at: next)
            #expect(done.status == "completed")
            #expect(done.attempts == 2)
            second.signal(SIGTERM)
            #expect(try await second.end().status == 0)
            try cutroom.expectOrder([task])
        }
    }
}
