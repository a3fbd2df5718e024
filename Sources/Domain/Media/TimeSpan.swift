/// A stretch of a recording, in seconds from its start.
public struct TimeSpan: Hashable, Sendable {
    /// Where it starts, in seconds.
    public let start: Double
    /// Where it ends, in seconds; never before the start.
    public let end: Double

    /// A span from `start` to `end`; an end before the start is moved to the start.
    public init(start: Double, end: Double) {
        self.start = start
        self.end = max(start, end)
    }

    /// Its length in seconds.
    public var duration: Double { end - start }

    /// Whether `moment` lies in it, the start included, the end not.
    public func contains(_ moment: Double) -> Bool {
        moment >= start && moment < end
    }

    /// How many seconds both spans have in common.
    public func overlap(with other: TimeSpan) -> Double {
        max(0, min(end, other.end) - max(start, other.start))
    }

    /// The part of it that lies within `bounds`.
    public func clamped(to bounds: TimeSpan) -> TimeSpan {
        let lower = min(max(start, bounds.start), bounds.end)
        return TimeSpan(start: lower, end: min(end, bounds.end))
    }
}
