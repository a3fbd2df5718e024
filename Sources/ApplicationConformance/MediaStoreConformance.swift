public import Application
import Domain

/// What every media store must do.
public enum MediaStoreConformance {
    /// Checks a store; what it holds already is left alone, and what is added is removed again.
    ///
    /// - Throws: ``Violation`` at the first broken promise, and whatever the store throws.
    public static func check(_ store: any MediaStore) async throws {
        try await finishedFilesAreWhole(store)
        try await abandonedFilesAreGone(store)
        try await stagedFilesAreTaken(store)
        try await missingFilesAreNoError(store)
        try await scratchFoldersAreApart(store)
    }

    private static func finishedFilesAreWhole(_ store: any MediaStore) async throws {
        let first = try await write([[1, 2], [], [3]], to: store)
        let second = try await write([[1], [2, 3]], to: store)
        let other = try await write([[1, 2, 4]], to: store)
        let empty = try await write([], to: store)
        try expect(first.bytes == 3, "a file has as many bytes as were written", first.bytes)
        try expect(empty.bytes == 0, "a file of no bytes is a file", empty.bytes)
        try expect(first.hash == second.hash, "equal contents have equal hashes", second.hash.hexadecimal)
        try expect(
            first.hash != other.hash, "different contents have different hashes", other.hash.hexadecimal)
        try expect(first.id != second.id, "each file has an identifier of its own", second.id)
        for file in [first, second, other, empty] {
            try expect(store.path(of: file.id) != nil, "a finished file is there", file.id)
        }
        try await store.remove([first.id, other.id, empty.id])
        try expect(store.path(of: first.id) == nil, "a removed file is gone", first.id)
        try expect(store.path(of: second.id) != nil, "equal contents are removed one by one", second.id)
        try await store.remove([second.id])
    }

    private static func abandonedFilesAreGone(_ store: any MediaStore) async throws {
        let writer = try store.open()
        try [UInt8](repeating: 7, count: 1000).withUnsafeBytes { try writer.write($0) }
        writer.abandon()
        writer.abandon()
        do {
            let file = try await writer.finish()
            throw Violation("an abandoned file cannot be finished", observed: "\(file)")
        } catch is PortError {}
    }

    private static func stagedFilesAreTaken(_ store: any MediaStore) async throws {
        let staged = try store.stage(suffix: ".mp4")
        try expect(
            staged.path.hasSuffix(".mp4"), "a staged file has the suffix that was asked for", staged.path)
        let file = try await store.take(staged)
        try expect(store.path(of: file.id) != nil, "a staged file that was taken is there", file.id)
        do {
            let again = try await store.take(staged)
            throw Violation("a staged file is taken once", observed: "\(again)")
        } catch is PortError {}
        let unwanted = try store.stage(suffix: "")
        try expect(unwanted != staged, "each staged file has a path of its own", unwanted.path)
        store.discard(unwanted)
        store.discard(unwanted)
        try await store.remove([file.id])
    }

    private static func missingFilesAreNoError(_ store: any MediaStore) async throws {
        let file = try await write([[1]], to: store)
        try await store.remove([file.id])
        try await store.remove([file.id])
        try expect(store.path(of: file.id) == nil, "a file that was removed twice is gone", file.id)
    }

    private static func scratchFoldersAreApart(_ store: any MediaStore) async throws {
        let (first, second) = (try store.scratch(), try store.scratch())
        try expect(first != second, "each scratch folder has a path of its own", first.path)
        store.clear(first)
        store.clear(first)
        store.clear(second)
    }

    private static func write(_ pieces: [[UInt8]], to store: any MediaStore) async throws -> MediaFile {
        let writer = try store.open()
        for piece in pieces { try piece.withUnsafeBytes { try writer.write($0) } }
        return try await writer.finish()
    }

    private static func expect(_ isKept: Bool, _ rule: String, _ observed: some Any) throws(Violation) {
        guard isKept else { throw Violation(rule, observed: "\(observed)") }
    }
}
