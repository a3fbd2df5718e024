/// What is heard and seen in a recording besides its words.
public struct RankingSignals: Sendable {
    /// The recording's length in seconds.
    public let duration: Double
    /// How loud it is, one value for each interval, in dB relative to full scale; empty without sound.
    public let loudness: [Float]
    /// The seconds that one value of ``loudness`` covers.
    public let loudnessInterval: Double
    /// How it looks.
    public let pictures: PictureTrack

    /// The signals of a recording.
    public init(duration: Double, loudness: [Float], loudnessInterval: Double, pictures: PictureTrack) {
        self.duration = max(0, duration)
        self.loudness = loudness
        self.loudnessInterval = loudnessInterval > 0 ? loudnessInterval : 0.1
        self.pictures = pictures
    }

    /// The whole recording.
    var whole: TimeSpan { TimeSpan(start: 0, end: duration) }
}

/// Sums of the signals up to each moment, so that any span is weighed at once.
struct SignalSums {
    private let interval: Double
    private let loud: [Double]
    private let motionTimes: [Double]
    private let motion: [Double]
    private let cuts: [Double]
    private let cutsPerSecond: Double
    private let usualMotion: Double

    /// How much of a recording usually counts as loud.
    private static let loudShare = 0.15

    init(_ signals: RankingSignals) {
        interval = signals.loudnessInterval
        // Loud is what exceeds the rest of what is heard, whatever the recording's level.
        let heard = signals.loudness.filter { $0 > -60 }.sorted()
        let threshold = heard.isEmpty ? 0 : heard[Int(Double(heard.count - 1) * (1 - Self.loudShare))]
        loud = Self.sums(signals.loudness.map { $0 > -60 && $0 > threshold ? 1 : 0 })
        let samples = signals.pictures.samples
        motionTimes = samples.map(\.time)
        motion = Self.sums(samples.map { Double($0.motion) })
        usualMotion = samples.isEmpty ? 0 : (motion.last ?? 0) / Double(samples.count)
        cuts = signals.pictures.cuts
        cutsPerSecond = signals.duration > 0 ? Double(cuts.count) / signals.duration : 0
    }

    private static func sums(_ values: [Double]) -> [Double] {
        var sums = [0.0]
        sums.reserveCapacity(values.count + 1)
        for value in values { sums.append(sums[sums.count - 1] + value) }
        return sums
    }

    /// How much of `span` is among the loudest of the recording: 0 never, 0.5 as usual, 1 twice as often.
    func loudness(in span: TimeSpan) -> Double {
        let last = loud.count - 1
        guard last > 0 else { return 0 }
        let lower = min(max(Int(nearest: (span.start / interval).rounded(.down)), 0), last)
        let upper = min(max(Int(nearest: (span.end / interval).rounded(.down)), lower), last)
        guard upper > lower else { return 0 }
        return min(1, (loud[upper] - loud[lower]) / Double(upper - lower) / (2 * Self.loudShare))
    }

    /// How lively the pictures of `span` are: 0 still, 0.5 as usual in this recording, 1 much livelier.
    func liveliness(in span: TimeSpan) -> Double {
        let lower = Self.first(in: motionTimes, from: span.start)
        let upper = Self.first(in: motionTimes, from: span.end)
        var result = 0.0
        if upper > lower, usualMotion > 0 {
            result = 0.7 * min(1, (motion[upper] - motion[lower]) / Double(upper - lower) / (2 * usualMotion))
        }
        if cutsPerSecond > 0, span.duration > 0 {
            let count = Double(cutCount(in: span))
            result += 0.3 * min(1, count / span.duration / (2 * cutsPerSecond))
        }
        return result
    }

    /// How many scene cuts lie in `span`.
    func cutCount(in span: TimeSpan) -> Int {
        Self.first(in: cuts, from: span.end) - Self.first(in: cuts, from: span.start)
    }

    /// Whether a scene cut lies within `seconds` of `moment`.
    func isCut(near moment: Double, within seconds: Double) -> Bool {
        cutCount(in: TimeSpan(start: moment - seconds, end: moment + seconds)) > 0
    }

    /// The index of the first of `times` that is not before `moment`, by bisection.
    static func first(in times: [Double], from moment: Double) -> Int {
        var range = 0..<times.count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            range = times[middle] >= moment ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return range.lowerBound
    }
}
