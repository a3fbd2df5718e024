import Application
import CSQLite
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("grouped commits")
struct GroupCommitTests {
    private struct Refusal: Error, Equatable {}

    private static let table = "CREATE TABLE t (x INTEGER PRIMARY KEY, body BLOB) STRICT"

    @Test("everything that was answered is there", arguments: [1, 64, 500])
    func all(writers: Int) async throws {
        try await withDatabase(Self.table) { database async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<writers {
                    group.addTask {
                        try await database.write { _ = try $0.run("INSERT INTO t (x) VALUES (?)", number) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try database.integers("SELECT x FROM t ORDER BY x") == Array(0..<writers))
        }
    }

    @Test("a write that fails takes back all it did and nothing that others did")
    func isolation() async throws {
        try await withDatabase(Self.table) { database async throws in
            let outcomes = await database.together(40) { session, number in
                try session.run("INSERT INTO t (x) VALUES (?)", number)
                if number % 7 == 3 { throw Refusal() }
            }
            for (number, outcome) in outcomes.enumerated() {
                #expect((outcome is Refusal) == (number % 7 == 3))
            }
            let kept = (0..<40).filter { $0 % 7 != 3 }
            #expect(try database.integers("SELECT x FROM t ORDER BY x") == kept)
        }
    }

    @Test("a write that breaks a constraint fails alone")
    func constraint() async throws {
        try await withDatabase(Self.table) { database async throws in
            let outcomes = await database.together(20) { session, number in
                try session.run("INSERT INTO t (x) VALUES (?)", number / 2)
            }
            #expect(outcomes.count { ($0 as? SQLiteError)?.isDuplicate == true } == 10)
            #expect(try database.integers("SELECT x FROM t ORDER BY x") == Array(0..<10))
        }
    }

    @Test("when a full database takes the whole group back, those who fit are written alone")
    func full() async throws {
        try await withDatabase(Self.table) { database async throws in
            try await database.write { session in
                let pages = try session.value("PRAGMA page_count", as: Int.self) ?? 0
                try session.execute("PRAGMA max_page_count = \(pages + 40)")
            }
            let large = [UInt8](repeating: 1, count: 400_000)
            let outcomes = await database.together(12) { session, number in
                try session.run(
                    "INSERT INTO t (x, body) VALUES (?, ?)", number, number == 5 ? large : [UInt8(number)])
            }
            for (number, outcome) in outcomes.enumerated() {
                let isFull = (outcome as? SQLiteError)?.primaryCode == SQLITE_FULL
                #expect(isFull == (number == 5), "\(number): \(String(describing: outcome))")
            }
            #expect(try database.integers("SELECT x FROM t ORDER BY x") == (0..<12).filter { $0 != 5 })
            #expect(try database.integrityProblems() == [])
        }
    }

    @Test("a body that hides a rolled-back transaction does not pass for written")
    func hidden() async throws {
        try await withDatabase(Self.table) { database async throws in
            let outcomes = await database.together(3) { session, number in
                try session.run("INSERT INTO t (x) VALUES (?)", number)
                if number == 1 { try session.execute("ROLLBACK") }
            }
            #expect(outcomes.map { $0 == nil } == [true, false, true])
            #expect(try database.integers("SELECT x FROM t ORDER BY x") == [0, 2])
        }
    }

    @Test("a write that is cancelled while it waits is not done")
    func cancelled() async throws {
        try await withDatabase(Self.table) { database async throws in
            let block = WriterBlock(database)
            await block.isHolding.wait()
            let waiting = Task {
                try await database.write { _ = try $0.run("INSERT INTO t (x) VALUES (1)") }
            }
            waiting.cancel()
            await #expect(throws: PortError.cancelled) { try await waiting.value }
            block.release()
            try await database.write { _ = try $0.run("INSERT INTO t (x) VALUES (2)") }
            #expect(try database.integers("SELECT x FROM t") == [2])
        }
    }

    @Test("a write of a task that is cancelled already is not done")
    func cancelledBefore() async throws {
        try await withDatabase(Self.table) { database async throws in
            let late = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await database.write { _ = try $0.run("INSERT INTO t (x) VALUES (1)") }
            }
            await #expect(throws: PortError.cancelled) { try await late.value }
            #expect(try database.integers("SELECT x FROM t") == [])
        }
    }

    @Test("an urgent write goes before all that wait")
    func urgent() async throws {
        try await withDatabase("CREATE TABLE t (place INTEGER PRIMARY KEY, x INTEGER) STRICT") {
            database async throws in
            let block = WriterBlock(database)
            await block.isHolding.wait()
            async let ordinary = database.together(5) { session, number in
                try session.run("INSERT INTO t (x) VALUES (?)", number)
            }
            async let urgent: Void = database.write(urgent: true) { session in
                _ = try session.run("INSERT INTO t (x) VALUES (99)")
            }
            await database.waitUntilQueued(6)
            block.release()
            _ = try await (ordinary, urgent)
            #expect(try database.integers("SELECT x FROM t ORDER BY place").first == 99)
        }
    }

    @Test("observers hear of commits until they are let go")
    func observers() async throws {
        try await withDatabase(Self.table) { database async throws in
            let heard = Atomic(0)
            do {
                let observation = database.observe { heard.add(1, ordering: .relaxed) }
                try await database.write { _ = try $0.run("INSERT INTO t (x) VALUES (1)") }
                withExtendedLifetime(observation) {}
            }
            try await database.write { _ = try $0.run("INSERT INTO t (x) VALUES (2)") }
            // Observers are told after the writers; the third write's answer comes after the second's notice.
            try await database.write { _ = try $0.run("INSERT INTO t (x) VALUES (3)") }
            #expect(heard.load(ordering: .relaxed) == 1)
        }
    }

    @Test("a process whose disk does not keep what was written ends with 70")
    func brokenDisk() async throws {
        try await withTemporaryFolder { folder in
            await #expect(processExitsWith: .exitCode(70)) { [folder = folder as String] in
                let database = try SQLiteDatabase(path: folder + "/test.db", migrations: [])
                try await database.write { session in FailingSync.install(on: session) }
                try await database.write { _ = try $0.run("CREATE TABLE t (x INTEGER)") }
            }
        }
    }

