import Domain
import Testing

@Suite("How a hold ends")
struct SettlementTests {
    private func held(_ amount: Int, of balance: Int = 10) throws -> (ledger: CreditLedger, hold: CreditHold)
    {
        var ledger = CreditLedger(of: People.ada)
        _ = try ledger.grant(balance, at: People.now)
        let hold = try ledger.hold(amount, as: Identifier(high: 4, low: 1), for: People.task, at: People.now)
            .hold
        return (ledger, hold)
    }

    @Test(
        "A11: what is due is spent, as far as it is held, and the rest comes back",
        arguments: [(0, 10, 0), (3, 7, 3), (4, 6, 4), (5, 6, 4), (-1, 10, 0)])
    func settles(due: Int, left: Int, captured: Int) throws {
        var (ledger, hold) = try held(4)
        let entries = try ledger.settle(&hold, due: due, at: People.now)
        #expect(ledger.available.total == left && ledger.held == .none)
        #expect(hold.captured == captured && hold.endedAt == People.now)
        #expect(entries.count == (captured == 0 || captured == 4 ? 1 : 2))
        #expect(try ledger.settle(&hold, due: due, at: People.now).isEmpty)
    }

    @Test("A13: a hold is brought down to a price, and never up", arguments: [(1, 9), (4, 6), (9, 6)])
    func reduces(price: Int, left: Int) throws {
        var (ledger, hold) = try held(4)
        _ = try ledger.reduce(&hold, to: price, at: People.now)
        #expect(ledger.available.total == left && hold.remaining.total == 10 - left && hold.endedAt == nil)
    }

    @Test(
        "A11: what is due is the share of the clips that are there, less what was paid for them",
        arguments: [
            (made: 0, planned: 0, paid: 0, due: 0), (1, 2, 0, 2), (2, 2, 0, 4), (1, 9, 0, 1), (1, 2, 2, 1),
            (2, 2, 2, 4), (1, 3, 2, 0),
        ])
    func due(made: Int, planned: Int, paid: Int, due: Int) throws {
        #expect(try held(4).hold.due(made: made, of: planned, paid: paid) == due)
    }

    @Test("A13: a price is exact once the length is known; until then it is that of the longest source")
    func quotes() throws {
        let options = try ClipOptions()
        let prices = PriceList.standard
        let exact = prices.quote(for: options, of: .seconds(61), atMost: .seconds(300))
        #expect(exact.isExact && exact.price.credits == 2)
        let most = prices.quote(for: options, of: nil, atMost: .seconds(300))
        #expect(!most.isExact && most.price.credits == 5)
    }

    @Test("a length is counted in whole seconds", arguments: [(60.04, 60), (59.99, 59), (-1, 0), (.nan, 0)])
    func lengths(duration: Double, seconds: Int) {
        let facts = MediaFacts(
            duration: duration, width: 2, height: 2, frameRate: 25, videoCodec: "h264", audioCodec: nil,
            captions: [])
        #expect(facts.countedLength == .seconds(seconds))
    }
}
