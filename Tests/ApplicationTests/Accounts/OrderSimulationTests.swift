import Application
import Domain
import TestSupport
import Testing

@Suite("Histories of orders")
struct OrderSimulationTests {
    @Test("A11, A22: whatever people and workers do, the books balance and each hold ends once")
    func histories() async throws {
        var tally = OrderSimulation.Tally()
        for seed in UInt64(0)..<30 {
            tally.add(try await OrderSimulation(seed: seed, steps: 80).run(on: InMemoryStore()))
        }
        // The histories go where it matters.
        for kind in ["grant", "hold", "capture", "release", "expire", "adjust"] {
            #expect(tally.entries.contains { $0.key.rawValue == kind && $0.value > 3 }, "no \(kind)")
        }
        for code in [
            "insufficient_credits", "quota_tasks_per_day", "quota_tasks_at_once", "quota_storage",
            "quota_source_too_long",
        ] { #expect(tally.refusals[code, default: 0] > 0, "no \(code)") }
        for status in ["completed", "failed", "cancelled"] {
            #expect(tally.tasks.contains { $0.key.rawValue == status && $0.value > 0 }, "none \(status)")
        }
    }

    @Test(
        "A11, A22: the same in more and longer histories", .enabled(if: Slow.enabled),
        arguments: UInt64(0)..<4)
    func longHistories(part: UInt64) async throws {
        for seed in (1000 + part * 100)..<(1100 + part * 100) {
            _ = try await OrderSimulation(seed: seed, steps: 250).run(on: InMemoryStore())
        }
    }
}
