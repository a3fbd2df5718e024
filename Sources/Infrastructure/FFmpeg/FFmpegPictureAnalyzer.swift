package import Application
package import Domain
import Synchronization

/// Looks at the pictures of a source in one small grey decode.
///
/// Every frame (at most 30 a second) comes through a pipe at 64×36 grey pixels: all are compared for scene cuts,
/// a few a second are weighed for what is interesting in them. Memory grows by some hundred bytes a sample, so a
/// recording of three hours stays within a few MiB.
package struct FFmpegPictureAnalyzer: PictureAnalyzer {
    /// How many frames a second are looked at for cuts: the source's own, within these bounds.
    private static let frameRates = 1.0...30.0

    private let tools: FFmpegTools

    /// An analyzer.
    package init(tools: FFmpegTools = FFmpegTools()) {
        self.tools = tools
    }

    /// How `span` of the source at `path` looks.
    package func analyze(
        path: String, facts: MediaFacts, span: TimeSpan, mode: ProcessingMode,
        progress: @escaping ProgressReport
    ) async throws -> PictureTrack {
        let rate =
            facts.frameRate > 0
            ? min(max(facts.frameRate, Self.frameRates.lowerBound), Self.frameRates.upperBound) : 25
        // What the loop filter smooths cannot be seen at this size; frames that no other needs may be left out.
        let shortcuts =
            ["-skip_loop_filter", "all"] + (mode == .fast ? ["-skip_frame", "noref"] : [])
        let size = "\(SaliencyMeter.width):\(SaliencyMeter.height)"
        let program = ChildProgram(
            tools.ffmpeg,
            FFmpegProgram.manners + shortcuts + [
                "-ss", FFmpegProgram.number(span.start), "-t", FFmpegProgram.number(span.duration),
            ]
                + FFmpegProgram.opening(path) + [
                    "-filter_complex",
                    "[0:V:0]fps=\(FFmpegProgram.number(rate)):start_time=0,scale=\(size):flags=area,format=gray[grey]",
                    "-map", "[grey]", "-f", "rawvideo", "pipe:1",
                ],
            limits: ChildLimits(memory: 6 << 30, deadline: .seconds(6 * 3600), silence: tools.patience),
            niceness: 5)
        let look = Mutex(
            Look(rate: rate, samplesPerSecond: Self.samplesPerSecond(mode), start: span.start))
        let began = ContinuousClock.now
        let result = try await FFmpegProgram.attempt(program) { bytes in
            let seen = look.withLock { look in
                look.take(bytes)
                return look.seconds
            }
            progress(span.duration > 0 ? min(1, seen / span.duration) : 0, nil)
        }
        WorkContext.current?.signals.ffmpegRan("pictures", over: span.duration, for: .now - began)
        let (track, seconds) = look.withLock { ($0.track(), $0.seconds) }
        // A source that breaks off still gives what could be decoded of it.
        guard result.succeeded || (seconds >= MediaLimits.leastDuration && result.exit != .signal(9)) else {
            throw FFmpegProgram.failure(of: program, result)
        }
        return track
    }

    private static func samplesPerSecond(_ mode: ProcessingMode) -> Double {
        switch mode {
        case .fast: 3
        case .balanced: 5
        case .quality: 8
        }
    }

    /// What has been seen so far.
    private struct Look {
        private let rate: Double
        private let framesPerSample: Int
        private let start: Double
        private var frame: [UInt8] = []
        private var frames = 0
        private var meter = SaliencyMeter()
        private var detector = CutDetector()
        private var samples: [PictureTrack.Sample] = []
        private var cuts: [Double] = []
        private var lastSampled = 0

        init(rate: Double, samplesPerSecond: Double, start: Double) {
            self.rate = rate
            framesPerSample = max(1, Int(nearest: rate / samplesPerSecond))
            self.start = start
            frame.reserveCapacity(SaliencyMeter.pixels)
        }

        /// The seconds of the recording that the frames so far cover.
        var seconds: Double { Double(frames) / rate }

        mutating func take(_ bytes: UnsafeRawBufferPointer) {
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(SaliencyMeter.pixels - frame.count)
                frame.append(contentsOf: piece)
                rest = rest.dropFirst(piece.count)
                if frame.count == SaliencyMeter.pixels {
                    see()
                    frame.removeAll(keepingCapacity: true)
                }
            }
        }

        private mutating func see() {
            let difference = meter.take(frame)
            if let cut = detector.take(difference, frame: frames) {
                cuts.append(start + Double(cut) / rate)
                // What changed across the cut did not move; one frame of the new scene is all there is so far.
                meter.forgetMotion()
                lastSampled = frames
            }
            frames += 1
            if frames - lastSampled >= framesPerSample { sample() }
        }

        private mutating func sample() {
            // Motion is that of all frames since the last sample, so its time is the middle of them.
            let middle = Double(frames - 1 + lastSampled) / 2
            samples.append(meter.sample(at: start + middle / rate))
            lastSampled = frames
        }

        /// What was seen; even the shortest recording has one sample.
        mutating func track() -> PictureTrack {
            if samples.isEmpty, frames > 0 { sample() }
            return PictureTrack(samples: samples, cuts: cuts, end: start + seconds)
        }
    }
}
