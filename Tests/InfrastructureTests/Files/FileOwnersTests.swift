import Application
import ApplicationConformance
import Infrastructure
import Testing

@Suite struct FileOwnersTests {
    @Test("owners known by their locked files keep the promises", arguments: OwnerRegistryConformance.rules)
    func promises(_ rule: ConformanceRule<any OwnerRegistry>) async throws {
        try await withTemporaryFolder { folder in
            try await rule.run { try FileOwners(folder: folder + "/owners") }
        }
    }
}
