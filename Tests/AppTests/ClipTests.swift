import FoundationEssentials
import Glibc
import TestSupport
import Testing

@Suite("cutroom clip", .enabled(if: Slow.enabled), .timeLimit(.minutes(10)))
struct ClipTests {
    /// What the tests look at of the printed task.
    private struct Task: Decodable {
        struct Clip: Decodable {
            struct File: Decodable {
                let format: String
                let path: String
                let width: Int
                let height: Int
                let duration: Double
            }
            let rank: Int
            let start: Double
            let end: Double
            let formats: [File]
        }
        let status: String
        let progress: Double
        let clips: [Clip]
    }

    @Test("C5: it puts one file per clip and format into the folder, and nothing else")
    func folder() async throws {
        try await Cutroom.use { cutroom in
            let video = try await Recording.talk(in: cutroom.folder)
            let out = cutroom.folder + "/clips"
            let run = try await cutroom.run(
                "clip", video, "--out", out, "--range", "0:01-0:04", "--range=0:06-0:10", "--format",
                "vertical,square", "--mode", "fast", "--json")
            #expect(run.status == 0, "\(run.errors)")
            let task = try run.json(Task.self)
            #expect(task.status == "completed")
            #expect(task.progress == 100)
            #expect(task.clips.map(\.rank) == [1, 2])
            #expect(task.clips.map { $0.end - $0.start } == [3, 4])
            let files = task.clips.flatMap(\.formats)
            #expect(files.map(\.format) == ["vertical", "square", "vertical", "square"])
            #expect(files.map(\.height) == [1920, 1080, 1920, 1080])
            let names = try FileManager.default.contentsOfDirectory(atPath: out).map { "\(out)/\($0)" }
            #expect(Set(names) == Set(files.map(\.path)))
            for file in files {
                let measured = try await Recording.run(
                    "ffprobe",
                    [
                        "-v", "error", "-show_entries", "stream=codec_name,width,height", "-of", "csv=p=0",
                        file.path,
                    ], in: cutroom.folder)
                #expect(measured.contains("h264,\(file.width),\(file.height)"))
                #expect(measured.contains("aac"))
            }
        }
    }

    @Test("C6: people get plain progress lines and a table; captions can be left out")
    func table() async throws {
        try await Cutroom.use { cutroom in
            let video = try await Recording.talk(in: cutroom.folder)
            let run = try await cutroom.run(
                "clip", video, "--count", "1", "--min", "5", "--mode", "fast", "--captions", "none")
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.contains("rank"))
            #expect(run.output.contains(cutroom.data + "/media/"))
            for stage in ["acquiring", "transcribing", "analyzing", "rendering"] {
                #expect(run.errors.contains(stage))
            }
        }
    }

    @Test("bars and colours are for terminals alone")
    func terminal() async throws {
        try await Cutroom.use { cutroom in
            let video = try await Recording.short(in: cutroom.folder)
            let words = ["clip", video, "--count", "1", "--mode", "fast", "--captions", "none"]
            var cutroom = cutroom
            cutroom.environment["TERM"] = "xterm-256color"
            let piped = try await cutroom.run(words: words)
            #expect(piped.status == 0, "\(piped.errors)")
            #expect(!(piped.output + piped.errors).contains { "\u{1B}\r█░".contains($0) })
            var elsewhere = cutroom
            elsewhere.environment["CUTROOM_DATA"] = cutroom.folder + "/other"
            let shown = try await elsewhere.startOnTerminal(words).end()
            #expect(shown.status == 0, "\(shown.output)")
            for sign in ["\u{1B}[", "█", "rendering"] { #expect(shown.output.contains(sign), "\(sign)") }
        }
    }

    @Test("words that are given are taken as they are")
    func subtitles() async throws {
        try await Cutroom.use { cutroom in
            let video = try await Recording.talk(in: cutroom.folder)
            let subtitles = cutroom.folder + "/talk.srt"
            try cutroom.write("1\n00:00:00,500 --> 00:00:04,000\nGiven words only.\n", to: subtitles)
            let run = try await cutroom.run("transcribe", video, "--subtitles", subtitles, "--as", "txt")
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.contains("Given words only."))
        }
    }

    @Test("what is no video fails with its reason")
    func noVideo() async throws {
        try await Cutroom.use { cutroom in
            let text = cutroom.folder + "/talk.mp4"
            try cutroom.write("no video at all", to: text)
            let run = try await cutroom.run("clip", text)
            #expect(run.status == 1)
            #expect(run.errors.contains("This is not a video"))
            // Whoever reads it is told once, and not by the log too.
            #expect(!run.errors.contains("{"))
            #expect(run.output.isEmpty)
        }
    }

    @Test("C18: Ctrl-C cancels the task and its programs, and ends with 130")
    func interrupted() async throws {
        try await Cutroom.use { cutroom in
            let video = try await Recording.talk(in: cutroom.folder)
            let out = cutroom.folder + "/clips"
            let running = try cutroom.start("clip", video, "--out", out, "--json")
            try await running.complains(of: "transcribing")
            running.signal(SIGINT)
            let run = try await running.end()
            #expect(run.status == 130)
            #expect(try run.json(Task.self).status == "cancelled")
            let jobs = try await cutroom.run("jobs", "list", "--json")
            #expect(jobs.output.contains("\"state\":\"cancelled\""))
            #expect(!FileManager.default.fileExists(atPath: out))
        }
    }

    @Test(
        "transcribe writes each form",
        arguments: [
            ("srt", "-->"), ("vtt", "WEBVTT"), ("txt", "eighteen seventy two"), ("json", "\"words\""),
        ])
    func transcribe(form: String, sign: String) async throws {
        try await Cutroom.use { cutroom in
            let video = try await Recording.talk(in: cutroom.folder)
            let run = try await cutroom.run("transcribe", video, "--as", form)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.contains(sign))
            #expect(try FileManager.default.contentsOfDirectory(atPath: cutroom.data + "/tmp") == [".lock"])
        }
    }
}
