import Glibc
import Infrastructure
import TestSupport
import Testing

@Suite(
    "A server without workers beside a worker", .enabled(if: Slow.enabled), .timeLimit(.minutes(10)))
struct TwoProcessTests {
    private static let options = #"{"count":1,"min_duration":5,"mode":"fast"}"#

    /// Orders clips of a short upload, for a worker whose programs are on a wire.
    private func withOrder(
        stoppedAt point: Tripwire.Point,
        _ body: (
            Cutroom, Tripwire, _ server: RunningCutroom, _ address: String, _ worker: RunningCutroom,
            _ task: String
        ) async throws -> Void
    ) async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            let video = try await Recording.short(in: cutroom.folder)
            let wire = try Tripwire(in: cutroom.folder)
            cutroom.environment = ["CUTROOM_PROGRAMS": wire.folder]
            let server = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await server.address()
            let worker = try cutroom.start("worker")
            let upload = try await Web.upload(video, at: address)
            try wire.set(point)
            let task = try await Web.order(
                #"{"upload_id":"\#(upload)"}"#, options: Self.options, at: address)
            try await body(cutroom, wire, server, address, worker, task)
        }
    }

    @Test("either may be killed: events go on where they were, and the task completes")
    func eitherKilled() async throws {
        try await withOrder(stoppedAt: .before("ffmpeg *speech.wav*")) {
            cutroom, wire, server, address, worker, task in
            await wire.wait()
            var messages = try await Web.follow(task, at: address) {
                $0.event == "status" && $0.data.contains("\"stage\":\"transcribing\"")
            }
            server.signal(SIGKILL)
            _ = try await server.end()
            #expect(try cutroom.integrityProblems() == [])

            // The worker goes on while nobody serves.
            try wire.set(.before("ffmpeg *+faststart*"))
            wire.release()
            await wire.wait()
            let second = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let next = try await second.address()
            messages += try await Web.follow(task, at: next, after: messages.compactMap(\.id).last) {
                $0.event == "status" && $0.data.contains("\"stage\":\"rendering\"")
            }
            worker.signal(SIGKILL)
            _ = try await worker.end()
            #expect(try cutroom.integrityProblems() == [])

            let other = try cutroom.start("worker")
            messages += try await Web.follow(task, at: next, after: messages.compactMap(\.id).last)
            let numbers = messages.compactMap(\.id)
            #expect(numbers == Array(Set(numbers)).sorted(), "each once and in order: \(messages)")
            #expect(messages.count { $0.event == "clip_ready" } == 1)
            #expect(messages.last?.event == "close")
            for stage in ["transcribing", "analyzing", "rendering"] {
                #expect(messages.contains { $0.data.contains("\"stage\":\"\(stage)\"") }, "\(stage)")
            }
            let done = try await Web.task(task, at: next)
            #expect(done.status == "completed")
            #expect(done.attempts == 2)
            for running in [second, other] {
                running.signal(SIGTERM)
                #expect(try await running.end().status == 0)
            }
            try cutroom.expectOrder([task])
        }
    }

    @Test("C18: what the server cancels stops in the worker, even when the server is killed right afterwards")
    func cancelled() async throws {
        try await withOrder(stoppedAt: .before("ffmpeg *rawvideo*")) {
            cutroom, wire, server, address, worker, task in
            let program = try #require(await wire.wait().first)
            let answer = try await Web.post(
                "\(address)/api/v1/tasks/\(task)/cancel", .bytes([], type: "application/json"))
            #expect(answer.status == 200)
            server.signal(SIGKILL)
            _ = try await server.end()
            await ended(program)

            let second = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let next = try await second.address()
            let messages = try await Web.follow(task, at: next)
            #expect(messages.last?.event == "close")
            #expect(messages.last?.data.contains("cancelled") == true)
            #expect(try await Web.task(task, at: next).status == "cancelled")
            for running in [second, worker] {
                running.signal(SIGTERM)
                #expect(try await running.end().status == 0)
            }
            try cutroom.expectOrder([task])
        }
    }
}
