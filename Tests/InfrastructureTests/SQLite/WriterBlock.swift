import CSQLite
import Glibc
import Infrastructure
import Synchronization
import TestSupport

/// Holds the writer's thread inside a body, so that a test can let others queue up behind it.
final class WriterBlock: Sendable {
    let isHolding = TestGate()
    private let isReleased = Atomic(false)

    init(_ database: SQLiteDatabase) {
        Task {
            try await database.write { [self] _ in
                isHolding.open()
                while !isReleased.load(ordering: .acquiring) { sched_yield() }
            }
        }
    }

    func release() {
        isReleased.store(true, ordering: .releasing)
    }
}

extension SQLiteDatabase {
    /// Hands in that many writes at once and answers why each failed.
    func together(
        _ count: Int, _ body: @escaping @Sendable (SQLiteSession, Int) throws -> Void
    ) async -> [(any Error)?] {
        await withTaskGroup(of: (Int, (any Error)?).self) { group in
            for number in 0..<count {
                group.addTask {
                    do {
                        try await self.write { try body($0, number) }
                        return (number, nil)
                    } catch {
                        return (number, error)
                    }
                }
            }
            var outcomes = [(any Error)?](repeating: nil, count: count)
            for await (number, outcome) in group { outcomes[number] = outcome }
            return outcomes
        }
    }

    /// Returns when that many writes wait.
    func waitUntilQueued(_ count: Int) async {
        while waitingWrites < count { await Task.yield() }
    }
}

/// Makes the log's file of a connection refuse to sync from now on, as a failing disk does.
enum FailingSync {
    static func install(on session: SQLiteSession) {
        var file: UnsafeMutablePointer<sqlite3_file>?
        _ = withUnsafeMutablePointer(to: &file) {
            sqlite3_file_control(session.connection.handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, $0)
        }
        guard let file, let methods = file.pointee.pMethods else { return }
        // Never let go: the file points to it for as long as it is open.
        let broken = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        broken.initialize(to: methods.pointee)
        broken.pointee.xSync = { _, _ in SQLITE_IOERR | 4 << 8 }
        file.pointee.pMethods = UnsafePointer(broken)
    }
}
