import Application
import Glibc
import Infrastructure
import Synchronization
import Testing

@Suite("backups")
struct BackupTests {
    private static let table = "CREATE TABLE t (x INTEGER PRIMARY KEY, body BLOB) STRICT"

    @Test("a backup made while others write is one whole moment")
    func consistent() async throws {
        try await withTemporaryFolder { folder in
            let database = try SQLiteDatabase(path: folder + "/test.db", migrations: [migration(Self.table)])
            defer { database.close() }
            for start in stride(from: 0, to: 4000, by: 500) {
                try await database.write { session in
                    for number in start..<start + 500 {
                        try session.run("INSERT INTO t VALUES (?, zeroblob(1000))", number)
                    }
                }
            }
            let isDone = Atomic(false)
            let written = Atomic(0)
            async let writing: Void = {
                var number = 10_000
                while !isDone.load(ordering: .relaxed) || number < 10_010 {
                    let pair = number
                    try await database.write { session in
                        try session.run("INSERT INTO t VALUES (?, NULL)", pair)
                        try session.run("INSERT INTO t VALUES (?, NULL)", pair + 1_000_000)
                    }
                    number += 1
                    written.add(1, ordering: .relaxed)
                }
            }()
            let reports = Mutex<[Int]>([])
            try await SQLiteBackup(of: database.path)(to: folder + "/backup.db") { copied, total in
                #expect(copied <= total)
                // The copy does not end before someone has written beside it.
                while written.load(ordering: .relaxed) < 3 {}
                reports.withLock { $0.append(copied) }
            }
            isDone.store(true, ordering: .relaxed)
            try await writing
            #expect(reports.withLock { $0.count > 1 && $0 == $0.sorted() })

            let copy = try SQLiteDatabase(path: folder + "/backup.db", migrations: [migration(Self.table)])
            defer { copy.close() }
            #expect(try copy.integrityProblems() == [])
            #expect(try copy.integers("SELECT count(*) FROM t WHERE x < 10000") == [4000])
            let halves = try copy.integers(
                "SELECT count(*) FROM t WHERE x >= 10000 AND x < 1000000 UNION ALL SELECT count(*) FROM t WHERE x >= 1000000"
            )
            #expect(halves[0] == halves[1])
        }
    }

    @Test("a backup that is cancelled or fails leaves nothing behind")
    func unfinished() async throws {
        try await withTemporaryFolder { folder in
            let database = try SQLiteDatabase(path: folder + "/test.db", migrations: [migration(Self.table)])
            defer { database.close() }
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await SQLiteBackup(of: database.path)(to: folder + "/backup.db")
            }
            await #expect(throws: PortError.cancelled) { try await task.value }
            #expect(readFile(folder + "/backup.db") == nil)
            #expect(readFile(folder + "/backup.db.unfinished") == nil)
            await #expect(throws: SQLiteError.self) {
                try await SQLiteBackup(of: database.path)(to: folder + "/nowhere/backup.db")
            }
        }
    }

    @Test("a backup neither changes its source nor replaces it, and replaces an older one")
    func places() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            let database = try SQLiteDatabase(path: path, migrations: [migration(Self.table)])
            defer { database.close() }
            try await database.write { try $0.execute("INSERT INTO t VALUES (7, NULL)") }
            #expect(symlink(path, folder + "/other-name.db") == 0)
            for destination in [path, path + "-wal", folder + "/other-name.db"] {
                await #expect(throws: SQLiteError.self) {
                    try await SQLiteBackup(of: path)(to: destination)
                }
            }
            for _ in 1...2 { try await SQLiteBackup(of: path)(to: folder + "/backup.db") }
            // One migration is known here, two there: the copy has the schema of its source.
            let newer = [migration(Self.table), migration("CREATE TABLE u (x INTEGER) STRICT", number: 2)]
            let copy = try SQLiteDatabase(path: folder + "/backup.db", migrations: newer)
            defer { copy.close() }
            #expect(try copy.integers("SELECT x FROM t") == [7])
            #expect(try database.integers("PRAGMA user_version") == [1])
        }
    }
}
