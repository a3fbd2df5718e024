import Application
import Domain
import Testing

@Suite("What is remembered of very many keys")
struct ArrivalTableTests {
    private static let second: Int64 = 1_000_000_000
    private static let limit = RateLimit(60, per: .seconds(60), burst: 5)

    /// Takes all that a key may have at once.
    private func exhaust(_ key: Int, in table: ArrivalTable<Int>, at now: Int64) {
        while table.decide(key, by: Self.limit, at: now).isAllowed {}
    }

    @Test("O45: while there is room each key is decided about as if it were alone")
    func exact() {
        let table = ArrivalTable<Int>(capacity: 4096)
        let random = SeededRandomSource(seed: 45)
        var alone: [Int: RateLimit.Arrival] = [:]
        var now: Int64 = 0
        for _ in 0..<30_000 {
            now += Int64(random.next() % 2_000_000)
            let key = Int(random.next() % 2000)
            var arrival = alone[key]
            let expected = Self.limit.decide(&arrival, at: now)
            alone[key] = arrival
            #expect(table.decide(key, by: Self.limit, at: now) == expected)
        }
    }

    @Test("O45: memory is bounded, whatever the number of keys")
    func bounded() {
        let table = ArrivalTable<Int>(capacity: 4096)
        #expect(table.byteCount < 4096 * 16)
        for key in 0..<100_000 { _ = table.decide(key, by: Self.limit, at: 0) }
        #expect(table.byteCount == 4096 * 17)
    }

    @Test(
        "A53: no key gets more than its limit, however many others push it out of the table", arguments: 0..<8
    )
    func neverMore(seed: UInt64) {
        let table = ArrivalTable<Int>(capacity: 16)
        let random = SeededRandomSource(seed: seed)
        var served: [Int: [Int64]] = [:]
        var now: Int64 = 0
        for _ in 0..<20_000 {
            now += Int64(random.next() % 20_000_000)
            let key = Int(random.next() % 60)
            if table.decide(key, by: Self.limit, at: now).isAllowed { served[key, default: []].append(now) }
        }
        for (key, moments) in served {
            var alone: RateLimit.Arrival?
            for moment in moments {
                #expect(Self.limit.decide(&alone, at: moment).isAllowed, "\(key) at \(moment)")
            }
        }
    }

    @Test("A53: a flood of strangers gives nobody back what was used up")
    func flood() {
        let table = ArrivalTable<Int>(capacity: 64)
        exhaust(-1, in: table, at: 0)
        for stranger in 0..<10_000 {
            _ = table.decide(stranger, by: Self.limit, at: 0)
            #expect(!table.decide(-1, by: Self.limit, at: 0).isAllowed)
        }
        // Not even strangers who all use up as much, and among whom there is no place any more.
        for stranger in 0..<1000 { exhaust(stranger, in: table, at: 0) }
        #expect(!table.decide(-1, by: Self.limit, at: 0).isAllowed)
    }

    @Test("who comes to a table of keys that have rested begins anew")
    func rested() {
        let table = ArrivalTable<Int>(capacity: 64)
        for key in 0..<1000 { exhaust(key, in: table, at: 0) }
        let later = 5 * Self.second
        for key in 1000..<1016 {
            #expect(table.decide(key, by: Self.limit, at: later).remaining == 4)
        }
    }

    @Test("nothing is remembered of a key that never came")
    func unknown() {
        let table = ArrivalTable<Int>(capacity: 64)
        _ = table.decide(1, by: Self.limit, at: 7)
        #expect(table.arrival(of: 2) == nil)
        #expect(table.arrival(of: 1) == RateLimit.Arrival(nanoseconds: 7 + Self.second))
    }
}
