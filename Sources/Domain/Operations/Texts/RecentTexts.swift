/// What is remembered of the texts that one user has handed in of late, in a few hundred bytes whatever the user does.
public struct RecentTexts: Sendable {
    /// How many texts are remembered, the newest.
    public static let capacity = 32
    /// How long a text is compared with those that come after it.
    public static let memory = Duration.seconds(3600)
    /// Within how long all that are remembered must have come for it to be a flood.
    public static let floodPeriod = Duration.seconds(60)

    private struct Entry {
        let fingerprint: SimHash?
        let moment: Int64
    }

    private var entries: [Entry] = []
    private var next = 0

    /// Nothing is remembered.
    public init() {}

    /// Takes note of a text.
    ///
    /// - Parameters:
    ///   - fingerprint: Nil for one that is too short to be compared.
    ///   - now: In nanoseconds of a clock that never goes back.
    /// - Returns: How many of those before it are nearly the same, and whether they come in a flood.
    public mutating func note(
        _ fingerprint: SimHash?, at now: Int64
    ) -> (duplicates: Int, isFlood: Bool) {
        let horizon = now.saturatingDifference(Self.nanoseconds(Self.memory))
        let duplicates = entries.count { entry in
            guard let fingerprint, let earlier = entry.fingerprint, entry.moment >= horizon
            else { return false }
            return fingerprint.isNear(earlier)
        }
        let entry = Entry(fingerprint: fingerprint, moment: now)
        guard entries.count == Self.capacity else {
            entries.append(entry)
            return (duplicates, false)
        }
        // The one that goes is the oldest: that many have come since then.
        let isFlood = now.saturatingDifference(entries[next].moment) <= Self.nanoseconds(Self.floodPeriod)
        entries[next] = entry
        next = (next + 1) % Self.capacity
        return (duplicates, isFlood)
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        duration.wholeMilliseconds * 1_000_000
    }
}
