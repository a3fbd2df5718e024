/// What a number was at a moment.
public struct TimedValue: Hashable, Sendable {
    /// When.
    public let at: Timestamp
    /// What it was.
    public let value: Double

    /// What a number was at a moment.
    public init(at: Timestamp, value: Double) {
        self.at = at
        self.value = value
    }
}

/// The middle one of some values, the mean of the middle two of an even number; nil of none.
func median(of values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
