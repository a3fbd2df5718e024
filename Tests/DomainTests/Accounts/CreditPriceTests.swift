import Domain
import Testing

@Suite("Prices")
struct CreditPriceTests {
    static let list = PriceList.standard

    static let prices: [(Double, Int, ProcessingMode, Int)] = [
        (0, 1, .balanced, 1), (60, 1, .balanced, 1), (60.001, 1, .balanced, 2), (300, 1, .balanced, 5),
        (300, 2, .balanced, 8), (300, 3, .balanced, 10), (300, 5, .balanced, 15), (300, 1, .fast, 3),
        (300, 1, .quality, 10), (1, 1, .fast, 1), (60, 3, .quality, 4), (3600, 1, .balanced, 60),
    ]

    @Test("A13: a task costs by the minute that has begun, by formats and by mode", arguments: prices)
    func price(_ seconds: Double, _ formats: Int, _ mode: ProcessingMode, _ credits: Int) {
        #expect(Self.list.price(of: .seconds(seconds), formats: formats, mode: mode).credits == credits)
    }

    @Test("A13: a price never falls when the source is longer, has more formats or takes more work")
    func monotone() {
        var generator = SeededGenerator(seed: 13)
        func price(_ seconds: Int, _ formats: Int, _ mode: ProcessingMode) -> Int {
            Self.list.price(of: .seconds(seconds), formats: formats, mode: mode).credits
        }
        for _ in 0..<2000 {
            let seconds = Int.random(in: 0...20_000, using: &generator)
            let formats = Int.random(in: 1...4, using: &generator)
            let longer = seconds + Int.random(in: 0...500, using: &generator)
            #expect(price(longer, formats, .balanced) >= price(seconds, formats, .balanced))
            #expect(price(seconds, formats + 1, .balanced) >= price(seconds, formats, .balanced))
            #expect(price(seconds, formats, .fast) <= price(seconds, formats, .balanced))
            #expect(price(seconds, formats, .quality) >= price(seconds, formats, .balanced))
        }
    }

    @Test("A13: a free source is free, and no source is beyond price")
    func extremes() throws {
        let free = try PriceList(perMinute: 0, furtherFormat: 0, modes: [:])
        #expect(free.price(of: .seconds(9999), formats: 5, mode: .quality).credits == 0)
        let dearest = try PriceList(perMinute: 100_000, furtherFormat: 1000, modes: [.quality: 1000])
        let longest = Duration.seconds(Int64.max)
        #expect(
            dearest.price(of: longest, formats: .max, mode: .quality).credits
                == CreditLedger.amounts.upperBound)
        #expect(dearest.price(of: .seconds(-5), formats: 0, mode: .fast).minutes == 1)
    }

    @Test(
        "rates lie within their bounds",
        arguments: [(-1, 50, 100), (100_001, 50, 100), (100, -1, 100), (100, 1001, 100), (100, 50, 1001)])
    func rates(_ perMinute: Int, _ furtherFormat: Int, _ fast: Int) {
        #expect(throws: CreditError.rates) {
            try PriceList(perMinute: perMinute, furtherFormat: furtherFormat, modes: [.fast: fast])
        }
    }

    static let dues: [(Int, Int, Int, Int)] = [
        (10, 0, 3, 0), (10, 1, 3, 3), (10, 2, 3, 6), (10, 3, 3, 10), (10, 4, 3, 10), (1, 1, 3, 1),
        (2, 1, 20, 1), (0, 3, 3, 0), (7, 0, 0, 0), (7, 1, 0, 7), (1_000_000, 19, 20, 950_000),
    ]

    @Test(
        "A13: as far as clips were made, a price is due: rounded down, at least 1 when any was made",
        arguments: dues)
    func due(_ credits: Int, _ made: Int, _ ordered: Int, _ due: Int) {
        #expect(CreditPrice.due(of: credits, made: made, of: ordered) == due)
    }

    @Test("A13: what is due can always be captured from what is held, and the rest comes back")
    func settled() throws {
        for ordered in 1...20 {
            for made in 0...ordered {
                var ledger = CreditLedger(of: People.ada)
                _ = try ledger.grant(15, at: People.now)
                var hold = try ledger.hold(
                    15, as: Identifier(high: 4, low: 4), for: People.task, at: People.now
                ).hold
                let due = CreditPrice.due(of: hold.parts.total, made: made, of: ordered)
                if due > 0 { _ = try ledger.capture(due, of: &hold, at: People.now) }
                if hold.endedAt == nil { _ = try ledger.release(of: &hold, at: People.now) }
                #expect(ledger.available.total == 15 - due)
            }
        }
    }
}
