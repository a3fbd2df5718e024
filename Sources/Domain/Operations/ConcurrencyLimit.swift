/// How many requests may be in flight at once before more of them only make all wait longer.
///
/// Nobody has to know that number: it is found by what a round trip takes. While round trips take as long as they
/// usually do, the limit grows by a small queue; when they take longer, a line has formed somewhere, and the limit
/// falls in proportion. This is the algorithm Gradient2 of Netflix's concurrency-limits (2018), with its numbers.
///
/// A round trip is one that waited for something which others wait for too. What is answered without a wait says
/// nothing about a line, and what waits for a person or for a line with a bound of its own says something else.
public struct ConcurrencyLimit: Hashable, Sendable {
    /// The bounds of the limit; it begins at the lower one.
    public static let bounds = 20...200
    /// How many requests may stand in line although there is one: the step by which the limit grows.
    static let queue = 4.0
    /// How far the limit goes towards each new estimate.
    static let smoothing = 0.2
    /// Over how many round trips it is forgotten how long they usually take.
    static let longWindow = 600.0
    /// How many round trips make a new estimate; one alone would be mostly chance.
    static let shortWindow = 10

    /// How many round trips the first average is made of.
    private static let warmUp = 10

    private var estimate = Double(Self.bounds.lowerBound)
    /// What a round trip usually takes, in nanoseconds: an average in which the older count less and less.
    private var usual = 0.0
    private var usualCount = 0
    private var recentSum = 0.0
    private var recentCount = 0

    /// A limit that knows nothing yet.
    public init() {}

    /// How many requests may be in flight.
    public var limit: Int { Int(estimate) }

    /// Learns from a round trip.
    ///
    /// - Parameters:
    ///   - nanoseconds: How long it took; at least 1 is counted.
    ///   - inFlight: How many requests were in flight when it ended, this one included.
    public mutating func record(_ nanoseconds: Int64, inFlight: Int) {
        let taken = Double(max(1, nanoseconds))
        remember(taken)
        recentSum += taken
        recentCount += 1
        guard recentCount == Self.shortWindow else { return }
        let recent = recentSum / Double(recentCount)
        (recentSum, recentCount) = (0, 0)
        adjust(to: recent, inFlight: inFlight)
    }

    private mutating func remember(_ taken: Double) {
        if usualCount < Self.warmUp {
            usualCount += 1
            usual += (taken - usual) / Double(usualCount)
        } else {
            usual += (taken - usual) * 2 / (Self.longWindow + 1)
        }
    }

    private mutating func adjust(to recent: Double, inFlight: Int) {
        // After a long overload the average is far too high; it comes down faster than it would by itself.
        if usual > 2 * recent { usual *= 0.9 }
        // A limit that is not reached is neither proved nor disproved.
        guard 2 * inFlight >= limit else { return }
        let gradient = min(max(usual / recent, 0.5), 1)
        let next = estimate * gradient + Self.queue
        let smoothed = estimate * (1 - Self.smoothing) + next * Self.smoothing
        estimate = min(max(smoothed, Double(Self.bounds.lowerBound)), Double(Self.bounds.upperBound))
    }
}
