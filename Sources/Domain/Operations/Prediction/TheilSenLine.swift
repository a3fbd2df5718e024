/// The straight line through values that a few wild ones cannot turn.
///
/// Its slope is the median of the slopes between all pairs (Theil 1950; Sen 1968). Up to 29 % of the values may be
/// anything.
public struct TheilSenLine: Hashable, Sendable {
    /// The change in a second.
    public let slope: Double
    /// Where the line stands at ``middle``.
    public let level: Double
    /// The middle of the values' times, in seconds since the first.
    public let middle: Double
    /// How far values usually are from the line, as a standard deviation: 1.4826 times the median of the distances
    /// (Rousseeuw and Croux 1993).
    public let spread: Double

    private let count: Double
    /// The sum of the squared distances of the times from their middle.
    private let timeSpread: Double

    /// The line through some values.
    ///
    /// Its cost grows with the square of their number.
    ///
    /// - Parameters:
    ///   - times: Seconds since the first.
    ///   - values: As many.
    /// - Returns: Nil for fewer than three, or when all were at one moment.
    init?(times: [Double], values: [Double]) {
        let count = min(times.count, values.count)
        guard count >= 3 else { return nil }
        var slopes: [Double] = []
        slopes.reserveCapacity(count * (count - 1) / 2)
        for later in 1..<count {
            for earlier in 0..<later where times[later] > times[earlier] {
                slopes.append((values[later] - values[earlier]) / (times[later] - times[earlier]))
            }
        }
        guard let slope = median(of: slopes) else { return nil }
        let middle = times.reduce(0, +) / Double(count)
        let levels = (0..<count).map { values[$0] - slope * (times[$0] - middle) }
        guard let level = median(of: levels), let distance = median(of: levels.map { abs($0 - level) })
        else { return nil }
        self.slope = slope
        self.level = level
        self.middle = middle
        spread = 1.4826 * distance
        self.count = Double(count)
        timeSpread = times.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
    }

    /// Where the line stands at a time.
    func value(at time: Double) -> Double { level + slope * (time - middle) }

    /// The standard deviation of a new value at a time, as of a line of least squares with the same spread.
    func deviation(at time: Double) -> Double {
        spread * (1 + 1 / count + (time - middle) * (time - middle) / timeSpread).squareRoot()
    }
}
