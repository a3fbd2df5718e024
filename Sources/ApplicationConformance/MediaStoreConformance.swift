public import Application
import Domain

/// What every media store promises.
public enum MediaStoreConformance {
    /// All promises.
    public static let rules: [ConformanceRule<any MediaStore>] = [
        ConformanceRule("a file that arrives in pieces is whole once it is finished") { store in
            let file = try await write([Array("Hello, ".utf8), [], Array("world".utf8)], to: store)
            try expect(file.bytes, is: 12, "its size")
            try expect(store.path(of: file.id) != nil, "it is not there")
            let same = try await write([Array("Hello, world".utf8)], to: store)
            let other = try await write([Array("Hello, World".utf8)], to: store)
            try expect(same.hash, is: file.hash, "the hash of equal contents")
            try expect(other.hash != file.hash, "other contents have the same hash")
            try expect(same.id != file.id, "two files have one identifier")
        },
        ConformanceRule("a file without bytes is a file") { store in
            let file = try await write([], to: store)
            try expect(file.bytes, is: 0, "its size")
            try expect(store.path(of: file.id) != nil, "it is not there")
        },
        ConformanceRule("an abandoned file can be abandoned again but not finished") { store in
            let writer = try store.open()
            try Array("x".utf8).withUnsafeBytes { try writer.write($0) }
            writer.abandon()
            writer.abandon()
            try await expect(throws: { $0 is PortError }, "it was finished") { try await writer.finish() }
        },
        ConformanceRule("a staged file is taken once, or discarded") { store in
            let staged = try store.stage(suffix: ".mp4")
            try expect(staged.path.hasSuffix(".mp4"), "its name lacks the suffix")
            let other = try store.stage(suffix: ".mp4")
            try expect(other.path != staged.path, "two staged files have one path")
            let file = try await store.take(staged)
            try expect(file.bytes, is: 0, "the size of an empty file")
            try expect(store.path(of: file.id) != nil, "it is not there")
            store.discard(staged)
            store.discard(other)
            store.discard(other)
            try await expect(throws: { _ in true }, "a discarded file was taken") {
                try await store.take(other)
            }
        },
        ConformanceRule("a staged file replaces the one that has its name") { store in
            let first = try await store.take(try store.stage(suffix: ".mp4"))
            let again = try await store.take(try store.stage(suffix: ".mp4"), as: first.id)
            try expect(again.id, is: first.id, "its identifier")
            try expect(store.path(of: first.id) != nil, "it is not there")
        },
        ConformanceRule("a copy is a file of its own") { store in
            let file = try await write([Array("contents".utf8)], to: store)
            let copy = try await store.copy(path: try require(store.path(of: file.id), "the path"))
            try expect(copy.hash, is: file.hash, "the hash of the copy")
            try expect(copy.bytes, is: file.bytes, "the size of the copy")
            try await store.remove([copy.id])
            try expect(store.path(of: file.id) != nil, "the original went with its copy")
        },
        ConformanceRule("a removed file is gone, and can be removed again") { store in
            let (file, other) = (
                try await write([Array("a".utf8)], to: store), try await write([Array("b".utf8)], to: store)
            )
            for _ in 0..<2 { try await store.remove([file.id]) }
            try expect(store.path(of: file.id), is: nil, "its path")
            try expect(store.path(of: other.id) != nil, "another file went with it")
        },
        ConformanceRule("every scratch folder is another one, and can be cleared twice") { store in
            let folders = [try store.scratch(), try store.scratch()]
            try expect(folders[0] != folders[1], "two scratch folders are one")
            for folder in folders + folders { store.clear(folder) }
        },
    ]

    private static func write(_ pieces: [[UInt8]], to store: any MediaStore) async throws -> MediaFile {
        let writer = try store.open()
        for piece in pieces { try piece.withUnsafeBytes { try writer.write($0) } }
        return try await writer.finish()
    }
}
