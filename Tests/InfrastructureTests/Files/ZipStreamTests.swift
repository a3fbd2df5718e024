import Application
import Domain
import Glibc
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("Archives of files")
struct ZipStreamTests {
    private func read(_ source: any ByteSource, pieces: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieces, alignment: 1)
        defer { buffer.deallocate() }
        while true {
            let count = try source.read(into: buffer)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    private func entries(_ contents: [(String, [UInt8])], in folder: String) -> [ArchiveEntry] {
        contents.enumerated().map { index, content in
            let path = "\(folder)/source-\(index)"
            writeFile(content.1, to: path)
            return ArchiveEntry(
                name: content.0, path: path, bytes: Int64(content.1.count), modified: Self.noon)
        }
    }

    /// Unpacks an archive with another program, which checks it.
    private func unpack(_ archive: String, into folder: String) async throws {
        mkdir(folder, 0o700)
        let script = """
            import sys, zipfile
            archive = zipfile.ZipFile(sys.argv[1])
            assert archive.testzip() is None
            assert all(i.compress_type == zipfile.ZIP_STORED for i in archive.infolist())
            archive.extractall(sys.argv[2])
            """
        let result = try await ChildProcesses.shared.run(
            ChildProgram("python3", ["-c", script, archive, folder]))
        #expect(result.succeeded, "\(result.reason)")
    }

    private static let noon = Timestamp(milliseconds: 1_790_000_000_000)

    @Test(
        "the same entries make the same bytes, from wherever one reads on",
        arguments: [0, 1, 70_000, 200_100])
    func skipping(count: Int) async throws {
        try await withTemporaryFolder { folder in
            let entries = entries(
                [("a.mp4", (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }), ("b.mp4", [1, 2])],
                in: folder)
            let whole = try read(ZipArchiver().archive(entries), pieces: 10_000)
            let source = try ZipArchiver().archive(entries)
            try await source.skip(Int64(count))
            #expect(try read(source, pieces: 3000) == Array(whole[count...]))
            try await source.skip(1)
        }
    }

    @Test("parts are taken one at a time, in folders, and unpack to what they were", arguments: [1, 1 << 16])
    func parts(pieces: Int) async throws {
        try await withTemporaryFolder { folder in
            let long = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
            writeFile(long, to: "\(folder)/file")
            let parts = CountedParts([
                ArchivePart(name: "a.json", content: .bytes(Array("{}".utf8)), modified: Self.noon),
                ArchivePart(name: "empty.json", content: .bytes([]), modified: Self.noon),
                ArchivePart(name: "tasks/1/a.json", content: .bytes(long), modified: Self.noon),
                ArchivePart(
                    name: "tasks/1/ü.mp4",
                    content: .file(path: "\(folder)/file", bytes: Int64(long.count)), modified: Self.noon),
            ])
            let source = ZipArchiver().archive(parts)
            #expect(source.length == nil && parts.taken == 0)
            let first = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
            defer { first.deallocate() }
            #expect(try source.read(into: first) == 1)
            #expect(parts.taken == 1)
            writeFile([first[0]] + (try read(source, pieces: pieces)), to: "\(folder)/all.zip")
            #expect(parts.taken == 4)
            try await unpack("\(folder)/all.zip", into: "\(folder)/out")
            for (name, bytes) in [
                ("a.json", Array("{}".utf8)), ("empty.json", []), ("tasks/1/a.json", long),
                ("tasks/1/ü.mp4", long),
            ] {
                #expect(readFile("\(folder)/out/\(name)") == bytes, "\(name)")
            }
        }
    }

    @Test("an archive unpacks to what went in and is as long as it said", arguments: [1, 1000, 1 << 20])
    func unpacked(pieces: Int) async throws {
        let contents: [(String, [UInt8])] = [
            ("01-first-vertical.mp4", (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }),
            ("empty.mp4", []),
            ("日本 é.mp4", [1, 2, 3]), ("same.mp4", [4]), ("Same.mp4", [5]), ("../up.mp4", [6]),
            ("/root.mp4", [7]),
        ]
        let names = [
            "01-first-vertical.mp4", "empty.mp4", "日本 é.mp4", "same.mp4", "Same-2.mp4", "_up.mp4",
            "_root.mp4",
        ]
        try await withTemporaryFolder { folder in
            let source = try ZipArchiver().archive(entries(contents, in: folder))
            let bytes = try read(source, pieces: pieces)
            #expect(source.length == Int64(bytes.count))
            writeFile(bytes, to: folder + "/clips.zip")
            try await unpack(folder + "/clips.zip", into: folder + "/out")
            for (name, content) in zip(names, contents) {
                #expect(readFile("\(folder)/out/\(name)") == content.1)
            }
            if ChildProcesses.find("unzip") != nil {
                let check = try await ChildProcesses.shared.run(
                    ChildProgram("unzip", ["-tqq", folder + "/clips.zip"]))
                #expect(check.succeeded, "\(check.reason)")
            }
        }
    }

    @Test("an archive of more than 4 GiB is written with ZIP64", .enabled(if: Slow.enabled))
    func zip64() async throws {
        try await withTemporaryFolder { folder in
            let size: Int64 = 4 << 30
            // A hole: it takes no room.
            let path = folder + "/hole"
            writeFile([1], to: path)
            truncate(path, Int(size))
            let source = try ZipArchiver().archive([
                ArchiveEntry(name: "hole", path: path, bytes: size, modified: Self.noon)
            ])
            #expect(source.length == nil)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 1)
            defer { buffer.deallocate() }
            var total: Int64 = 0
            var tail: [UInt8] = []
            while case let count = try source.read(into: buffer), count > 0 {
                total += Int64(count)
                tail = Array((tail + Array(buffer[max(0, count - 4096)..<count])).suffix(4096))
            }
            #expect(total > size)
            // The signature of the ZIP64 end of central directory record.
            let signature: [UInt8] = [0x50, 0x4B, 0x06, 0x06]
            #expect(tail.indices.dropLast(3).contains { tail[$0..<($0 + 4)].elementsEqual(signature) })
        }
    }

    @Test("a file that is gone or has changed is not passed off as whole")
    func changed() async throws {
        try await withTemporaryFolder { folder in
            let entries = entries([("a", [1, 2, 3]), ("b", [4])], in: folder)
            unlink(entries[1].path)
            let gone = try ZipArchiver().archive(entries)
            #expect(throws: PortError.self) { try read(gone, pieces: 100) }
            writeFile([1, 2, 3, 4, 5], to: entries[1].path)
            let grown = try ZipArchiver().archive(entries)
            #expect(throws: PortError.self) { try read(grown, pieces: 100) }
        }
    }
}

/// Parts that count how many of them were taken.
private final class CountedParts: ArchiveParts {
    private let parts: [ArchivePart]
    private let count = Mutex(0)

    init(_ parts: [ArchivePart]) { self.parts = parts }

    var taken: Int { count.withLock { $0 } }

    func next() -> ArchivePart? {
        count.withLock { count in
            guard count < parts.count else { return nil }
            count += 1
            return parts[count - 1]
        }
    }
}
