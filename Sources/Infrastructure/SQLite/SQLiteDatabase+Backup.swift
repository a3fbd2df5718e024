import Application
import CSQLite
import Glibc
import Synchronization

extension SQLiteDatabase {
    /// How many pages of 4 KiB are copied between two reports.
    private static let backupStep: Int32 = 512

    /// Copies the database as it is at this moment to a new file at `destination`, while reads and writes go
    /// on; the file appears only when it is whole and on disk.
    ///
    /// - Parameter progress: Told how many of how many pages are copied, from a thread of its own.
    /// - Throws: ``SQLiteError``, or ``Application/PortError/cancelled`` when the task was cancelled.
    package func backup(
        to destination: String,
        progress: @escaping @Sendable (_ copied: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws {
        let cancellation = BackupCancellation()
        try await withTaskCancellationHandler {
            try await OwnThread.run { _ in
                try self.copy(to: destination, progress: progress, cancellation: cancellation)
            }
        } onCancel: {
            cancellation.cancel()
        }
    }

    private func copy(
        to destination: String, progress: (Int, Int) -> Void, cancellation: BackupCancellation
    ) throws {
        let unfinished = destination + ".unfinished"
        unlink(unfinished)
        defer { unlink(unfinished) }
        // The snapshot is held for the whole copy: other connections' commits neither show in it nor make
        // SQLite start over, as they otherwise would.
        try read { session in
            _ = try session.value("SELECT count(*) FROM sqlite_schema", as: Int.self)
            let target = try Connection(path: unfinished, access: .create, busyTimeout: Self.busyTimeout)
            guard let backup = sqlite3_backup_init(target.handle, "main", session.connection.handle, "main")
            else { throw SQLiteError(of: target.handle, code: sqlite3_errcode(target.handle)) }
            var code = SQLITE_OK
            while code == SQLITE_OK, !cancellation.isCancelled {
                code = sqlite3_backup_step(backup, Self.backupStep)
                let total = Int(sqlite3_backup_pagecount(backup))
                progress(total - Int(sqlite3_backup_remaining(backup)), total)
            }
            let finished = sqlite3_backup_finish(backup)
            if code == SQLITE_OK { throw PortError.cancelled }
            guard code == SQLITE_DONE, finished == SQLITE_OK else {
                throw SQLiteError(of: target.handle, code: code == SQLITE_DONE ? finished : code)
            }
        }
        guard rename(unfinished, destination) == 0 else {
            throw SQLiteError(code: SQLITE_CANTOPEN, message: "cannot rename the finished backup")
        }
    }
}

/// Whether a running backup is still wanted.
private final class BackupCancellation: Sendable {
    private let flag = Atomic(false)

    var isCancelled: Bool { flag.load(ordering: .relaxed) }

    func cancel() {
        flag.store(true, ordering: .relaxed)
    }
}
