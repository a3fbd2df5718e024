import Application
import Domain
import FoundationEssentials
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("Rendering clips", .enabled(if: Slow.enabled), .serialized) struct ClipRenderingTests {
    @Test(
        "C5: every format has its size, plays everywhere, and can be streamed",
        arguments: ClipFormat.allCases, ProcessingMode.allCases)
    func formats(format: ClipFormat, mode: ProcessingMode) async throws {
        try await Rendering.of(
            try await Footage.plain(), span: TimeSpan(start: 1, end: 2), format: format, mode: mode
        ) { clip in
            #expect(clip.facts.size == format.size(for: PictureSize(width: 640, height: 360)))
            let streams = try await clip.streams(
                "codec_name,profile,pix_fmt,sample_rate,channels,r_frame_rate,color_space")
            #expect(streams == ["h264,High,yuv420p,bt709,25/1", "aac,LC,48000,2,0/0"])
            let bytes = try #require(readFile(clip.path))
            let head = bytes.firstRange(of: Array("moov".utf8))
            let body = bytes.firstRange(of: Array("mdat".utf8))
            #expect(try #require(head).lowerBound < #require(body).lowerBound)
        }
    }

    @Test(
        "a clip starts and ends exactly where it should, wherever the key pictures are",
        arguments: [0.0, 2.48, 3.52, 7.0])
    func exactCut(start: Double) async throws {
        // Brightness counts the frames to forty and begins anew; only the first is a key picture.
        let source = try await Footage.make(
            [
                "-f", "lavfi", "-i", "color=c=black:s=64x64:d=9:r=25,format=gray,geq=lum='20+5*mod(N,40)'",
                "-c:v",
                "libx264",
                "-preset", "ultrafast", "-crf", "8", "-g", "9999", "-bf", "3", "-pix_fmt", "yuv420p",
            ])
        try await Rendering.of(
            source, span: TimeSpan(start: start, end: start + 1), format: .original, mode: .quality
        ) { clip in
            let means = try await Footage.read(
                clip.path, ["-vf", "scale=1:1:flags=area", "-f", "rawvideo", "-pix_fmt", "gray"])
            #expect(means.count == 25)
            for (offset, mean) in means.enumerated() {
                let number = Int((start * 25).rounded()) + offset
                #expect(abs(Int(mean) - (20 + 5 * (number % 40))) <= 2)
            }
        }
    }

    @Test(
        "C39: every clip is as loud as the networks play it",
        arguments: [
            "sine=f=440,volume=-30dB", "anoisesrc=a=0.9:c=pink",
            "sine=f=300,volume='if(lt(mod(t,1),0.1),1,0.03)':eval=frame",
            "aevalsrc='0.5*sin(2*PI*200*t)*(0.1+abs(sin(3*t)))|0.02*sin(2*PI*300*t)'",
        ])
    func loudness(sound: String) async throws {
        let source = try await Footage.make(
            ["-f", "lavfi", "-i", "testsrc2=s=128x72:r=25", "-f", "lavfi", "-i", sound, "-t", "12"]
                + Footage.quick
                + ["-c:a", "aac", "-b:a", "192k"])
        try await Rendering.of(source, span: TimeSpan(start: 1, end: 11), format: .original) { clip in
            let loudness = try await clip.loudness()
            #expect(abs(loudness + 14) <= 1)
        }
    }

    @Test("a subject that crosses from the left to the right third is in at least 95 % of the frames")
    func crossingSubject() async throws {
        // A red figure on a busy grey room.
        let source = try await Footage.make(
            [
                "-f", "lavfi", "-i",
                "mandelbrot=s=1280x720:r=1:start_scale=1,trim=end_frame=1,hue=s=0,eq=contrast=0.5,loop=-1:1,setpts=N/25/TB,fps=25",
                "-f", "lavfi", "-i", "color=c=red:s=130x330:r=25", "-filter_complex",
                "[0][1]overlay=x='W/6-w/2+W*4/6*t/6':y=240:eval=frame", "-t", "6",
            ] + Footage.quick)
        let facts = try await FFprobeInspector().inspect(path: source)
        let pictures = try await FFmpegPictureAnalyzer().analyze(
            path: source, facts: facts, span: facts.span, mode: .balanced
        ) { _, _ in }
        try await Rendering.of(source, pictures: pictures) { clip in
            // How much of each column is red: 130 of 405 columns are when all of the figure is in the picture.
            let columns = try await Footage.read(
                clip.path,
                [
                    "-vf", "crop=iw:ih/4:0:ih*0.45,scale=54:1:flags=area", "-f", "rawvideo", "-pix_fmt",
                    "rgb24",
                ])
            let frames = columns.count / (54 * 3)
            #expect(frames == 150)
            let inside = (0..<frames).count { frame in
                let red = (0..<54).filter { column in
                    let at = (frame * 54 + column) * 3
                    return columns[at] > 140 && columns[at + 1] < 90
                }
                return red.count >= 15 && red.first != 0 && red.last != 53
            }
            #expect(Double(inside) >= 0.95 * Double(frames))
        }
    }

    @Test("a page of text is shown whole, over its own blur")
    func wholePage() async throws {
        let source = try await Footage.make(
            [
                "-f", "lavfi", "-i", "color=c=white:s=1280x720:d=2:r=25", "-vf",
                (0..<9).map {
                    "drawtext=text='The quick brown fox jumps over the lazy dog and goes on':fontsize=42:x=40:y=\(40 + $0 * 72)"
                }
                .joined(separator: ","),
            ] + Footage.quick)
        let facts = try await FFprobeInspector().inspect(path: source)
        let pictures = try await FFmpegPictureAnalyzer().analyze(
            path: source, facts: facts, span: facts.span, mode: .balanced
        ) { _, _ in }
        let plan = Reframer.plan(
            from: facts.size, to: ClipFormat.vertical.size(for: facts.size), pictures: pictures,
            span: facts.span)
        #expect(plan.shots.map(\.isWhole) == [true])
        try await Rendering.of(source, pictures: pictures) { clip in
            // White page in the middle third, its darkened blur above and below.
            let rows = try await Footage.read(
                clip.path,
                [
                    "-frames:v", "1", "-vf", "crop=20:ih:0:0,scale=1:48:flags=area", "-f", "rawvideo",
                    "-pix_fmt", "gray",
                ])
            #expect(rows[24] > 240)
            #expect(rows[4] < 225 && rows[44] < 225)
        }
    }

    @Test("a change of layout within a clip loses and doubles no frame")
    func mixedLayouts() async throws {
        let source = try await Footage.make(
            ["-f", "lavfi", "-i", "color=c=black:s=640x360:d=6:r=25,format=gray,geq=lum='16+N'"]
                + Footage.quick)
        let centre =
            [UInt8](repeating: 0, count: 14) + [255, 255, 255, 255] + [UInt8](repeating: 0, count: 14)
        let even = [UInt8](repeating: 200, count: 32)
        let samples = stride(from: 0.0, to: 6, by: 0.2).map { time in
            PictureTrack.Sample(
                time: time, columns: time >= 2 && time < 4 ? even : centre,
                rows: [UInt8](repeating: 9, count: 18), motion: 0)
        }
        let pictures = PictureTrack(samples: samples, cuts: [2, 4], end: 6)
        try await Rendering.of(source, mode: .quality, pictures: pictures) { clip in
            let means = try await Footage.read(
                clip.path, ["-vf", "crop=2:2,scale=1:1", "-f", "rawvideo", "-pix_fmt", "gray"])
            #expect(means.count == 150)
            for (number, mean) in means.enumerated() { #expect(abs(Int(mean) - 16 - number) <= 2) }
        }
    }

    @Test("progress rises to the end")
    func progress() async throws {
        let told = Mutex<[Double]>([])
        try await Rendering.of(
            try await Footage.plain(), format: .original,
            progress: { fraction, _ in told.withLock { $0.append(fraction) } }
        ) { _ in
            told.withLock { told in
                #expect(told == told.sorted())
                #expect((told.last ?? 0) > 0.9)
            }
        }
    }

    @Test("nothing is left beside the clip and its thumbnail")
    func noLeftovers() async throws {
        let words = [Word(text: "hello", span: TimeSpan(start: 0, end: 1))]
        try await Rendering.of(
            try await Footage.plain(), format: .original, words: words, template: "default"
        ) { clip in
            let folder = clip.path.split(separator: "/").dropLast().joined(separator: "/")
            let left = try FileManager.default.contentsOfDirectory(atPath: "/" + folder)
            #expect(Set(left.map { "/\(folder)/\($0)" }) == [clip.path, clip.thumbnail])
        }
    }

    @Test("a source that breaks off within the span fails with a reason")
    func truncated() async throws {
        let whole = try await Footage.make(
            ["-i", try await Footage.plain(seconds: 20), "-c", "copy", "-movflags", "+faststart"])
        let bytes = try #require(readFile(whole))
        let facts = try await FFprobeInspector().inspect(path: whole)
        try await withTemporaryFile(Array(bytes.prefix(bytes.count / 2))) { path in
            await #expect {
                try await withTemporaryFolder { folder in
                    let store = ScratchStore(in: folder)
                    let order = RenderOrder(
                        sourcePath: path, facts: facts, span: TimeSpan(start: 12, end: 18), format: .original,
                        rank: 1, mode: .fast,
                        words: [], captionTemplate: nil,
                        pictures: PictureTrack(samples: [], cuts: [], end: 20))
                    _ = try await FFmpegClipRenderer(
                        store: store, templates: [], budget: RenderBudget(of: 2)
                    )
                    .render(order, to: try store.stage(suffix: ".mp4"), thumbnail: nil) { _, _ in }
                }
            } throws: { error in
                if case MediaError.programFailed = error { true } else { error is MediaError }
            }
        }
    }

    @Test(
        "the thumbnail is a JPEG of the picture a third in; a clip of one frame has one too",
        arguments: [6, 0.04])
    func thumbnail(length: Double) async throws {
        // Blue around a third of six seconds, red before and after.
        let source = try await Footage.make(
            [
                "-f", "lavfi", "-i",
                "color=c=red:s=1280x720:r=25:d=6,drawbox=c=blue:t=fill:enable='between(t,1.5,2.5)'",
            ] + Footage.quick)
        try await Rendering.of(source, span: TimeSpan(start: 0, end: length), format: .original) {
            rendering in
            #expect(readFile(rendering.thumbnail)?.prefix(3) == [0xFF, 0xD8, 0xFF])
            let result = try await ChildProcesses.shared.run(
                ChildProgram(
                    "ffmpeg",
                    [
                        "-v", "error", "-i", rendering.thumbnail, "-vf", "scale=1:1", "-pix_fmt", "rgb24",
                        "-f", "rawvideo", "-",
                    ]))
            try #require(result.output.count == 3)
            let probe = ChildProgram(
                "ffprobe",
                ["-v", "error", "-of", "csv=p=0", "-show_entries", "stream=width", rendering.thumbnail])
            let width = try await ChildProcesses.shared.run(probe)
            #expect(String(decoding: width.output, as: UTF8.self) == "720\n")
            let isBlue = result.output[2] > 240 && result.output[0] < 15
            let isRed = result.output[0] > 240 && result.output[2] < 15
            #expect(length > 1 ? isBlue : isRed)
        }
    }
}
