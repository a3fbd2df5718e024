import Domain
import Testing

@Suite("The bound of requests in flight")
struct ConcurrencyLimitTests {
    static let millisecond: Int64 = 1_000_000

    /// Tells a limit of many round trips that all took the same.
    private func tell(_ limit: inout ConcurrencyLimit, _ count: Int, _ milliseconds: Int64, inFlight: Int) {
        for _ in 0..<count { limit.record(milliseconds * Self.millisecond, inFlight: inFlight) }
    }

    @Test(
        "O46: it begins at its least and grows by a small queue while round trips take what they usually do")
    func growth() {
        var limit = ConcurrencyLimit()
        #expect(limit.limit == 20)
        tell(&limit, 10, 2, inFlight: 20)
        // A fifth of the way to 20 + 4.
        #expect(limit.limit == 20)
        tell(&limit, 40, 2, inFlight: 20)
        #expect(limit.limit == 24)
        tell(&limit, 10_000, 2, inFlight: 200)
        #expect(limit.limit == ConcurrencyLimit.bounds.upperBound)
    }

    @Test("O46: it falls when round trips take longer, by half at the most and never below its least")
    func fall() {
        var limit = ConcurrencyLimit()
        tell(&limit, 10_000, 2, inFlight: 200)
        tell(&limit, 10, 2000, inFlight: 200)
        // 200 → 200 × ½ + 4, a fifth of the way.
        #expect(limit.limit == 180)
        var slow = limit
        for round in 1...34 { tell(&slow, 10, 1 << Int64(round), inFlight: 200) }
        #expect(slow.limit == ConcurrencyLimit.bounds.lowerBound)
    }

    @Test("O46: a limit that is not reached does not grow", arguments: [1, 5, 9])
    func unused(inFlight: Int) {
        var limit = ConcurrencyLimit()
        tell(&limit, 1000, 2, inFlight: inFlight)
        #expect(limit.limit == 20)
    }

    @Test("O46: after a long overload it is soon known again what a round trip usually takes")
    func recovery() {
        var limit = ConcurrencyLimit()
        tell(&limit, 1000, 2, inFlight: 200)
        tell(&limit, 3000, 200, inFlight: 200)
        tell(&limit, 600, 2, inFlight: 200)
        // An average over 600 would still stand at 29 ms, and 10 ms would not seem slow.
        let before = limit.limit
        tell(&limit, 50, 10, inFlight: 200)
        #expect(limit.limit < before)
    }

    /// A server of which `capacity` requests are worked on at once, each for two milliseconds; whoever comes beyond
    /// that waits in line. As many requests as the limit lets in are always in flight.
    @Test("O46: a server whose line grows is found out, and the line kept short", arguments: [30, 60, 120])
    func server(capacity: Int) {
        var limit = ConcurrencyLimit()
        var generator = SeededGenerator(seed: UInt64(capacity))
        // A quiet hour shows what a round trip takes.
        tell(&limit, 2000, 2, inFlight: 5)
        var longest = 0
        for step in 0..<20_000 {
            let inFlight = limit.limit
            let share = max(1, Double(inFlight) / Double(capacity))
            let chance = Double.random(in: 0.9...1.1, using: &generator)
            limit.record(Int64(2_000_000 * share * chance), inFlight: inFlight)
            if step < 2000 { longest = max(longest, inFlight) }
        }
        #expect(longest < 2 * capacity)
    }

    @Test("round trips of no time at all do no harm")
    func nothing() {
        var limit = ConcurrencyLimit()
        for _ in 0..<1000 { limit.record(0, inFlight: 20) }
        for _ in 0..<100 { limit.record(.max, inFlight: 200) }
        #expect(ConcurrencyLimit.bounds.contains(limit.limit))
    }
}
