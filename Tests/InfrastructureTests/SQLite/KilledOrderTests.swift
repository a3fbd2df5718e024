import Application
import Domain
import Glibc
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("a process that is killed while it takes orders and calls them off")
struct KilledOrderTests {
    @Test(
        "A11, A22: no credit is minted or lost, and nothing is held for what is not there",
        .enabled(if: Slow.enabled), arguments: [10, 200, 900])
    func killed(after bodies: Int) async throws {
        try await withTemporaryFolder { folder in
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = folder as String, bodies = bodies as Int] in
                try await orderUntilKilled(in: folder, after: bodies)
            }
            let store = try SQLiteStore(path: folder + "/store.db")
            defer { store.database.close() }
            #expect(try store.database.integrityProblems() == [])
            let entries = try OrderBooks(store: store).inspect(StoreSample.id(1))
            #expect(entries.count <= 2 * bodies)
            let (ledger, holds, tasks) = try store.read { reader in
                (
                    try reader.credits.ledger(of: StoreSample.id(1)),
                    try reader.credits.openHolds(of: StoreSample.id(1)),
                    try reader.tasks.statistics(of: StoreSample.id(1)).tasks
                )
            }
            #expect(holds.count == tasks[.queued, default: 0])
            #expect(ledger.available.total + ledger.held.total == (entries.isEmpty ? 0 : 10_000))
        }
    }
}

/// Orders and cancels tasks of one user from 16 callers, and dies by its own hand in the middle of the body with that
/// number.
private func orderUntilKilled(in folder: String, after bodies: Int) async throws {
    let sqlite = try SQLiteStore(path: folder + "/store.db")
    let clock = InMemoryClock(at: StoreSample.now)
    let identifiers = IdentifierMaker(clock: clock, random: SeededRandomSource(seed: 1))
    let tier = try Tier(
        name: Tier.Name("busy"), monthlyCredits: 10_000, longestSource: .seconds(60), tasksPerDay: nil,
        concurrentTasks: 1000, storage: 1, priority: 3)
    var user = try StoreSample.user(1)
    _ = try user.change(tier: tier.name, at: StoreSample.now)
    try await sqlite.write { [user] writer in
        try writer.tierWriter.put(tier)
        try writer.userWriter.insert(user)
    }
    let store = DyingStore(base: sqlite, bodies: bodies)
    let caller = Caller(user: user.id, role: .user, means: .session(identifiers.make()))
    let submit = SubmitVideoTask(
        store: store, catalog: FixedCaptionCatalog(templates: []), identifiers: identifiers, clock: clock,
        billing: Billing(tariff: Tariff(limitSeconds: 3600), calendar: FixedCalendar()))
    let command = SubmitVideoTask.Command(
        source: .address("https://a.example/v.mp4"), options: try ClipOptions(captionTemplate: nil))
    try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<16 {
            group.addTask {
                while case .created(let task) = try await submit(command, by: caller) {
                    _ = try await CancelVideoTask(store: store, clock: clock)(task.id, by: caller)
                    _ = try await submit(command, by: caller)
                }
            }
        }
        try await group.waitForAll()
    }
}

/// A store whose process dies between a body and its commit.
private final class DyingStore: Store {
    private let base: SQLiteStore
    private let bodies: Int
    private let count = Atomic(0)

    init(base: SQLiteStore, bodies: Int) {
        self.base = base
        self.bodies = bodies
    }

    func read<Value>(_ body: (any StoreReader) throws -> Value) throws -> Value { try base.read(body) }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) async throws -> Value {
        try await base.write { writer in
            let value = try body(writer)
            if self.count.wrappingAdd(1, ordering: .relaxed).newValue >= self.bodies {
                kill(getpid(), SIGKILL)
            }
            return value
        }
    }

    func writeFirst<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) throws -> Value {
        try base.writeFirst(body)
    }

    func observe(_ changed: @escaping @Sendable () -> Void) -> any StoreObservation { base.observe(changed) }
}
