import Application
import TestSupport
import Testing

@Suite("Histories of a queue drawn from seeds")
struct QueueSimulationTests {
    /// Seeds in parts, so that all cores play.
    static let parts = 0..<8

    @Test(
        "A23: no job is lost, completed twice, held for ever, out of order, or completed after its cancellation",
        arguments: parts)
    func tenThousandHistories(_ part: Int) async throws {
        for seed in UInt64(part * 1250)..<UInt64((part + 1) * 1250) {
            try await QueueSimulation(seed: seed, steps: 30).run { InMemoryStore() }
        }
    }

    @Test("the same holds in long histories", .enabled(if: Slow.enabled), arguments: parts)
    func longHistories(_ part: Int) async throws {
        for seed in UInt64(part * 125)..<UInt64((part + 1) * 125) {
            try await QueueSimulation(seed: 1_000_000 + seed, steps: 300).run { InMemoryStore() }
        }
    }

    @Test(
        "a store without the fence, the renewal or the unique key is found out",
        arguments: StoreFault.allCases)
    func mutations(_ fault: StoreFault) async throws {
        let complaint = try #require(try await firstFailure(of: fault)).complaint
        switch fault {
        // A lost worker that is believed does harm in many ways.
        case .fence: break
        case .renewal: #expect(complaint.contains("taken away before its end"))
        case .uniqueKey: #expect(complaint.contains("unique key"))
        }
    }

    @Test("a seed gives the same history every time")
    func reproducible() async throws {
        let failure = try #require(try await firstFailure(of: .uniqueKey)).description
        #expect(failure.hasPrefix("seed "))
        #expect(try await firstFailure(of: .uniqueKey)?.description == failure)
    }

    private func firstFailure(of fault: StoreFault) async throws -> QueueSimulation.Failure? {
        for seed in UInt64(0)..<2000 {
            do {
                try await QueueSimulation(seed: seed, steps: 30, fault: fault).run { InMemoryStore() }
            } catch let failure as QueueSimulation.Failure {
                return failure
            }
        }
        return nil
    }
}
