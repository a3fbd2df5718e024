import Application
import Domain
import Testing

@Suite("Room for new work")
struct StorageBudgetTests {
    private struct Full: StorageBudget {
        func requireRoom() throws(PortError) { throw .full("nothing is left") }
    }

    @Test("O38: an upload is refused before its first byte while there is too little room")
    func upload() throws {
        let store = InMemoryStore()
        let identifiers = IdentifierMaker(clock: InMemoryClock(), random: SeededRandomSource(seed: 1))
        let receive = ReceiveUpload(
            store: store, media: InMemoryMediaStore(identifiers: identifiers),
            inspector: ScriptedMediaInspector(Script(.failure(MediaError.notMedia("never asked")))),
            identifiers: identifiers, clock: InMemoryClock(), limitBytes: 1000, storage: Full())
        #expect(throws: PortError.full("nothing is left")) {
            try receive.begin(filename: "talk.mp4", by: .local)
        }
    }
}
