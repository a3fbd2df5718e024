import Application
import ApplicationConformance
import Domain
import Testing

@Suite("The twins in memory keep the promises of their ports")
struct InMemoryConformanceTests {
    @Test("A45: the store", arguments: StoreConformance.rules)
    func store(_ rule: ConformanceRule<any Store>) async throws {
        try await rule.run { InMemoryStore() }
    }

    @Test("the media store", arguments: MediaStoreConformance.rules)
    func mediaStore(_ rule: ConformanceRule<any MediaStore>) async throws {
        try await rule.run {
            InMemoryMediaStore(
                identifiers: IdentifierMaker(clock: InMemoryClock(), random: SeededRandomSource(seed: 1)))
        }
    }

    @Test("the artefact cache", arguments: ArtefactCacheConformance.rules)
    func artefactCache(_ rule: ConformanceRule<any ArtefactCache>) async throws {
        try await rule.run { InMemoryArtefactCache() }
    }

    @Test("the registry of owners", arguments: OwnerRegistryConformance.rules)
    func owners(_ rule: ConformanceRule<any OwnerRegistry>) async throws {
        try await rule.run { InMemoryOwners() }
    }
}
