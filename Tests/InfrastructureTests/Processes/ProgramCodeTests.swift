import Infrastructure
import Testing

@Suite("the program's code")
struct ProgramCodeTests {
    @Test("what runs after the code was let go runs as before, with all that the loader and it had written")
    func letGo() async throws {
        let before = try await tables()
        for _ in 0..<3 { ProgramCode.letGo() }
        #expect(try await tables() == before)
    }

    /// Something that needs much of the program and its libraries.
    private func tables() async throws -> [String] {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            defer { store.database.close() }
            return try store.database.read { session in
                try session.all("SELECT name FROM sqlite_schema ORDER BY name") { $0.next(String.self) }
            }
        }
    }
}
