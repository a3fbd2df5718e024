import Application
import Domain
import Testing

@Suite("Captions that are handed in")
struct ReceiveUploadTests {
    @Test("more bytes than captions can have are refused as they come, not when all are on the disk")
    func endless() async throws {
        let clock = InMemoryClock()
        let identifiers = IdentifierMaker(clock: clock, random: CountingRandom())
        let receive = ReceiveUpload(
            store: InMemoryStore(), media: InMemoryMediaStore(identifiers: identifiers),
            inspector: ScriptedMediaInspector(Script(.failure(MediaError.notMedia("not asked")))),
            identifiers: identifiers, clock: clock, limitBytes: 1 << 40)
        var reception = try receive.begin(filename: "talk.srt", by: .local)
        let piece = [UInt8](repeating: 0x20, count: CaptionFileLimits.mostBytes / 4)
        for _ in 1...4 { try piece.withUnsafeBytes { try reception.append($0) } }
        let error = #expect(throws: MediaError.self) {
            try [1 as UInt8].withUnsafeBytes { try reception.append($0) }
        }
        #expect(error?.code == "captions_unreadable")
    }
}
