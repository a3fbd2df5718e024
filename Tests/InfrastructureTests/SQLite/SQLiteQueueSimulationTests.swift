import Application
import Infrastructure
import TestSupport
import Testing

@Suite("Histories of a queue in SQLite")
struct SQLiteQueueSimulationTests {
    @Test(
        "A23: no job is lost, completed twice, held for ever, out of order, or completed after its cancellation"
    )
    func histories() async throws {
        try await play(seeds: 0..<40, steps: 30)
    }

    @Test("the same holds in more and longer histories", .enabled(if: Slow.enabled), arguments: 0..<4)
    func longHistories(_ part: UInt64) async throws {
        try await play(seeds: (1000 + part * 500)..<(1500 + part * 500), steps: 60)
    }

    @Test("a seed has the same history in SQLite as in memory", arguments: StoreFault.allCases)
    func twins(_ fault: StoreFault) async throws {
        for seed in UInt64(0)..<2000 {
            let simulation = QueueSimulation(seed: seed, steps: 30, fault: fault)
            guard let failure = try await failure(of: simulation, { InMemoryStore() }) else { continue }
            try await withTemporaryFolder { folder in
                var opened = 0
                let same = try await self.failure(of: simulation) {
                    opened += 1
                    return try SQLiteStore(path: folder + "/\(opened).db")
                }
                #expect(same == failure)
            }
            return
        }
        Issue.record("no history fails without \(fault)")
    }

    private func failure(of simulation: QueueSimulation, _ make: () async throws -> any Store) async throws
        -> String?
    {
        do {
            try await simulation.run(make)
            return nil
        } catch let failure as QueueSimulation.Failure {
            return failure.description
        }
    }

    private func play(seeds: Range<UInt64>, steps: Int) async throws {
        try await withTemporaryFolder { folder in
            for seed in seeds {
                try await QueueSimulation(seed: seed, steps: steps).run {
                    try SQLiteStore(path: folder + "/\(seed).db")
                }
            }
        }
    }
}
