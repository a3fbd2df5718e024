import Application
import Domain
import Infrastructure
import Testing

@Suite("Looking at pictures") struct FFmpegPictureAnalyzerTests {
    private func look(_ path: String, span: TimeSpan? = nil, mode: ProcessingMode = .balanced) async throws
        -> PictureTrack
    {
        let facts = try await FFprobeInspector().inspect(path: path)
        return try await FFmpegPictureAnalyzer().analyze(
            path: path, facts: facts, span: span ?? facts.span, mode: mode
        ) { _, _ in }
    }

    /// Where the middle of the interest is, 0–1.
    private func middle(_ profile: [UInt8]) -> Double {
        let total = profile.reduce(0) { $0 + Double($1) }
        let sum = profile.enumerated().reduce(0) { $0 + (Double($1.offset) + 0.5) * Double($1.element) }
        return sum / total / Double(profile.count)
    }

    @Test("scene cuts are found to the frame", arguments: ProcessingMode.allCases)
    func cuts(mode: ProcessingMode) async throws {
        let path = try await Footage.make(
            [
                "-f", "lavfi", "-i", "testsrc2=s=320x180:d=1.2:r=25", "-f", "lavfi", "-i",
                "smptebars=s=320x180:d=1:r=25",
                "-f", "lavfi", "-i", "mandelbrot=s=320x180:r=25", "-filter_complex",
                "[2]trim=duration=1.8[m];[0][1][m]concat=n=3",
            ] + Footage.quick)
        let cuts = try await look(path, mode: mode).cuts
        #expect(cuts.count == 2)
        let tolerance = mode == .fast ? 0.13 : 0.021
        for (found, real) in zip(cuts, [1.2, 2.2]) { #expect(abs(found - real) < tolerance) }
    }

    @Test("pictures that are held and then change, as in an animation, are no cuts")
    func heldPictures() async throws {
        let path = try await Footage.make(
            [
                "-f", "lavfi", "-i",
                "life=s=80x45:r=6:mold=10:ratio=0.14:seed=7:death_color=0x3a0ca3:life_color=0x4cc9f0,trim=duration=5",
                "-f", "lavfi", "-i", "smptebars=s=320x180:d=1:r=25",
                "-filter_complex", "[0]scale=320x180:flags=neighbor,fps=25[l];[l][1]concat=n=2",
            ] + Footage.quick)
        let cuts = try await look(path).cuts
        #expect(cuts.count == 1)
        #expect(abs((cuts.first ?? 0) - 5) < 0.05)
    }

    @Test("what moves is interesting, where it is and when it is there")
    func motion() async throws {
        let path = try await Footage.make(
            [
                "-f", "lavfi", "-i",
                "testsrc=s=640x360:d=4:r=25,select='eq(n,0)',loop=100:1,setpts=N/25/TB,trim=duration=4",
                "-f", "lavfi", "-i",
                "life=s=64x64:r=25:mold=10:death_color=red:life_color=white,trim=duration=4",
                "-filter_complex", "[0][1]overlay=x='40+(W-144)*t/4':y=60:eval=frame:shortest=1",
            ] + Footage.quick)
        let track = try await look(path)
        #expect(track.samples.count >= 18)
        for sample in track.samples.dropFirst() where sample.time < 3.9 {
            let real = (40 + (640 - 144) * sample.time / 4 + 32) / 640
            #expect(abs(middle(sample.columns) - real) < 0.12)
            #expect(abs(middle(sample.rows) - 92.0 / 360) < 0.15)
        }
    }

    @Test("times are those of the source, whatever the span")
    func spanTimes() async throws {
        let track = try await look(try await Footage.plain(), span: TimeSpan(start: 1.5, end: 3.5))
        let times = track.samples.map(\.time)
        #expect(abs((times.first ?? 0) - 1.5) < 0.11)
        #expect(times.allSatisfy { $0 >= 1.5 && $0 < 3.5 })
        #expect(abs(track.end - 3.5) < 0.1)
    }

    @Test("the better mode looks more often")
    func modes() async throws {
        let path = try await Footage.plain()
        let counts = try await [ProcessingMode.fast, .balanced, .quality].asyncMap {
            try await look(path, mode: $0).samples.count
        }
        #expect(counts == counts.sorted())
        #expect(Set(counts).count == 3)
    }

    @Test("where a truncated file breaks off, the track ends")
    func truncated() async throws {
        let whole = try await Footage.make([
            "-i", try await Footage.plain(seconds: 20), "-c", "copy", "-movflags", "+faststart",
        ])
        let bytes = try #require(readFile(whole))
        try await withTemporaryFile(Array(bytes.prefix(bytes.count / 2))) { path in
            let track = try await look(path)
            #expect(track.end > 7 && track.end < 13)
        }
    }
}

extension Array {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
