import FoundationEssentials
import Glibc
import Infrastructure
import TestSupport
import Testing

@Suite("A source of three hours", .enabled(if: Slow.enabled), .timeLimit(.minutes(10)))
struct LongSourceTests {
    private static let seconds = 3 * 3600
    /// What the program itself may take at most, in KiB; the programs that it runs have bounds of their own. The
    /// sound of three hours alone is 330 MiB.
    private static let mostMemory = 256 << 10

    @Test("it goes from the upload, with its captions, to clips, and memory stays bounded")
    func whole() async throws {
        try await Cutroom.use { cutroom in
            let video = try await recording(in: cutroom.folder)
            let captions = cutroom.folder + "/long.srt"
            try cutroom.write(Self.captions, to: captions)
            let server = try cutroom.start("serve", "--port", "0")
            let address = try await server.address()
            let source = try await Web.upload(video, at: address)
            let words = try await Web.upload(captions, type: "application/x-subrip", at: address)
            let task = try await Web.order(
                #"{"upload_id":"\#(source)","captions_upload_id":"\#(words)"}"#,
                options: #"{"count":3,"max_duration":20,"mode":"fast"}"#, at: address)
            let messages = try await Web.follow(task, at: address)
            let done = try await Web.task(task, at: address)
            #expect(done.status == "completed", "\(String(describing: done.error))")
            #expect(done.clips.map(\.rank) == [1, 2, 3])
            #expect(messages.count { $0.event == "clip_ready" } == 3)
            let peak = try #require(Self.peakMemory(of: server.pid))
            #expect(peak < Self.mostMemory, "\(peak >> 10) MiB")
            server.signal(SIGTERM)
            #expect(try await server.end().status == 0)
            try cutroom.expectOrder([task])
        }
    }

    private func recording(in folder: String) async throws -> String {
        let video = folder + "/long.mp4"
        try await Recording.run(
            "ffmpeg",
            [
                "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=128x72:r=2:d=\(Self.seconds)",
                "-f",
                "lavfi", "-i", "sine=f=300:beep_factor=4:r=8000:d=\(Self.seconds)", "-pix_fmt", "yuv420p",
                "-preset", "ultrafast", "-c:a", "aac", "-b:a", "16k", video,
            ], in: folder)
        return video
    }

    /// A sentence every five seconds, about something else every ten minutes.
    private static var captions: String {
        let things = [
            "octopus", "bridge", "violin", "desert", "engine", "forest", "island", "mountain", "harbour",
        ]
        let deeds = ["hides from", "explains", "carries", "remembers", "outlives", "paints", "follows"]
        let ends = [
            "the old sailor", "a hundred children", "its own shadow", "the last train", "every storm",
        ]
        func clock(_ seconds: Int) -> String {
            [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
                .joined(separator: ":") + ",000"
        }
        return stride(from: 0, to: seconds, by: 5).map { second in
            let number = second / 5
            let text =
                "The \(things[second / 600 % things.count]) \(deeds[number % deeds.count]) "
                + "\(ends[number % ends.count]) \(number) times."
            return "\(number + 1)\n\(clock(second)) --> \(clock(second + 4))\n\(text)\n"
        }.joined(separator: "\n")
    }

    /// The most memory that a process has had at once, in KiB.
    private static func peakMemory(of process: pid_t) -> Int? {
        let status = FileManager.default.contents(atPath: "/proc/\(process)/status") ?? Data()
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first {
            $0.hasPrefix("VmHWM:")
        }
        return line.flatMap { $0.split(separator: " ").compactMap { Int($0) }.first }
    }
}
