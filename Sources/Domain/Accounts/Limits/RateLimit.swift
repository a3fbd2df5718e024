/// How often something may be done: so many times at once, and then at a steady pace.
///
/// The generic cell rate algorithm (ITU-T I.371, annex A, virtual scheduling) needs one number for each key:
/// the moment at which the next request would arrive if all came at the steady pace. Times are nanoseconds of
/// any clock that does not jump.
public struct RateLimit: Hashable, Sendable {
    /// The bounds of how many requests are counted.
    public static let counts = 1...1_000_000
    /// The bounds of how many may come at once.
    public static let bursts = 1...10_000
    /// The bounds of the time over which they are counted.
    public static let periods = Duration.seconds(1)...Duration.seconds(86_400)

    /// What is remembered of one key: the theoretical arrival time of its next request.
    public struct Arrival: Hashable, Sendable {
        /// In nanoseconds; a key of which nothing is known is as one with a moment long gone.
        public let nanoseconds: Int64

        /// That moment.
        public init(nanoseconds: Int64) {
            self.nanoseconds = nanoseconds
        }
    }

    /// What becomes of a request.
    public struct Decision: Hashable, Sendable {
        /// Whether it may be served.
        public let isAllowed: Bool
        /// How many more could come at once after it.
        public let remaining: Int
        /// How long until one could be served again; zero when one could be now.
        public let retryAfter: Duration
        /// How long until as many could come at once as ever.
        public let reset: Duration
    }

    /// How many requests may come at once.
    public let burst: Int
    /// How many nanoseconds lie between two requests at the steady pace.
    private let interval: Int64

    /// How long it takes until a burst that was used up can come again.
    public var window: Duration { .nanoseconds(interval * Int64(burst)) }

    /// Half the pace and half the burst, over the same window.
    public var halved: RateLimit {
        RateLimit(burst: max(1, burst / 2), interval: burst > 1 ? interval * 2 : interval)
    }

    /// So many requests in each period, and up to `burst` of them at once.
    ///
    /// The numbers are brought within their bounds.
    public init(_ count: Int, per period: Duration, burst: Int) {
        let count = min(max(count, Self.counts.lowerBound), Self.counts.upperBound)
        let period = min(max(period, Self.periods.lowerBound), Self.periods.upperBound)
        self.burst = min(max(burst, Self.bursts.lowerBound), Self.bursts.upperBound)
        // Rounded up, so that never more than `count` are served in a period.
        interval = (period.nanoseconds + Int64(count) - 1) / Int64(count)
    }

    private init(burst: Int, interval: Int64) {
        self.burst = burst
        self.interval = interval
    }

    /// Decides about a request that arrives now.
    ///
    /// - Parameters:
    ///   - arrival: What is remembered of its key, nil when nothing is; what is to be remembered from now on.
    ///   - now: In nanoseconds.
    public func decide(_ arrival: inout Arrival?, at now: Int64) -> Decision {
        let full = interval * Int64(burst)
        // Nothing lies farther ahead than a whole burst, unless the clock was set back.
        let due = min(max(arrival?.nanoseconds ?? now, now), now + full)
        let isAllowed = due + interval <= now + full
        let next = isAllowed ? due + interval : due
        arrival = Arrival(nanoseconds: next)
        let ahead = next - now
        return Decision(
            isAllowed: isAllowed, remaining: Int((full - ahead) / interval),
            retryAfter: .nanoseconds(max(0, ahead + interval - full)), reset: .nanoseconds(ahead))
    }

    /// Whether at least half of what may come at once is used up.
    public func isHalfSpent(_ arrival: Arrival, at now: Int64) -> Bool {
        arrival.nanoseconds - now >= interval * Int64(burst) / 2
    }

    /// Whether nothing needs to be remembered of a key any more: it would be decided as one that is not known.
    public func isForgettable(_ arrival: Arrival, at now: Int64) -> Bool {
        arrival.nanoseconds <= now
    }
}

extension Duration {
    /// The duration in whole nanoseconds; only for those that a rate limit is made of.
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
