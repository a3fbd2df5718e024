import Application
import Domain
import Testing

@Suite("Forgetting old records")
struct ForgetOldRecordsTests {
    private let clock = InMemoryClock()
    private let store = InMemoryStore()

    private func keep(_ count: Int, at moment: Timestamp, scope: String) async throws {
        try await store.write { writer in
            for number in 0..<count {
                try writer.answerWriter.put(
                    StoredAnswer(
                        fingerprint: ContentHash(bytes: [UInt8](repeating: 1, count: 32))!, status: 201,
                        location: "/", body: [1], createdAt: moment),
                    under: IdempotencyKey(caller: User.local, route: scope, key: "\(number)"))
            }
        }
    }

    private func isKept(_ scope: String) throws -> Bool {
        try store.read {
            try $0.answers.find(IdempotencyKey(caller: User.local, route: scope, key: "0")) != nil
        }
    }

    @Test("what is too old to be given again is forgotten, however much it is, and nothing else")
    func lifetime() async throws {
        try await keep(1200, at: clock.now(), scope: "old")
        clock.advance(by: .milliseconds(1))
        try await keep(2, at: clock.now(), scope: "young")
        clock.advance(by: StoredAnswer.lifetime)
        let forget = ForgetOldRecords(store: store, clock: clock)
        #expect(try await forget().answers == 1200)
        #expect(try await forget().answers == 0)
        #expect(try isKept("young"))
        clock.advance(by: .milliseconds(1))
        #expect(try await forget().answers == 2)
    }

    @Test("jobs that ended long ago are forgotten, those that have not ended never")
    func jobs() async throws {
        let workshop = Workshop()
        _ = try await workshop.order()
        try await workshop.attempt()
        let waiting = try await workshop.order()
        let forget = ForgetOldRecords(store: workshop.store, clock: workshop.clock)
        workshop.clock.advance(by: Job.lifetimeOnceEnded)
        #expect(try await forget().jobs == 0)
        workshop.clock.advance(by: .milliseconds(1))
        #expect(try await forget().jobs == 1)
        let left = try workshop.store.read {
            try $0.jobs.page(of: nil, state: nil, limit: 10, before: nil).items
        }
        #expect(left.map(\.subject) == [Identifier(waiting.id)])
    }

    @Test("it goes on by itself until it is told to stop")
    func again() async throws {
        let forget = Task { [store, clock] in await ForgetOldRecords(store: store, clock: clock).run() }
        for round in 1...3 {
            try await keep(1, at: clock.now(), scope: "\(round)")
            while try isKept("\(round)") {
                clock.advance(by: .seconds(3600))
                await Task.yield()
            }
        }
        forget.cancel()
        await forget.value
    }
}
