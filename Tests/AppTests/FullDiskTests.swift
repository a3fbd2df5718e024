import FoundationEssentials
import Glibc
import Infrastructure
import TestSupport
import Testing

@Suite(
    "A full disk", .enabled(if: Slow.enabled),
    .enabled(if: SmallDisk.isAllowed, "mounting a tmpfs is not allowed here"), .timeLimit(.minutes(10)))
struct FullDiskTests {
    private struct Problem: Decodable {
        let code: String
        let status: Int
    }

    @Test("an upload that does not fit is refused as such, nothing of it is left, and a smaller one is taken")
    func upload() async throws {
        try await SmallDisk.use { cutroom in
            let server = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await server.address()
            let large = cutroom.folder + "/large.mp4"
            try #require(FileManager.default.createFile(atPath: large, contents: Data(count: 40 << 20)))
            let answer = try await Web.post(
                address + "/api/v1/uploads",
                .form([.init("file", .file(path: large, filename: "large.mp4", type: "video/mp4"))]))
            #expect(answer.status == 507)
            let problem = try JSONDecoder().decode(Problem.self, from: Data(answer.body))
            #expect(problem.code == "storage_full")
            #expect(problem.status == 507)
            #expect(try cutroom.temporaryFiles == [])
            #expect(try cutroom.keptFiles == [])

            let video = try await Recording.short(in: cutroom.folder)
            _ = try await Web.upload(video, at: address)
            #expect(try cutroom.keptFiles.count == 1)
            server.signal(SIGTERM)
            #expect(try await server.end().status == 0)
            try cutroom.expectOrder([])
        }
    }

    @Test(
        "a task whose clip fills the disk says so, leaves nothing half-written, and completes when there is room"
    )
    func render() async throws {
        try await SmallDisk.use { cutroom in
            var cutroom = cutroom
            let video = try await Recording.short(in: cutroom.folder)
            let wire = try Tripwire(in: cutroom.folder)
            cutroom.environment = ["CUTROOM_PROGRAMS": wire.folder]
            try wire.set(.before("ffmpeg *+faststart*"))
            let server = try cutroom.start("serve", "--port", "0")
            let address = try await server.address()
            let upload = try await Web.upload(video, at: address)
            let task = try await Web.order(
                #"{"upload_id":"\#(upload)"}"#,
                options: #"{"count":1,"min_duration":5,"mode":"quality"}"#, at: address)
            await wire.wait()
            let kept = try cutroom.keptFiles
            // Room for a few rows, and for a part of the clip.
            let filler = cutroom.data + "/filler"
            try SmallDisk.fill(cutroom.data, leaving: 1 << 20, with: filler)
            wire.release()
            try await server.complains(of: "job snoozed")
            let waiting = try await Web.task(task, at: address)
            #expect(waiting.status == "running")
            #expect(waiting.message == "the disk is full; trying again in a minute")
            #expect(waiting.clips.isEmpty)
            #expect(try cutroom.temporaryFiles == [])
            #expect(try cutroom.keptFiles == kept)

            unlink(filler)
            // As people do who do not want to wait for the minute to pass.
            let list = try await Web.get(address + "/api/v1/jobs")
            struct Jobs: Decodable {
                struct Job: Decodable {
                    let id: String
                    let state: String
                    let failures: Int
                }
                let items: [Job]
            }
            let job = try #require(try JSONDecoder().decode(Jobs.self, from: Data(list.body)).items.first)
            #expect(job.state == "scheduled")
            #expect(job.failures == 0)
            let retried = try await Web.post(
                "\(address)/api/v1/jobs/\(job.id)/retry", .bytes([], type: "application/json"))
            #expect(retried.status == 200)
            _ = try await Web.follow(task, at: address)
            let done = try await Web.task(task, at: address)
            #expect(done.status == "completed")
            #expect(done.attempts == 2)
            server.signal(SIGTERM)
            #expect(try await server.end().status == 0)
            try cutroom.expectOrder([task])
        }
    }
}
