import Application
import FoundationEssentials
import Infrastructure
import Synchronization
import Testing

@Suite("The list of fonts") struct FontListTests {
    /// Lists fonts that stand in a folder, and counts how often it is asked.
    private final class Lister: Sendable {
        let asked = Atomic(0)
        let folder: String

        init(_ folder: String) {
            self.folder = folder
        }

        func list() throws -> [UInt8] {
            asked.add(1, ordering: .relaxed)
            let folders = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            let lines = try folders.flatMap { sub in
                try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(sub)").sorted().map {
                    "\($0)\tBold\t\(folder)/\(sub)/\($0)\n"
                }
            }
            return Array(lines.joined().utf8)
        }
    }

    /// Makes a folder look as if nothing had happened to it for long.
    private func age(_ folder: String, by seconds: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000 + seconds)], ofItemAtPath: folder)
    }

    private func names(_ list: FontList) async throws -> [String] { try await list.fonts().map(\.name) }

    @Test("the program is asked once, and again when a font or a folder of fonts was added or removed")
    func changes() async throws {
        try await withTemporaryFolder { temporary in
            let fonts = temporary + "/fonts"
            for folder in ["a", "b"] {
                try FileManager.default.createDirectory(
                    atPath: "\(fonts)/\(folder)", withIntermediateDirectories: true)
            }
            writeFile([], to: fonts + "/a/Sans")
            for folder in [fonts, fonts + "/a", fonts + "/b"] { try age(folder, by: 0) }
            let lister = Lister(fonts)
            let list = FontList(places: [temporary + "/none"]) { try lister.list() }
            for _ in 0..<3 { #expect(try await names(list) == ["Sans"]) }
            #expect(lister.asked.load(ordering: .relaxed) == 1)

            writeFile([], to: fonts + "/a/Serif")
            try age(fonts + "/a", by: 1)
            for _ in 0..<3 { #expect(try await names(list) == ["Sans", "Serif"]) }
            #expect(lister.asked.load(ordering: .relaxed) == 2)

            try FileManager.default.createDirectory(
                atPath: fonts + "/c", withIntermediateDirectories: true)
            writeFile([], to: fonts + "/c/Mono")
            for folder in [fonts, fonts + "/c"] { try age(folder, by: 2) }
            #expect(try await names(list) == ["Mono", "Sans", "Serif"])

            try FileManager.default.removeItem(atPath: fonts + "/a/Sans")
            try age(fonts + "/a", by: 3)
            #expect(try await names(list) == ["Mono", "Serif"])

            try FileManager.default.createDirectory(
                atPath: temporary + "/none", withIntermediateDirectories: true)
            try age(temporary + "/none", by: 4)
            _ = try await list.fonts()
            #expect(lister.asked.load(ordering: .relaxed) == 5)
        }
    }

    @Test("what changes while it is listed is not missed the next time")
    func meanwhile() async throws {
        try await withTemporaryFolder { temporary in
            let fonts = temporary + "/fonts"
            try FileManager.default.createDirectory(
                atPath: fonts + "/a", withIntermediateDirectories: true)
            writeFile([], to: fonts + "/a/Sans")
            let lister = Lister(fonts)
            let list = FontList(places: []) { try lister.list() }
            for _ in 0..<2 { _ = try await list.fonts() }
            // The folders are as young as the list.
            #expect(lister.asked.load(ordering: .relaxed) == 2)
        }
    }
}
