import Application
import CSQLite
import Domain
import Infrastructure
import Testing

@Suite("the schema of what administrators set and look at")
struct AdministrationSchemaTests {
    @Test(
        "a setting that could not be read again, or that nobody set, is refused",
        arguments: [
            "UPDATE settings SET sealed = x''", "UPDATE settings SET overrides = 2",
            "UPDATE settings SET changed_by = x'00'", "UPDATE settings SET name = NULL",
            "INSERT INTO settings SELECT * FROM settings",
        ])
    func settings(_ change: String) async throws {
        try await withStore { store in
            try await store.write { writer in
                try writer.settingWriter.put(
                    StoredSetting(
                        name: "x", sealed: [1], overrides: false, changedAt: StoreSample.now,
                        changedBy: StoreSample.id(1)))
            }
            let error = await #expect(throws: SQLiteError.self) {
                try await store.database.write { try $0.execute(change) }
            }
            #expect(error?.primaryCode == SQLITE_CONSTRAINT, "\(String(describing: error))")
        }
    }

    @Test("credits that moved before they were counted count too")
    func migrated() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            func append(_ amounts: [Int], to store: SQLiteStore) async throws {
                try await store.write { writer in
                    var ledger = try writer.credits.ledger(of: StoreSample.id(1))
                    let entries = try amounts.map { try ledger.grant($0, at: StoreSample.now) }
                    try writer.creditWriter.append(entries, leadingTo: ledger)
                }
            }
            let old = SQLiteStore(
                database: try SQLiteDatabase(
                    path: path, migrations: Migrations.all.filter { $0.number < 7 }))
            try await append([5, 8], to: old)
            old.database.close()
            let store = try SQLiteStore(path: path)
            defer { store.database.close() }
            #expect(try store.read { try $0.credits.totals() } == [.grant: 13])
            try await append([100], to: store)
            #expect(try store.read { try $0.credits.totals() } == [.grant: 113])
            #expect(try store.database.integrityProblems() == [])
        }
    }
}
