/// For how much of the last day something did its work.
///
/// Time in which it was healthy or degraded counts for it, time in which it was unhealthy against it; what was not
/// known, and what was announced as maintenance, counts neither way.
public struct Availability: Hashable, Sendable {
    /// How far back it looks: the running hour and the 23 before it.
    public static let window = Duration.seconds(86_400)
    private static let hour: Int64 = 3_600_000

    private struct Hour: Hashable {
        let number: Int64
        var up: Int64 = 0
        var down: Int64 = 0
    }
    private var hours: [Hour] = []

    /// Nothing known yet.
    public init() {}

    /// Counts a stretch of time.
    ///
    /// - Parameter end: The part of the stretch that is older than the window counts for nothing.
    public mutating func add(_ level: HealthLevel, from start: Timestamp, to end: Timestamp) {
        guard level != .unknown, level != .maintenance, end > start else { return }
        var moment = max(start, end - Self.window).milliseconds
        while moment < end.milliseconds {
            let number = Self.number(moment)
            let stop = min(end.milliseconds, (number + 1) * Self.hour)
            count(stop - moment, in: number, isUp: level != .unhealthy)
            moment = stop
        }
    }

    private mutating func count(_ time: Int64, in number: Int64, isUp: Bool) {
        if hours.last?.number != number {
            // A clock that was set back begins anew: two counts of one hour would weigh it twice.
            hours.removeAll { $0.number >= number || $0.number <= number - 24 }
            hours.append(Hour(number: number))
        }
        if isUp { hours[hours.count - 1].up += time } else { hours[hours.count - 1].down += time }
    }

    /// The share of the known time in which it did its work, 0–1; nil when nothing is known.
    public func share(at now: Timestamp) -> Double? {
        let first = Self.number(now.milliseconds) - 23
        var (up, known) = (Int64(0), Int64(0))
        for hour in hours where hour.number >= first {
            up += hour.up
            known += hour.up + hour.down
        }
        return known > 0 ? Double(up) / Double(known) : nil
    }

    private static func number(_ milliseconds: Int64) -> Int64 {
        milliseconds / hour - (milliseconds % hour < 0 ? 1 : 0)
    }
}
