import Application
import Domain
import Glibc
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("a process that is killed while it writes")
struct KilledWriterTests {
    /// Where in the writer's work the kill comes: after how many bodies have run.
    @Test(
        "what was answered is there, what was not is there as a whole or not at all",
        .enabled(if: Slow.enabled), arguments: [1, 50, 333, 1000, 2500])
    func killed(after bodies: Int) async throws {
        try await withTemporaryFolder { folder in
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = folder as String, bodies = bodies as Int] in
                try await writeUntilKilled(in: folder, after: bodies)
            }
            let answered = (readFile(folder + "/answered") ?? []).count
            #expect(answered > 0 || bodies <= 50)
            let store = try SQLiteStore(path: folder + "/store.db")
            defer { store.database.close() }
            #expect(try store.database.integrityProblems() == [])
            let (tasks, jobs, notices) = try store.read { reader in
                (
                    try reader.tasks.statistics(of: nil).tasks[.queued] ?? 0,
                    try reader.jobs.counts(of: nil)[.available] ?? 0,
                    try reader.notices.notices(after: 0, limit: 10_000).count
                )
            }
            #expect(tasks >= answered)
            #expect(tasks <= bodies)
            #expect(jobs == tasks)
            #expect(notices == tasks)
        }
    }
}

/// Creates tasks from 16 callers, adds a byte to `answered` for each answer, and dies by its own hand in the
/// middle of the body with that number.
private func writeUntilKilled(in folder: String, after bodies: Int) async throws {
    let store = try SQLiteStore(path: folder + "/store.db")
    let answered = open(folder + "/answered", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    let begun = Progress()
    try await withThrowingTaskGroup(of: Void.self) { group in
        for caller in 0..<16 {
            group.addTask {
                for number in 0..<10_000 {
                    try await store.write { writer in
                        let task = try StoreSample.task(caller * 10_000 + number)
                        try writer.taskWriter.insert(task)
                        if begun.next() >= bodies { kill(getpid(), SIGKILL) }
                        try writer.announce([.statusChanged], of: task)
                        try writer.jobWriter.insert(StoreSample.job(caller * 10_000 + number, about: task))
                    }
                    _ = write(answered, "x", 1)
                }
            }
        }
        try await group.waitForAll()
    }
}

private final class Progress: Sendable {
    private let count = Atomic(0)

    func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
}
