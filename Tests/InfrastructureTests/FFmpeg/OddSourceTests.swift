import Application
import Domain
import Infrastructure
import TestSupport
import Testing

@Suite("Odd sources", .enabled(if: Slow.enabled), .serialized) struct OddSourceTests {
    /// A source, and what is odd about it.
    struct Source: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let arguments: [String]
        var suffix = "mp4"
        var seconds = 2.0
        var sound = true

        init(
            _ name: String, _ arguments: [String], suffix: String = "mp4", seconds: Double = 2,
            sound: Bool = true
        ) {
            testDescription = name
            self.arguments = arguments
            self.suffix = suffix
            self.seconds = seconds
            self.sound = sound
        }
    }

    private static let picture = ["-f", "lavfi", "-i", "testsrc2=s=320x180:d=2:r=25"]
    private static let tone = ["-f", "lavfi", "-i", "sine=d=2"]
    private static let x264 = ["-c:v", "libx264", "-preset", "ultrafast"]

    static let sources = [
        Source("without sound", picture + Footage.quick, sound: false),
        Source(
            "odd sizes",
            ["-f", "lavfi", "-i", "testsrc2=s=321x181:d=2:r=25"] + tone + x264 + ["-pix_fmt", "yuv444p"]),
        Source("4:4:4", picture + tone + x264 + ["-pix_fmt", "yuv444p"]),
        Source("ten bits", picture + tone + x264 + ["-pix_fmt", "yuv420p10le"]),
        Source(
            "RGB", picture + tone + ["-c:v", "libx264rgb", "-preset", "ultrafast", "-pix_fmt", "rgb24"],
            suffix: "mkv"),
        Source(
            "PQ",
            picture + tone + x264 + [
                "-pix_fmt", "yuv420p10le", "-color_primaries", "bt2020", "-color_trc",
                "smpte2084", "-colorspace", "bt2020nc",
            ]),
        Source(
            "HLG",
            picture + tone + x264 + [
                "-pix_fmt", "yuv420p10le", "-color_primaries", "bt2020", "-color_trc",
                "arib-std-b67", "-colorspace", "bt2020nc",
            ]),
        Source(
            "PQ in the transfer alone",
            picture + tone + x264 + ["-pix_fmt", "yuv420p10le", "-color_trc", "smpte2084"]),
        Source("full range", picture + tone + x264 + ["-pix_fmt", "yuvj420p"]),
        Source(
            "5.1 sound",
            picture + ["-f", "lavfi", "-i", "aevalsrc='sin(440*t)|0|0|0|sin(300*t)|0':c=5.1:d=2"]
                + Footage.quick + ["-c:a", "aac"]),
        Source(
            "sound of 8 kHz",
            picture + ["-f", "lavfi", "-i", "sine=d=2:r=8000"] + Footage.quick + ["-c:a", "pcm_s16le"],
            suffix: "mkv"),
        Source(
            "several tracks",
            picture + picture + tone + tone + ["-map", "0", "-map", "1", "-map", "2", "-map", "3"]
                + Footage.quick + ["-c:a", "aac"]),
        Source(
            "a variable rate",
            ["-f", "lavfi", "-i", "testsrc2=s=320x180:d=2:r=60,select='lt(mod(n,20),3+mod(n,7))'"] + tone
                + Footage.quick + ["-vsync", "vfr"]),
        Source(
            "two frames a second", ["-f", "lavfi", "-i", "testsrc2=s=320x180:d=2:r=2"] + tone + Footage.quick),
        Source(
            "sixty frames a second",
            ["-f", "lavfi", "-i", "testsrc2=s=320x180:d=2:r=60"] + tone + Footage.quick),
        Source(
            "interlaced",
            picture + tone + ["-vf", "interlace", "-c:v", "mpeg2video", "-flags", "+ildct+ilme"],
            suffix: "mpg"),
        Source(
            "wide pixels",
            ["-f", "lavfi", "-i", "testsrc2=s=180x288:d=2:r=25,setsar=64/45"] + tone + Footage.quick),
        Source("silence", picture + ["-f", "lavfi", "-i", "anullsrc", "-t", "2"] + Footage.quick),
        Source("sound that ends early", picture + ["-f", "lavfi", "-i", "sine=d=0.5"] + Footage.quick),
        Source(
            "sound that begins late",
            picture + ["-itsoffset", "1", "-f", "lavfi", "-i", "sine=d=1"] + Footage.quick),
        Source(
            "a picture that begins late",
            ["-itsoffset", "0.5", "-f", "lavfi", "-i", "testsrc2=s=320x180:d=1.5:r=25"] + tone
                + Footage.quick, suffix: "mkv"),
        Source(
            "a clock that starts late", picture + tone + Footage.quick + ["-output_ts_offset", "30000"],
            suffix: "ts"),
        Source(
            "0.2 s",
            ["-f", "lavfi", "-i", "testsrc2=s=320x180:d=0.2:r=25", "-f", "lavfi", "-i", "sine=d=0.2"]
                + Footage.quick, seconds: 0.2),
        Source("upright", ["-f", "lavfi", "-i", "testsrc2=s=180x320:d=2:r=25"] + tone + Footage.quick),
        Source("very wide", ["-f", "lavfi", "-i", "testsrc2=s=960x60:d=2:r=25"] + tone + Footage.quick),
        Source("tiny", ["-f", "lavfi", "-i", "testsrc2=s=16x16:d=2:r=25"] + tone + Footage.quick),
    ]

    @Test("is looked into, listened to, looked at and rendered", arguments: sources)
    func everyStage(source: Source) async throws {
        let path = try await Footage.make(source.arguments, suffix: source.suffix)
        let facts = try await FFprobeInspector().inspect(path: path)
        #expect(facts.hasAudio == source.sound)
        #expect(abs(facts.duration - source.seconds) < 0.6)
        let pictures = try await FFmpegPictureAnalyzer().analyze(
            path: path, facts: facts, span: facts.span, mode: .balanced
        ) { _, _ in }
        #expect(!pictures.samples.isEmpty)
        if source.sound {
            try await withTemporaryFolder { folder in
                let audio = try await FFmpegAudioExtractor().extract(
                    path: path, facts: facts, into: ScratchFolder(path: folder)
                ) { _, _ in }
                #expect(abs(audio.duration - facts.duration) < 1.6)
            }
        }
        let words = [Word(text: "Hello", span: TimeSpan(start: 0, end: 0.2))]
        for format in [ClipFormat.vertical, .landscape, .original] {
            try await Rendering.of(
                path, format: format, words: words, template: "default", pictures: pictures
            ) { clip in
                #expect(clip.facts.size == format.size(for: facts.size))
                #expect(abs(clip.facts.duration - facts.duration) < 0.12)
                #expect(clip.facts.hasAudio == source.sound)
                #expect([24...31].contains { $0.contains(Int(clip.facts.frameRate.rounded())) })
            }
        }
    }

    @Test("a picture that is turned by a flag comes out upright", arguments: [90, 180, 270])
    func rotation(degrees: Int) async throws {
        // White above, black below.
        let plain = try await Footage.make(
            ["-f", "lavfi", "-i", "color=c=black:s=320x180:d=1:r=25,drawbox=h=90:c=white:t=fill"]
                + Footage.quick)
        let turned = try await Footage.make(["-i", plain, "-c", "copy", "-metadata:s:v", "rotate=\(degrees)"])
        try await Rendering.of(turned, format: .original) { clip in
            let size =
                degrees == 180 ? PictureSize(width: 320, height: 180) : PictureSize(width: 180, height: 320)
            #expect(clip.facts.size == size)
            let corners = try await Footage.read(
                clip.path,
                ["-frames:v", "1", "-vf", "scale=2:2:flags=area", "-f", "rawvideo", "-pix_fmt", "gray"])
            let white = corners.map { $0 > 128 }
            switch degrees {
            // Degrees count against the clock.
            case 90: #expect(white == [true, false, true, false])
            case 180: #expect(white == [false, false, true, true])
            default: #expect(white == [false, true, false, true])
            }
        }
    }

    @Test(
        "colours stay what they were",
        arguments: [
            ["-vf", "scale=out_color_matrix=bt709,format=yuv420p", "-colorspace", "bt709"],
            ["-vf", "scale=out_color_matrix=bt601,format=yuv420p", "-colorspace", "smpte170m"],
            ["-vf", "scale=out_color_matrix=bt601,format=yuv420p"],
            [
                "-vf", "scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p", "-colorspace",
                "smpte170m", "-color_range", "pc",
            ],
            ["-vf", "format=rgb24", "-c:v", "libx264rgb"],
        ])
    func colours(options: [String]) async throws {
        let source = try await Footage.make(
            [
                "-f", "lavfi", "-i", "color=c=0xC83C50:s=320x180:d=1:r=25,format=rgb24", "-c:v", "libx264",
                "-crf", "4",
            ] + options,
            suffix: "mkv")
        for format in [ClipFormat.original, .vertical] {
            try await Rendering.of(source, format: format, mode: .quality) { clip in
                let pixel = try await Footage.read(
                    clip.path,
                    [
                        "-frames:v", "1", "-vf", "crop=8:8,scale=1:1:in_color_matrix=bt709", "-f", "rawvideo",
                        "-pix_fmt", "rgb24",
                    ])
                for (found, real) in zip(pixel, [0xC8, 0x3C, 0x50]) { #expect(abs(Int(found) - real) <= 6) }
            }
        }
    }
}
