import Application
import Domain
import Infrastructure
import TestSupport
import Testing

@Suite("Orders and credits in SQLite")
struct SQLiteOrderTests {
    @Test("A11, A22: whatever people and workers do, the books balance and each hold ends once")
    func histories() async throws {
        try await play(seeds: 0..<3, steps: 40)
    }

    @Test(
        "A11, A22: the same in more and longer histories", .enabled(if: Slow.enabled),
        arguments: UInt64(0)..<3)
    func longHistories(part: UInt64) async throws {
        try await play(seeds: (2000 + part * 20)..<(2020 + part * 20), steps: 120)
    }

    private func play(seeds: Range<UInt64>, steps: Int) async throws {
        for seed in seeds {
            try await withStore { store in
                _ = try await OrderSimulation(seed: seed, steps: steps).run(on: store)
            }
        }
    }

    @Test("A11: of 64 orders at once exactly as many are taken as there are credits for")
    func concurrent() async throws {
        try await withStore { store in
            let clock = InMemoryClock()
            let identifiers = IdentifierMaker(clock: clock, random: SeededRandomSource(seed: 5))
            let tier = try Tier(
                name: Tier.Name("busy"), monthlyCredits: 20, longestSource: .seconds(60), tasksPerDay: 1000,
                concurrentTasks: 1000, storage: 1, priority: 3)
            let user = User.register(
                id: identifiers.make(),
                profile: Profile(
                    username: try Username("ada"), email: try EmailAddress("ada@example.org")),
                tier: tier.name, at: clock.now()
            ).user
            try await store.write { writer in
                try writer.tierWriter.put(tier)
                try writer.userWriter.insert(user)
            }
            let caller = Caller(user: user.id, role: .user, means: .session(identifiers.make()))
            let submit = SubmitVideoTask(
                store: store, catalog: FixedCaptionCatalog(templates: []), identifiers: identifiers,
                clock: clock,
                billing: Billing(tariff: Tariff(limitSeconds: 3600), calendar: FixedCalendar()))
            // Three formats of a minute cost two credits.
            let command = SubmitVideoTask.Command(
                source: .address("https://a.example/v.mp4"),
                options: try ClipOptions(formats: [.vertical, .square, .portrait], captionTemplate: nil))
            let refusals = await withTaskGroup(of: (any Error)?.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        do {
                            _ = try await submit(command, by: caller)
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                return await group.reduce(into: [any Error]()) { if let error = $1 { $0.append(error) } }
            }
            #expect(refusals.count == 54)
            #expect(
                refusals.allSatisfy {
                    if case .credits(_, needed: 2, available: 0) = $0 as? OrderRefusal { true } else { false }
                })
            let (ledger, holds, statistics, jobs, allowance) = try store.read { reader in
                (
                    try reader.credits.ledger(of: user.id), try reader.credits.openHolds(of: user.id),
                    try reader.tasks.statistics(of: user.id), try reader.jobs.counts(of: user.id),
                    try reader.credits.allowance(of: user.id)
                )
            }
            #expect(ledger.available.total == 0 && ledger.held.total == 20)
            #expect(holds.count == 10 && statistics.tasks == [.queued: 10] && jobs == [.available: 10])
            #expect(allowance.ordered == 10)
        }
    }

    @Test("A22: counts that the present transaction has not written yet are seen by what follows in it")
    func countsWithinTransaction() async throws {
        try await withStore { store in
            let counted = try await store.write { writer in
                let before = try writer.tasks.statistics(of: User.local).tasks
                try writer.taskWriter.insert(try StoreSample.task(1))
                let own = try writer.tasks.statistics(of: User.local).tasks
                try writer.taskWriter.insert(try StoreSample.task(2))
                return [before, own, try writer.tasks.statistics(of: nil).tasks]
            }
            #expect(counted == [[:], [.queued: 1], [.queued: 2]])
            #expect(try store.read { try $0.tasks.statistics(of: nil).tasks } == [.queued: 2])
        }
    }
}
