import Domain
import Testing

@Suite("Paces of requests")
struct RequestPacesTests {
    @Test("O45: 100 a minute and 200 at once by default, a tenth of it where people come in")
    func ordinary() {
        let paces = RequestPaces.ordinary
        #expect(paces.ordinary == RateLimit(100, per: .seconds(60), burst: 200))
        #expect(paces.entrance == RateLimit(10, per: .seconds(60), burst: 20))
        #expect((paces.ordinary.window, paces.entrance.window) == (.seconds(120), .seconds(120)))
    }

    @Test("the smallest and the largest pace are paces", arguments: [Int.min, 1, 5, 1_000_000, Int.max])
    func bounds(count: Int) {
        let paces = RequestPaces(count, per: .seconds(1))
        #expect(paces.ordinary.burst >= 2 && paces.entrance.burst >= 2)
        #expect(paces.ordinary.halved.burst == paces.ordinary.burst / 2)
    }

    @Test("O45: half a limit lets half as many in at once and then half as often")
    func halved() {
        let half = RateLimit(60, per: .seconds(60), burst: 10).halved
        #expect(half.window == .seconds(10))
        var arrival: RateLimit.Arrival?
        let decisions = (0..<6).map { _ in half.decide(&arrival, at: 0) }
        #expect(decisions.map(\.isAllowed) == [true, true, true, true, true, false])
        #expect(decisions[5].retryAfter == .seconds(2))
    }
}
