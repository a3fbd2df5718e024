import Application
import CSQLite
import Glibc
import Synchronization

/// A copy of a database file, made while others read and write it.
///
/// The source is opened as it is: its schema may be an older or a newer one.
package struct SQLiteBackup: Sendable {
    /// How many pages of 4 KiB are copied between two reports.
    private static let backupStep: Int32 = 512

    private let source: String

    /// A backup of the database file at `source`.
    package init(of source: String) {
        self.source = source
    }

    /// Copies the database as it is at this moment to `destination`, while reads and writes go on; the file
    /// appears, in place of one that is there, only when it is whole and on disk.
    ///
    /// - Parameter progress: Told how many of how many pages are copied, from a thread of its own.
    /// - Throws: ``SQLiteError``, also when `destination` is the database itself, or
    ///   ``Application/PortError/cancelled`` when the task was cancelled.
    package func callAsFunction(
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
        for file in [source, source + "-wal", source + "-shm"] where Self.isSame(file, destination) {
            throw SQLiteError(
                code: SQLITE_CANTOPEN, message: "that is the database itself; name another file")
        }
        let unfinished = destination + ".unfinished"
        unlink(unfinished)
        defer { unlink(unfinished) }
        let session = try SQLiteDatabase.openReader(path: source)
        // The snapshot is held for the whole copy: other connections' commits neither show in it nor make
        // SQLite start over, as they otherwise would.
        try session.execute("BEGIN")
        _ = try session.value("SELECT count(*) FROM sqlite_schema", as: Int.self)
        do {
            let target = try Connection(
                path: unfinished, access: .create, busyTimeout: SQLiteDatabase.busyTimeout)
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
        try Self.syncFolder(of: destination)
    }

    /// Makes a file's new name durable.
    private static func syncFolder(of path: String) throws(SQLiteError) {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last?.count ?? 0
        let folder = path.count == name ? "." : String(path.dropLast(name))
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw SQLiteError(code: SQLITE_IOERR, message: "cannot sync the backup's folder")
        }
    }

    /// Whether two paths lead to the same file.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(one, &first) == 0, stat(other, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
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
