import Application
import ApplicationConformance
import Infrastructure
import Testing

@Suite("the store in SQLite keeps what every store promises")
struct SQLiteConformanceTests {
    @Test("A45: every promise of a store", arguments: StoreConformance.rules)
    func keeps(_ rule: ConformanceRule<any Store>) async throws {
        try await withTemporaryFolder { folder in
            try await rule.run { try SQLiteStore(path: folder + "/store.db") }
        }
    }
}
