import Application
import Domain
import Testing

@Suite("Counters of failures")
struct ErrorCountersTests {
    @Test("O6: whatever names come along, the tables stay bounded and nothing goes uncounted")
    func bounded() {
        let counters = ErrorCounters(since: Timestamp(milliseconds: 0))
        for number in 0..<5_000 {
            counters.countFailure(code: "c\(number)", operation: "o\(number)", service: "s\(number)")
        }
        let counts = counters.all
        #expect(counts.byCode.count <= ErrorCounters.mostNames + 1)
        #expect(counts.byOperation.count <= ErrorCounters.mostNames + 1)
        #expect(counts.byService.count <= ErrorCounters.mostNames + 1)
        #expect(counts.total == 5_000)
        #expect(counts.byService["other"] == 5_000 - ErrorCounters.mostNames)
    }

    @Test("O4, O6: the rate of recovery is that of tries which worked, and unknown without any")
    func recovery() {
        let counters = ErrorCounters(since: Timestamp(milliseconds: 0))
        #expect(counters.recent.counts.recoveryRate == nil)
        for _ in 0..<4 { counters.countRetry() }
        counters.countRecovery()
        #expect(counters.recent.counts.recoveryRate == 0.25)
    }

    @Test("O6: only an administrator sees them and sets them back")
    func administrators() async throws {
        let clock = InMemoryClock()
        let counters = ErrorCounters(since: clock.now())
        counters.countFailure(code: "conflict", operation: nil, service: nil)
        let desk = AccountDesk(
            store: InMemoryStore(),
            identifiers: IdentifierMaker(clock: clock, random: SeededRandomSource(seed: 1)), clock: clock)
        let user = Caller(user: User.local, role: .user, means: .local)
        #expect(throws: AccessError.self) { _ = try GetErrorCounts(counters: counters)(by: user) }
        let reset = ResetErrorCounts(desk: desk, counters: counters)
        await #expect(throws: AccessError.self) { try await reset(by: user, from: .server) }
        #expect(counters.recent.counts.byOperation == ["none": 1])
    }
}
