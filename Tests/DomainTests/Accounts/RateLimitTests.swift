import Domain
import Testing

@Suite("Rate limits")
struct RateLimitTests {
    static let second: Int64 = 1_000_000_000
    static let start: Int64 = 1_790_000_000 * second

    @Test("A53: exactly the burst comes through at once, and then one in each interval")
    func burst() {
        let limit = RateLimit(60, per: .seconds(60), burst: 5)
        var arrival: RateLimit.Arrival?
        for left in [4, 3, 2, 1, 0] {
            let decision = limit.decide(&arrival, at: Self.start)
            #expect(decision.isAllowed)
            #expect(decision.remaining == left)
        }
        let refused = limit.decide(&arrival, at: Self.start)
        #expect(!refused.isAllowed)
        #expect((refused.retryAfter, refused.reset, refused.remaining) == (.seconds(1), .seconds(5), 0))
        #expect(!limit.decide(&arrival, at: Self.start + Self.second - 1).isAllowed)
        #expect(limit.decide(&arrival, at: Self.start + Self.second).isAllowed)
        #expect(!limit.decide(&arrival, at: Self.start + Self.second).isAllowed)
    }

    @Test("A53: a request is allowed when the wait that was told is over, and not a nanosecond before")
    func retryAfter() {
        var generator = SeededGenerator(seed: 53)
        for _ in 0..<500 {
            let limit = RateLimit(
                Int.random(in: 1...500, using: &generator),
                per: .seconds(Int.random(in: 1...3600, using: &generator)),
                burst: Int.random(in: 1...20, using: &generator))
            var arrival: RateLimit.Arrival?
            var now = Self.start
            var decision = limit.decide(&arrival, at: now)
            while decision.isAllowed {
                now += Int64.random(in: 0...1_000_000, using: &generator)
                decision = limit.decide(&arrival, at: now)
            }
            let wait =
                decision.retryAfter.components.seconds * Self.second
                + decision.retryAfter.components.attoseconds / 1_000_000_000
            #expect(wait > 0)
            var early = arrival
            #expect(!limit.decide(&early, at: now + wait - 1).isAllowed)
            #expect(limit.decide(&arrival, at: now + wait).isAllowed)
        }
    }

    @Test(
        "A53: in no span of time more come through than the burst and the steady pace allow",
        arguments: 0..<20)
    func neverMore(_ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let burst = Int.random(in: 1...8, using: &generator)
        let limit = RateLimit(10, per: .seconds(10), burst: burst)
        var arrival: RateLimit.Arrival?
        var allowed: [Int64] = []
        var now = Self.start
        for _ in 0..<400 {
            now += Int64.random(in: 0...Self.second, using: &generator)
            if limit.decide(&arrival, at: now).isAllowed { allowed.append(now) }
        }
        for (first, from) in allowed.enumerated() {
            for (last, to) in allowed.enumerated().dropFirst(first) {
                #expect(Int64(last - first + 1) <= Int64(burst) + (to - from) / Self.second)
            }
        }
        // Nor many fewer: who always asks gets the pace.
        #expect(Int64(allowed.count) >= min(400, (now - Self.start) / Self.second) / 3)
    }

    @Test("a refused request costs nothing")
    func refusedIsFree() {
        let limit = RateLimit(60, per: .seconds(60), burst: 1)
        var arrival: RateLimit.Arrival?
        _ = limit.decide(&arrival, at: Self.start)
        let before = arrival
        for _ in 0..<100 { _ = limit.decide(&arrival, at: Self.start) }
        #expect(arrival == before)
    }

    @Test("a clock that is set back shuts nobody out for longer than a burst takes")
    func clockSetBack() {
        let limit = RateLimit(60, per: .seconds(60), burst: 5)
        var arrival: RateLimit.Arrival? = RateLimit.Arrival(nanoseconds: Self.start)
        let earlier = Self.start - 3600 * Self.second
        #expect(limit.decide(&arrival, at: earlier).retryAfter == .seconds(1))
        #expect(limit.decide(&arrival, at: earlier + Self.second).isAllowed)
    }

    @Test("a key that has rested is as one that is not known")
    func forgettable() {
        let limit = RateLimit(60, per: .seconds(60), burst: 5)
        var known: RateLimit.Arrival?
        _ = limit.decide(&known, at: Self.start)
        #expect(known.map { limit.isForgettable($0, at: Self.start) } == false)
        let later = Self.start + Self.second
        #expect(known.map { limit.isForgettable($0, at: later) } == true)
        var unknown: RateLimit.Arrival?
        #expect(limit.decide(&known, at: later) == limit.decide(&unknown, at: later))
        #expect(known == unknown)
    }

    @Test("the largest and the smallest limits neither trap nor let everything through")
    func extremes() {
        for (count, period, burst) in [
            (Int.max, Duration.zero, Int.max), (1, .seconds(Int64.max), .max), (0, .seconds(-1), 0),
        ] {
            let limit = RateLimit(count, per: period, burst: burst)
            var arrival: RateLimit.Arrival?
            for _ in 0..<limit.burst { #expect(limit.decide(&arrival, at: Self.start).isAllowed) }
            #expect(!limit.decide(&arrival, at: Self.start).isAllowed)
        }
    }
}
