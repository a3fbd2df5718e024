import Application
import Domain

/// Finds by how much a span must be made louder or softer, before it is rendered.
struct LoudnessMeter {
    /// The loudness of every clip in LUFS, as YouTube, TikTok and the others play it.
    static let target = -14.0
    /// The highest peak, as a factor of full scale: −1.5 dB leaves AAC room to overshoot.
    private static let peak = 0.84
    private static let peakLevel = -1.5
    /// What is softer than this, in LUFS, is silence and stays it.
    private static let silence = -60.0

    /// The filters that bring any sound into the form in which it is measured and encoded.
    static let form = "aresample=48000:async=1:first_pts=0,aformat=sample_fmts=fltp:channel_layouts=stereo"

    /// The filters that apply a gain in dB and keep the peaks below the limit.
    static func levelling(by gain: Double) -> String {
        "volume=\(FFmpegProgram.number(gain))dB,alimiter=limit=\(peak):attack=5:release=60:level=false:latency=true"
    }

    let path: String
    let span: TimeSpan
    let tools: FFmpegTools
    /// How much measuring gives way: as much as the rendering for which it is done.
    let niceness: Int

    /// The gain in dB with which the span reaches the target, limiter included.
    ///
    /// Where the limiter has peaks to hold down, it takes loudness with them; so what comes out of it is measured
    /// again and made up for, twice at most.
    func gain() async throws -> Double {
        let plain = try await measure(through: "")
        guard plain.loudness > Self.silence else { return 0 }
        var gain = Self.target - plain.loudness
        guard plain.peak + gain > Self.peakLevel else { return gain }
        for _ in 0..<2 {
            let missing = Self.target - (try await measure(through: ",\(Self.levelling(by: gain))").loudness)
            if abs(missing) < 0.3 { break }
            gain += missing
        }
        return gain
    }

    /// Loudness in LUFS and sample peak in dB of the span after `filters`, by EBU R 128.
    private func measure(through filters: String) async throws -> (loudness: Double, peak: Double) {
        let program = ChildProgram(
            tools.ffmpeg,
            [
                "-nostdin", "-hide_banner", "-nostats", "-v", "info", "-vn", "-sn", "-ss",
                FFmpegProgram.number(span.start), "-t", FFmpegProgram.number(span.duration),
            ]
                + FFmpegProgram.opening(path) + [
                    "-filter_complex",
                    "[0:a:0]\(Self.form)\(filters),ebur128=framelog=verbose:peak=sample[heard]", "-map",
                    "[heard]",
                    "-f", "null", "/dev/null",
                ],
            limits: ChildLimits(memory: 2 << 30, deadline: .seconds(600), silence: tools.patience),
            niceness: niceness)
        let result = try await FFmpegProgram.run(program)
        func last(_ label: String) -> Double? {
            result.complaint.split(whereSeparator: \.isNewline).last { $0.contains(label) }
                .flatMap { $0.split(separator: " ").compactMap { Double($0) }.first }
        }
        return (last(" I: ") ?? -70, last(" Peak: ") ?? -90)
    }
}
