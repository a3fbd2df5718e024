import Infrastructure

/// Runs `body` with a new database whose only migration is `script`.
@discardableResult
func withDatabase<Value>(
    _ script: String = "", _ body: (SQLiteDatabase) async throws -> Value
) async throws -> Value {
    try await withTemporaryFolder { folder in
        let database = try SQLiteDatabase(path: folder + "/test.db", migrations: [migration(script)])
        defer { database.close() }
        return try await body(database)
    }
}

func migration(_ script: String, number: Int = 1) -> Migration {
    Migration(number: number, summary: "test", script: script)
}

extension SQLiteDatabase {
    /// The integers that a statement answers.
    func integers(_ sql: SQL) throws -> [Int] {
        try read { try $0.all(sql) { $0.next(Int.self) } }
    }
}
