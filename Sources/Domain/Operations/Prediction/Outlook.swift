/// A value that a number should not come to.
public struct Threshold: Hashable, Sendable {
    /// The value.
    public let value: Double
    /// Whether the number is to stay below it; else above.
    public let isCeiling: Bool

    /// A value that a number should not come to.
    public init(_ value: Double, isCeiling: Bool) {
        self.value = value
        self.isCeiling = isCeiling
    }

    /// Whether a value is beyond it.
    public func isCrossed(by other: Double) -> Bool { isCeiling ? other >= value : other <= value }
}

/// Where a number is going, and whether it will cross its threshold.
///
/// Two ways of looking ahead must agree, a robust line and Holt's smoothing: it crosses only where the near side of
/// both intervals does so within the horizon, and where the whole past and its later half rise or fall more than chance
/// would have it. A step that is over, a wave and noise each fail at least one of these.
public struct Outlook: Hashable, Sendable {
    /// How the past is looked at.
    public struct Policy: Hashable, Sendable {
        /// How far ahead.
        public let horizon: Duration
        /// From how many values on anything is said.
        public let minimumCount: Int
        /// How many standard deviations the near side of the intervals is from their middle.
        public let width: Double
        /// How many standard deviations from chance a trend must be.
        public let significance: Double

        /// How the past is looked at.
        public init(
            horizon: Duration, minimumCount: Int = 30, width: Double = 0.842, significance: Double = 2.576
        ) {
            self.horizon = horizon
            self.minimumCount = minimumCount
            self.width = width
            self.significance = significance
        }
    }

    /// How many of the newest values are worth keeping.
    public static let usefulCount = 240
    /// How many are looked at, each for a group of them: the cost grows with the square.
    private static let maximumCount = 120
    /// How it is found, as it stands on the wire.
    public static let method = "theil-sen+holt+mann-kendall"

    /// The value now.
    public let current: Double
    /// The value at the horizon.
    public let forecast: Double
    /// From now to the crossing of the middle of the forecast; nil where it does not cross within the horizon.
    public let timeLeft: Duration?
    /// How likely the number is to be beyond the threshold at the horizon, 0–1.
    public let confidence: Double
    /// From how many values.
    public let count: Int
    /// Whether something should be done about it.
    public let isWarning: Bool

    /// Looks ahead.
    ///
    /// - Parameter values: In the order of time, about equally far apart.
    /// - Returns: Nil where there are too few values, or of less time than is looked ahead.
    public init?(_ values: [TimedValue], threshold: Threshold, policy: Policy) {
        guard values.count >= policy.minimumCount, let last = values.last else { return nil }
        let recent = Self.condensed(values)
        // Nobody sees further ahead than they look back.
        guard let first = recent.first, let final = recent.last, final.at - first.at >= policy.horizon else {
            return nil
        }
        let times = recent.map { ($0.at - first.at).inSeconds }
        let numbers = recent.map(\.value)
        guard let line = TheilSenLine(times: times, values: numbers), let holt = HoltForecast(numbers),
            let now = times.last
        else { return nil }
        let step = now / Double(recent.count - 1)
        let horizon = policy.horizon.inSeconds
        current = last.value
        count = values.count

        let ahead = now + horizon
        let steps = horizon / step
        let (foretold, deviation) = (line.value(at: ahead), line.deviation(at: ahead))
        forecast = foretold
        let side = threshold.isCeiling ? 1.0 : -1
        let distance = side * (foretold - threshold.value)
        confidence =
            deviation > 0
            ? normalProbability(upTo: distance / deviation) : threshold.isCrossed(by: foretold) ? 1 : 0

        let left = line.slope == 0 ? -1 : (threshold.value - line.value(at: now)) / line.slope
        let isOver = threshold.isCrossed(by: current)
        timeLeft =
            isOver ? .zero : (0...horizon).contains(left) ? .milliseconds(Int64(nearest: left * 1000)) : nil

        let near = foretold - side * policy.width * deviation
        let nearByHolt = holt.value(after: steps) - side * policy.width * holt.deviation(after: steps)
        let halves = [numbers[...], numbers[(numbers.count / 2)...]]
        isWarning =
            !isOver && threshold.isCrossed(by: near) && threshold.isCrossed(by: nearByHolt)
            && halves.allSatisfy { side * MannKendall(Array($0)).score >= policy.significance }
    }

    /// At most ``maximumCount`` values that stand for all: the middle ones of groups.
    private static func condensed(_ values: [TimedValue]) -> [TimedValue] {
        let size = (values.count + maximumCount - 1) / maximumCount
        guard size > 1 else { return values }
        // The newest group is whole, so that the forecast begins where the numbers are now.
        return stride(from: values.count % size, to: values.count, by: size).map { start in
            let group = values[start..<start + size]
            let moment = group[start + size / 2].at
            return TimedValue(at: moment, value: median(of: group.map(\.value)) ?? 0)
        }
    }
}
