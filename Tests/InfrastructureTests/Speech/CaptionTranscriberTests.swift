import Application
import Domain
import Infrastructure
import TestSupport
import Testing

@Suite("Captions as transcript") struct CaptionTranscriberTests {
    private let srt =
        "1\n00:00:01,000 --> 00:00:03,000\nHello brave\nnew world\n\n2\n00:00:04,000 --> 00:00:05,000\nGood bye.\n"

    @Test("C24: a side file becomes words with times that avoid the silences")
    func sideFile() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/captions.srt"
            writeFile(Array(srt.utf8), to: path)
            let silences = [TimeSpan(start: 0, end: 1.5), TimeSpan(start: 3, end: 4)]
            let transcript = try await CaptionTranscriber().transcribe(
                .about(seconds: 6, silences: silences, in: folder, language: "en", captions: (path, .srt)),
                progress: { _, _ in })
            #expect(transcript?.texts == ["Hello", "brave", "new", "world", "Good", "bye."])
            #expect(transcript?.words.first?.span.start == 1.5)
            #expect(transcript?.language == "en" && transcript?.engine == "captions")
        }
    }

    @Test("C24: an unreadable side file is refused with its line, a missing track is nothing to say")
    func unreadable() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/captions.vtt"
            writeFile(Array("WEBVTT\n\n00:xx --> 00:01\nHi\n".utf8), to: path)
            await #expect(
                throws: MediaError.captionsUnreadable("line 3: “00:xx --> 00:01” is no pair of times")
            ) {
                try await CaptionTranscriber().transcribe(
                    .about(seconds: 2, in: folder, captions: (path, .vtt)), progress: { _, _ in })
            }
            let none = try await CaptionTranscriber().transcribe(
                .about(seconds: 2, in: folder), progress: { _, _ in })
            #expect(none == nil)
        }
    }

    @Test(
        "C24: an embedded track is taken out, the one in the wanted language",
        .enabled(if: ChildProcesses.find("ffmpeg") != nil))
    func embedded() async throws {
        try await withTemporaryFolder { folder in
            writeFile(Array(srt.utf8), to: folder + "/en.srt")
            writeFile(Array("1\n00:00:01,000 --> 00:00:03,000\nHallo Welt\n".utf8), to: folder + "/de.srt")
            let source = folder + "/source.mp4"
            let made = try await ChildProcesses.shared.run(
                ChildProgram(
                    "ffmpeg",
                    [
                        "-v", "error", "-f", "lavfi", "-i", "color=s=64x64:d=6:r=5", "-i", folder + "/en.srt",
                        "-i",
                        folder + "/de.srt", "-map", "0", "-map", "1", "-map", "2", "-c:s", "mov_text",
                        "-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=deu", source,
                    ]))
            #expect(made.succeeded, "\(made.reason)")
            let tracks = [
                MediaFacts.CaptionTrack(index: 1, language: "eng", codec: "mov_text"),
                MediaFacts.CaptionTrack(index: 2, language: "deu", codec: "mov_text"),
            ]
            let cases: [(String?, [String]?)] = [
                ("de-AT", ["Hallo", "Welt"]), ("en", ["Hello", "brave", "new", "world", "Good", "bye."]),
                (nil, ["Hello", "brave", "new", "world", "Good", "bye."]), ("fr", nil),
            ]
            for (language, expected) in cases {
                let transcript = try await CaptionTranscriber().transcribe(
                    .about(seconds: 6, in: folder, language: language, tracks: tracks, source: source),
                    progress: { _, _ in })
                #expect(transcript?.texts == expected)
            }
        }
    }
}
