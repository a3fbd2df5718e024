import Application
import Domain
import Infrastructure
import Synchronization
import Testing

@Suite("migrations")
struct MigrationTests {
    @Test("A42, A43: an empty file gets every step, a later start only the missing ones")
    func forward() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            let first = migration("CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1)")
            let second = migration(
                "ALTER TABLE a ADD COLUMN y INTEGER; INSERT INTO a VALUES (2, 2)", number: 2)
            try SQLiteDatabase(path: path, migrations: [first]).close()
            let database = try SQLiteDatabase(path: path, migrations: [first, second])
            #expect(try database.integers("SELECT x FROM a ORDER BY x") == [1, 2])
            database.close()
        }
    }

    @Test("a closed store is whole in its one file while its connections still stand")
    func closed() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            let database = try SQLiteDatabase(
                path: path, migrations: [migration("CREATE TABLE a (x INTEGER) STRICT")])
            try await database.write { try $0.execute("INSERT INTO a VALUES (7)") }
            database.close()
            // A copy of that file alone, without the log beside it, has everything.
            let copy = folder + "/copy.db"
            writeFile(try #require(readFile(path)), to: copy)
            let copied = try SQLiteDatabase(path: copy, migrations: [migration("")])
            #expect(try copied.integers("SELECT x FROM a") == [7])
            copied.close()
        }
    }

    @Test("a store from a newer version is refused with a clear line")
    func newer() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            try SQLiteDatabase(path: path, migrations: [migration(""), migration("", number: 2)]).close()
            let error = #expect(throws: SchemaError.self) {
                try SQLiteDatabase(path: path, migrations: [migration("")])
            }
            #expect(error == .newer(found: 2, known: 1))
            #expect(error?.description.contains("newer version of Cutroom") == true)
        }
    }

    @Test("a database of another program is refused and left as it is")
    func foreign() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            do {
                let other = try SQLiteDatabase(path: path, migrations: [migration("CREATE TABLE theirs (x)")])
                try await other.write { try $0.execute("PRAGMA application_id = 7") }
                other.close()
            }
            #expect(throws: SchemaError.foreign(applicationID: 7)) {
                try SQLiteDatabase(path: path, migrations: Migrations.all)
            }
        }
    }

    @Test("a file that is no database is refused and left as it is")
    func garbage() async throws {
        let bytes = [UInt8]("This is no database at all, just some text that is long enough.".utf8)
        try await withTemporaryFile(bytes) { path in
            let error = #expect(throws: SQLiteError.self) {
                try SQLiteDatabase(path: path, migrations: Migrations.all)
            }
            #expect(error?.portError == .corrupt("the database: file is not a database"))
            #expect(readFile(path) == bytes)
        }
    }

    @Test("A43: a step that fails leaves the schema as it was")
    func failing() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            let first = migration("CREATE TABLE a (x INTEGER) STRICT")
            let broken = migration("CREATE TABLE b (x INTEGER) STRICT; CREATE NONSENSE", number: 2)
            try SQLiteDatabase(path: path, migrations: [first]).close()
            #expect(throws: SQLiteError.self) { try SQLiteDatabase(path: path, migrations: [first, broken]) }
            let database = try SQLiteDatabase(path: path, migrations: [first])
            let tables = try database.read { session in
                try session.all("SELECT name FROM sqlite_schema ORDER BY name") { $0.next(String.self) }
            }
            #expect(tables == ["a"])
            database.close()
        }
    }

    @Test("what was stored before there were owners belongs to the local user, and is counted so")
    func owners() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            let before = Migrations.all.filter { $0.number < 4 }
            let old = try SQLiteDatabase(path: path, migrations: before)
            try await old.write { session in
                try session.execute(
                    """
                    INSERT INTO tasks (id, version, status, progress, message, attempts, title, created_at, record)
                        VALUES (zeroblob(16), 0, 'queued', 0, '', 0, 't', 1, x'00');
                    INSERT INTO totals VALUES (1, 1);
                    INSERT INTO uploads (id, kind, filename, bytes, created_at, record)
                        VALUES (zeroblob(16), 'video', 'a', 1, 1, x'00');
                    INSERT INTO jobs (
                        id, state, ready, queue, priority, rank, due_at, attempt, failures, interruptions,
                        failure_limit, is_cancelling, progress, stage, kind, created_at, arguments)
                        VALUES (zeroblob(16), 'available', 1, 'q', 5, 0, 0, 0, 0, 0, 1, 0, 0, '', 'k', 1, x'');
                    INSERT INTO job_history (
                        id, state, ended_at, queue, priority, due_at, attempt, failures, interruptions,
                        failure_limit, progress, stage, kind, created_at, arguments)
                        VALUES (zeroblob(16), 'completed', 1, 'q', 5, 0, 0, 0, 0, 1, 0, '', 'k', 1, x'');
                    INSERT INTO stored_answers (scope, key, fingerprint, status, location, body, created_at)
                        VALUES ('POST /x', 'k', zeroblob(32), 201, '', x'', 1);
                    """)
            }
            old.close()
            let database = try SQLiteDatabase(path: path, migrations: Migrations.all)
            defer { database.close() }
            let store = SQLiteStore(database: database)
            for query: SQL in [
                "SELECT owner FROM tasks", "SELECT owner FROM uploads", "SELECT owner FROM jobs",
                "SELECT owner FROM job_history",
            ] {
                let owners = try database.read { try $0.all(query) { $0.next(Identifier<User>.self) } }
                #expect(owners == [User.local])
            }
            #expect(try store.read { try $0.tasks.statistics(of: User.local) }.tasks == [.queued: 1])
            let key = IdempotencyKey(caller: User.local, route: "POST /x", key: "k")
            #expect(try store.read { try $0.answers.find(key) } != nil)
        }
    }

    @Test("A43: many who start at once run each step once")
    func together() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            let steps = [
                migration("CREATE TABLE a (x INTEGER) STRICT"),
                migration("INSERT INTO a VALUES (1)", number: 2),
            ]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask { try SQLiteDatabase(path: path, migrations: steps).close() }
                }
                try await group.waitForAll()
            }
            let database = try SQLiteDatabase(path: path, migrations: steps)
            #expect(try database.integers("SELECT x FROM a") == [1])
            database.close()
        }
    }
}
