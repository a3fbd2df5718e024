import Application
import Domain
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("two who share one file")
struct SharedFileTests {
    @Test("what one commits the other reads, and is told of")
    func noticed() async throws {
        try await withTwoStores { first, second in
            let told = TestGate()
            let observation = second.observe { told.open() }
            let task = try StoreSample.task(1)
            try await first.write { try $0.taskWriter.insert(task) }
            await told.wait()
            #expect(try second.read { try $0.tasks.find(task.id) } == task)
            withExtendedLifetime(observation) {}
        }
    }

    @Test("both write at once and nothing is lost")
    func together() async throws {
        try await withTwoStores { first, second in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    let store = number.isMultiple(of: 2) ? first : second
                    group.addTask {
                        try await store.write { try $0.taskWriter.insert(StoreSample.task(number)) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try first.read { try $0.tasks.statistics(of: nil).tasks } == [.queued: 200])
            #expect(try second.database.integrityProblems() == [])
        }
    }

    @Test("a job is claimed by one of them alone")
    func claims() async throws {
        try await withTwoStores { first, second in
            try await first.write { writer in
                for number in 0..<300 { try writer.jobWriter.insert(StoreSample.job(number)) }
            }
            let claimed = try await withThrowingTaskGroup(of: [Job].self) { group in
                for number in 0..<40 {
                    let store = number.isMultiple(of: 2) ? first : second
                    group.addTask {
                        try await store.write { writer in
                            try writer.jobWriter.claim(
                                JobClaim(
                                    queues: ["default"], limit: 10, owner: StoreSample.id(1 + number % 2),
                                    now: StoreSample.now, until: StoreSample.now + .seconds(30)))
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 300)
            #expect(Set(claimed.map(\.id)).count == 300)
        }
    }

    private func withTwoStores(_ body: (SQLiteStore, SQLiteStore) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let first = try SQLiteStore(path: folder + "/store.db")
            defer { first.database.close() }
            let second = try SQLiteStore(path: folder + "/store.db")
            defer { second.database.close() }
            try await body(first, second)
        }
    }
}