    @Test("a sync that fails ends everything: nothing is tried again")
    func failedSync() async throws {
        try await withTemporaryFolder { folder in
            let fatal = Mutex<[Int32]>([])
            let path = folder + "/test.db"
            let database = try SQLiteDatabase(
                path: path, migrations: [migration(Self.table)],
                fatal: { error in fatal.withLock { $0.append(error.code) } })
            try await database.write { _ = try $0.run("INSERT INTO t (x) VALUES (1)") }
            try await database.write { session in FailingSync.install(on: session) }
            let outcomes = await database.together(5) { session, number in
                try session.run("INSERT INTO t (x) VALUES (?)", 10 + number)
            }
            #expect(outcomes.allSatisfy { $0 != nil })
            #expect(fatal.withLock { $0 } == [1034])
            await #expect(throws: SQLiteError.self) { try await database.write { _ in } }
            database.close()
            // The process would have ended here; what it finds when it starts again is whole.
            let recovered = try SQLiteDatabase(path: path, migrations: [migration(Self.table)])
            #expect(try recovered.integrityProblems() == [])
            #expect(try recovered.integers("SELECT x FROM t WHERE x < 10") == [1])
            recovered.close()
        }
    }

    @Test("what waits when the database is closed is done; what comes later is refused")
    func closing() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            let database = try SQLiteDatabase(path: path, migrations: [migration(Self.table)])
            async let outcomes = database.together(50) { session, number in
                try session.run("INSERT INTO t (x) VALUES (?)", number)
            }
            await database.waitUntilQueued(1)
            database.close()
            let written = await outcomes.count { $0 == nil }
            #expect(throws: SQLiteError.self) { try database.read { _ in } }
            let again = try SQLiteDatabase(path: path, migrations: [migration(Self.table)])
            #expect(try again.integers("SELECT count(*) FROM t") == [written])
            again.close()
        }
    }

    @Test("a body may hold the last reference to its database")
    func lastReference() async throws {
        try await withTemporaryFolder { folder in
            var database: SQLiteDatabase? = try SQLiteDatabase(
                path: folder + "/test.db", migrations: [migration(Self.table)])
            let write = Task { [database] in
                try await database?.write { [database] session in
                    _ = try session.run("INSERT INTO t (x) VALUES (1)")
                    withExtendedLifetime(database) {}
                }
            }
            database = nil
            try await write.value
        }
    }
}
