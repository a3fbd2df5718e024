package import Application
import CSQLite
import Glibc

/// One database file: a thread that writes for everyone, and connections that read.
///
/// Write-ahead log, `synchronous=FULL`: what a write has answered is on disk.
package final class SQLiteDatabase: Sendable {
    /// How long a connection waits for another process's lock.
    package static let busyTimeout = Duration.seconds(10)

    /// Where the file is.
    package let path: String
    private let committer: GroupCommitter
    private let readers: ReaderPool
    private let observers = CommitObservers()

    /// Opens the file at `path`, makes it where there is none, and brings its schema to the newest version.
    ///
    /// - Parameter fatal: Called when the disk would not confirm a write: what is stored is then unknown to
    ///   this process, which must end and recover by starting again.
    /// - Throws: ``SchemaError``, or ``SQLiteError`` when the file cannot be opened.
    package init(
        path: String, migrations: [Migration],
        fatal: @escaping @Sendable (SQLiteError) -> Void = SQLiteDatabase.endProcess
    ) throws {
        self.path = path
        let session = try Self.openWriter(path: path)
        try Migrator(migrations: migrations).run(on: session)
        committer = try GroupCommitter(session: session, observers: observers, fatal: fatal)
        readers = ReaderPool { () throws(SQLiteError) in try Self.openReader(path: path) }
    }

    deinit {
        readers.close()
        committer.stop()
    }

    /// Reads from one snapshot, on the calling thread.
    ///
    /// The body must not keep the session.
    package func read<Value>(_ body: (SQLiteSession) throws -> Value) throws -> Value {
        try readers.read(body)
    }

    /// Runs `body` in the writer's next group; answers when it is on disk.
    ///
    /// The body may run more than once, so it has no effect beyond the session. A caller who is cancelled
    /// while it waits gets ``Application/PortError/cancelled``; once the body has begun, it ends as if nobody
    /// had cancelled.
    ///
    /// - Parameter urgent: Whether it goes before all writes that wait already.
    package func write<Value: Sendable>(
        urgent: Bool = false, _ body: @escaping @Sendable (SQLiteSession) throws -> Value
    ) async throws -> Value {
        try await PendingWrite(body).value { committer.enqueue($0, lane: urgent ? .urgent : .ordinary) }
    }

    /// Like ``write(urgent:_:)`` with `urgent`, but blocks the calling thread, which must be no task's.
    package func writeFirst<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteSession) throws -> Value
    ) throws -> Value {
        try BlockingWrite(body).value { committer.enqueue($0, lane: .urgent) }
    }

    /// Calls `changed` after each group of commits, by this process or another (those are noticed within
    /// 250 ms), until the observation is let go.
    package func observe(_ changed: @escaping @Sendable () -> Void) -> any StoreObservation {
        defer { committer.wake() }
        return observers.add(changed)
    }

    /// How many writes wait for their group now.
    package var waitingWrites: Int { committer.waitingCount }

    /// Finishes the writes that wait and closes the file; whoever comes later is refused.
    package func close() {
        readers.close()
        committer.stop()
    }

    /// What SQLite's integrity check finds wrong; empty when all is well.
    package func integrityProblems() throws -> [String] {
        try read { session in
            try session.all("PRAGMA integrity_check") { $0.next(String.self) }.filter { $0 != "ok" }
                + session.all("PRAGMA foreign_key_check") { "foreign key: " + $0.next(String.self) }
        }
    }

    /// The exit status of a process whose disk did not keep what was written (`EX_SOFTWARE` of sysexits): nothing
    /// can be promised before a restart.
    package static let brokenStorageStatus: Int32 = 70

    /// Ends the process with ``brokenStorageStatus``.
    package static func endProcess(_ error: SQLiteError) {
        let line =
            "fatal: the disk would not confirm a write; ending, to recover at the next start. \(error)\n"
        _ = line.utf8.withContiguousStorageIfAvailable { Glibc.write(2, $0.baseAddress, $0.count) }
        _exit(brokenStorageStatus)
    }

    private static func openWriter(path: String) throws(SQLiteError) -> SQLiteSession {
        let session = SQLiteSession(try Connection(path: path, access: .create, busyTimeout: busyTimeout))
        try enterWriteAheadMode(session)
        // A log that has once grown long shrinks again. Deleted content is overwritten where that costs no
        // extra write.
        try session.execute(
            """
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA secure_delete = FAST;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA cache_size = -16384;
            PRAGMA temp_store = MEMORY;
            """)
        return session
    }

    static func openReader(path: String) throws(SQLiteError) -> SQLiteSession {
        let session = SQLiteSession(try Connection(path: path, access: .existing, busyTimeout: busyTimeout))
        // Pages are read where the kernel keeps them: a copy of each, and a cache of copies for each connection,
        // would cost a read from a large store a quarter of its time.
        try session.execute(
            """
            PRAGMA query_only = ON;
            PRAGMA mmap_size = 1073741824;
            PRAGMA cache_size = -4096;
            PRAGMA temp_store = MEMORY;
            """)
        return session
    }

    /// Changing the mode needs the file alone and does not wait for it, so two processes that start at once
    /// try again.
    private static func enterWriteAheadMode(_ session: SQLiteSession) throws(SQLiteError) {
        let deadline = ContinuousClock.now + busyTimeout
        while true {
            do throws(SQLiteError) {
                try session.execute("PRAGMA journal_mode = WAL")
                return
            } catch {
                guard error.primaryCode == SQLITE_BUSY, ContinuousClock.now < deadline else { throw error }
                usleep(10_000)
            }
        }
    }
}
