import Application
import Domain
import FoundationEssentials
import Infrastructure
import TestSupport
import Testing

@Suite("Media that mean harm") struct HostileMediaTests {
    private let inspector = FFprobeInspector()
    private static let picture = ["-f", "lavfi", "-i", "testsrc2=s=64x48:d=2:r=25"]

    /// A Matroska file whose picture has the tag `rotate` with that value, which ffmpeg itself would not write.
    private func tagged(rotate value: String, _ body: (String) async throws -> Void) async throws {
        let innocent = "cutroom" + String(repeating: "x", count: max(0, value.utf8.count - 7))
        let path = try await Footage.make(
            Self.picture + Footage.quick + ["-metadata:s:v", "rotatX=\(innocent)"], suffix: "mkv")
        var bytes = try #require(readFile(path))
        for (old, new) in [("ROTATX", "ROTATE"), (innocent, value.padded(to: innocent.utf8.count))] {
            let place = try #require(bytes.firstRange(of: Array(old.utf8)))
            bytes.replaceSubrange(place, with: Array(new.utf8))
        }
        try await withTemporaryFile(bytes, body)
    }

    @Test(
        "a tag that speaks of turning turns nothing, as in ffmpeg", arguments: ["nan", "1e300", "-inf", "90"])
    func rotation(value: String) async throws {
        try await tagged(rotate: value) { path in
            let facts = try await inspector.inspect(path: path)
            #expect(facts.size == PictureSize(width: 64, height: 48))
        }
    }

    @Test("a picture that is shown with no width is refused", arguments: ["1/100", "1/2147483647"])
    func narrowPixels(aspect: String) async throws {
        let path = try await Footage.make(
            [
                "-f", "lavfi", "-i", "testsrc2=s=16x16:d=1:r=25,setsar=\(aspect):max=2147483647", "-c:v",
                "ffv1",
            ], suffix: "nut")
        await expectTooComplex(path)
    }

    @Test("a picture that is shown wider than is decoded is refused")
    func widePixels() async throws {
        let path = try await Footage.make(
            ["-f", "lavfi", "-i", "testsrc2=s=16x16:d=1:r=25,setsar=1000000:max=2147483647", "-c:v", "ffv1"],
            suffix: "nut")
        await expectTooComplex(path)
    }

    @Test("a file that is full of tags is looked into like any other")
    func manyTags() async throws {
        try await withTemporaryFolder { folder in
            let comments = (0..<400).map { "comment\($0)=\(String(repeating: "x", count: 8000))\n" }.joined()
            writeFile(Array((";FFMETADATA1\n" + comments).utf8), to: "\(folder)/tags")
            let path = "\(folder)/tagged.mkv"
            let made = try await ChildProcesses.shared.run(
                ChildProgram(
                    "ffmpeg",
                    ["-nostdin", "-v", "error"] + Self.picture + [
                        "-i", "\(folder)/tags", "-map_metadata", "1",
                    ]
                        + Footage.quick + [path]))
            #expect(made.succeeded, "\(made.reason)")
            #expect(abs(try await inspector.inspect(path: path).duration - 2) < 0.1)
        }
    }

    @Test("sound hours after the end of the pictures is not listened to")
    func soundFarAway() async throws {
        let path = try await Footage.make(
            Self.picture + [
                "-f", "lavfi", "-i", "sine=d=2,asetpts='PTS+gte(T,1)*7200/TB'",
            ] + Footage.quick + ["-c:a", "pcm_s16le"], suffix: "mkv")
        let facts = try await inspector.inspect(path: path)
        #expect(abs(facts.duration - 2) < 0.1)
        try await withTemporaryFolder { folder in
            let audio = try await FFmpegAudioExtractor().extract(
                path: path, facts: facts, into: ScratchFolder(path: folder)
            ) { _, _ in }
            #expect(audio.duration < 4)
            #expect(try #require(readFile(audio.path)).count < 200_000)
        }
    }

    @Test("a picture that hardly ever changes is looked at")
    func slowPictures() async throws {
        let path = try await Footage.make(
            ["-f", "lavfi", "-i", "testsrc2=s=64x48:d=30:r=1/10", "-c:v", "ffv1"], suffix: "mkv")
        let facts = try await inspector.inspect(path: path)
        let track = try await FFmpegPictureAnalyzer().analyze(
            path: path, facts: facts, span: facts.span, mode: .fast
        ) { _, _ in }
        #expect(track.end > 10 && !track.samples.isEmpty)
    }

    @Test("a clip may begin a hair after the start")
    func tinyStart() async throws {
        let span = TimeSpan(start: 0.00002, end: 1.00002)
        try await Rendering.of(try await Footage.plain(), span: span, format: .square) { clip in
            #expect(abs(clip.facts.duration - 1) < 0.1)
        }
    }

    @Test("a long video whose only key picture is the first is taken", .enabled(if: Slow.enabled))
    func oneKeyPicture() async throws {
        let path = try await Footage.make(
            ["-f", "lavfi", "-i", "color=s=16x16:d=1800:r=60"] + Footage.quick + [
                "-x264-params", "keyint=infinite",
            ])
        #expect(abs(try await inspector.inspect(path: path).duration - 1800) < 0.1)
    }

    @Test("a playlist is not opened for the captions that it may lead to")
    func captionsElsewhere() async throws {
        try await withTemporaryFolder { folder in
            writeFile(Array("1\n00:00:00,000 --> 00:00:01,000\nsecret\n".utf8), to: "\(folder)/secret.srt")
            writeFile(Array("ffconcat version 1.0\nfile secret.srt\n".utf8), to: "\(folder)/innocent.mp4")
            let request = TranscriptionRequest.about(
                seconds: 2, in: folder, tracks: [.init(index: 0, language: nil, codec: "subrip")],
                source: "\(folder)/innocent.mp4")
            let transcript = try await CaptionTranscriber().transcribe(request) { _, _ in }
            #expect(transcript == nil)
        }
    }

    private func expectTooComplex(_ path: String) async {
        let error = await #expect(throws: MediaError.self) { try await inspector.inspect(path: path) }
        #expect(error?.code == "source_too_complex")
    }
}

extension String {
    /// Itself with zeros up to so many bytes, which end a text in Matroska.
    fileprivate func padded(to count: Int) -> String {
        self + String(repeating: "\0", count: max(0, count - utf8.count))
    }
}
