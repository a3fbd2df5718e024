/// A moment in Coordinated Universal Time, in whole milliseconds since 1970.
///
/// What is added and taken away may come from outside: a sum beyond the bounds is the last or first moment.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z; negative before it.
    public let milliseconds: Int64

    /// A moment that many milliseconds after 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Orders by time.
    public static func < (first: Self, second: Self) -> Bool {
        first.milliseconds < second.milliseconds
    }

    /// The moment `duration` later, rounded down to a millisecond.
    public static func + (moment: Self, duration: Duration) -> Self {
        Self(milliseconds: moment.milliseconds.saturatingSum(duration.wholeMilliseconds))
    }

    /// The moment `duration` earlier.
    public static func - (moment: Self, duration: Duration) -> Self {
        Self(milliseconds: moment.milliseconds.saturatingDifference(duration.wholeMilliseconds))
    }

    /// The time from `earlier` to `later`.
    public static func - (later: Self, earlier: Self) -> Duration {
        .milliseconds(later.milliseconds.saturatingDifference(earlier.milliseconds))
    }
}

extension Duration {
    /// The duration in milliseconds, rounded towards zero; the bounds for one of more than 292 million years.
    public var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1000)
        if overflows { return seconds < 0 ? .min : .max }
        return whole.saturatingSum(attoseconds / 1_000_000_000_000_000)
    }

    /// The duration in seconds.
    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
