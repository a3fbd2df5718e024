import Application
import ApplicationConformance
import Domain
import FoundationEssentials
import Glibc
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("Media files on a disk")
struct FileMediaStoreTests {
    private static let identifiers = IdentifierMaker(clock: SystemClock(), random: SystemRandomSource())

    private func withStore<Value>(_ body: (FileMediaStore, String) async throws -> Value) async throws
        -> Value
    {
        try await withTemporaryFolder { folder in
            try await body(try FileMediaStore(folder: folder, identifiers: Self.identifiers), folder)
        }
    }

    @Test("the file store keeps every promise of a media store", arguments: MediaStoreConformance.rules)
    func conformance(_ rule: ConformanceRule<any MediaStore>) async throws {
        try await withStore { store, folder in
            try await rule.run { store }
            #expect(temporaryFiles(folder).isEmpty)
        }
    }

    @Test("the hash is the SHA-256 of the bytes, however they came")
    func hash() async throws {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        try await withStore { store, folder in
            let writer = try store.open()
            for byte in [UInt8]("abc".utf8) { try withUnsafeBytes(of: byte) { try writer.write($0) } }
            #expect(try await writer.finish().hash.hexadecimal == abc)
            let staged = try store.stage(suffix: ".bin")
            writeFile(Array("abc".utf8), to: staged.path)
            #expect(try await store.take(staged).hash.hexadecimal == abc)
            let path = folder + "/original"
            writeFile(Array("abc".utf8), to: path)
            let copy = try await store.copy(path: path)
            #expect(copy.hash.hexadecimal == abc)
            #expect(readFile(try #require(store.path(of: copy.id))) == Array("abc".utf8))
            #expect(readFile(path) == Array("abc".utf8))
            #expect(Set(store.files()).contains(copy.id))
        }
    }

    @Test("large files come through as they are")
    func large() async throws {
        let bytes = (0..<9_000_003).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }
        try await withStore { store, folder in
            let writer = try store.open()
            try bytes.withUnsafeBytes { bytes in
                for start in stride(from: 0, to: bytes.count, by: 100_001) {
                    let end = min(start + 100_001, bytes.count)
                    try writer.write(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                }
            }
            let file = try await writer.finish()
            #expect(readFile(try #require(store.path(of: file.id))) == bytes)
            let copy = try await store.copy(path: try #require(store.path(of: file.id)))
            #expect(copy.hash == file.hash)
            #expect(temporaryFiles(folder).isEmpty)
        }
    }

    @Test("a writer that is let go leaves nothing behind")
    func letGo() async throws {
        try await withStore { store, folder in
            do {
                let writer = try store.open()
                try withUnsafeBytes(of: 7) { try writer.write($0) }
                #expect(temporaryFiles(folder).count == 1)
            }
            #expect(temporaryFiles(folder).isEmpty)
        }
    }

    @Test("a scratch folder is cleared with all that is in it, and no other folder is")
    func scratch() async throws {
        try await withStore { store, folder in
            let scratch = try store.scratch()
            mkdir(scratch.path + "/deep", 0o700)
            writeFile([1], to: scratch.path + "/deep/file")
            store.clear(scratch)
            #expect(access(scratch.path, F_OK) != 0)
            writeFile([1], to: folder + "/mine")
            store.clear(ScratchFolder(path: folder))
            store.clear(ScratchFolder(path: folder + "/media"))
            #expect(access(folder + "/mine", F_OK) == 0)
            #expect(access(folder + "/media", F_OK) == 0)
        }
    }

    @Test("the temporary files of dead processes are removed at the start, those of living ones are not")
    func orphans() async throws {
        try await withTemporaryFolder { folder in
            mkdir(folder + "/tmp", 0o700)
            mkdir(folder + "/tmp/dead", 0o700)
            writeFile([1], to: folder + "/tmp/dead/half")
            let living = try FileMediaStore(folder: folder, identifiers: Self.identifiers)
            let staged = try living.stage(suffix: ".mp4")
            #expect(access(folder + "/tmp/dead", F_OK) != 0)
            let second = try FileMediaStore(folder: folder, identifiers: Self.identifiers)
            #expect(access(staged.path, F_OK) == 0)
            // What one process finished the other one has.
            let file = try await living.take(staged)
            #expect(second.path(of: file.id) != nil)
        }
    }

    @Test("files that a dead process left without a row are removed, those of living processes are not")
    func unspokenFiles() async throws {
        try await withTemporaryFolder { folder in
            let living = try FileMediaStore(folder: folder, identifiers: Self.identifiers)
            let mine = try await living.take(try living.stage(suffix: "")).id
            // Nobody died, so nobody looks.
            #expect(try await living.removeOrphans { _ in [] } == 0)
            let (left, spoken) = try await { () -> (MediaFile, MediaFile) in
                let dying = try FileMediaStore(folder: folder, identifiers: Self.identifiers)
                return (
                    try await dying.take(try dying.stage(suffix: "")),
                    try await dying.take(try dying.stage(suffix: ""))
                )
            }()
            mkdir(folder + "/tmp/dead", 0o700)
            writeFile(Array("\(left.id)\n".utf8), to: folder + "/tmp/dead/published")
            let buried = Mutex<[String]>([])
            let next = try FileMediaStore(folder: folder, identifiers: Self.identifiers) { name in
                #expect(access("\(folder)/tmp/\(name)/published", F_OK) == 0)
                buried.withLock { $0.append(name) }
            }
            #expect(buried.withLock { $0 } == ["dead"])
            let own = try await next.take(try next.stage(suffix: "")).id

            struct Unreadable: Error {}
            await #expect(throws: Unreadable.self) {
                try await next.removeOrphans { _ in throw Unreadable() }
            }
            let asked = Mutex<Set<Identifier<MediaFile>>>([])
            let removed = try await living.removeOrphans { candidates in
                asked.withLock { $0 = candidates }
                return [spoken.id]
            }
            #expect(removed == 1)
            #expect(asked.withLock { $0 } == [left.id, spoken.id])
            #expect(Set(next.files()) == [mine, spoken.id, own])
            #expect(try await next.removeOrphans { _ in [] } == 0)
        }
    }

    @Test("new work is refused while less than the floor is free")
    func floor() async throws {
        try await withTemporaryFolder { folder in
            let store = try FileMediaStore(folder: folder, identifiers: Self.identifiers, floor: .max)
            writeFile([1], to: folder + "/source")
            #expect(throws: PortError.self) { try store.open() }
            #expect(throws: PortError.self) { try store.stage(suffix: "") }
            #expect(throws: PortError.self) { try store.scratch() }
            await #expect(throws: PortError.self) { try await store.copy(path: folder + "/source") }
        }
    }

    @Test(
        "folders, devices and missing files are not copied", arguments: ["/", "/dev/zero", "/no/such/file"])
    func notFiles(path: String) async throws {
        try await withStore { store, folder in
            await #expect(throws: (any Error).self) { try await store.copy(path: path) }
            #expect(temporaryFiles(folder).isEmpty)
        }
    }

    @Test(
        "a full disk is said and nothing half-written is left",
        .enabled(if: Slow.enabled), .enabled(if: SmallDisk.isAllowed, "mounting a tmpfs is not allowed here"))
    func fullDisk() async throws {
        try await SmallDisk.with(mebibytes: 64) { folder in
            let store = try FileMediaStore(folder: folder, identifiers: Self.identifiers, floor: 0)
            let piece = [UInt8](repeating: 1, count: 1 << 20)
            let writer = try store.open()
            let error = #expect(throws: PortError.self) {
                for _ in 0..<80 { try piece.withUnsafeBytes { try writer.write($0) } }
            }
            guard case .full = error else {
                Issue.record("not full: \(String(describing: error))")
                return
            }
            #expect(temporaryFiles(folder).isEmpty)
            // There is room again.
            let small = try store.open()
            try piece.withUnsafeBytes { try small.write($0) }
            let file = try await small.finish()
            #expect(store.path(of: file.id) != nil)
        }
    }
}

/// A tmpfs of its own, where this user may mount one.
enum SmallDisk {
    static let isAllowed: Bool = {
        var template = Array("/tmp/cutroom-disk-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        defer { rmdir(folder) }
        return run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]) && run("umount", [folder])
    }()

    static func with(mebibytes: Int, _ body: (String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let disk = folder + "/disk"
            mkdir(disk, 0o700)
            try #require(run("mount", ["-t", "tmpfs", "-o", "size=\(mebibytes)m", "tmpfs", disk]))
            defer { _ = run("umount", [disk]) }
            try await body(disk)
        }
    }

    private static func run(_ program: String, _ arguments: [String]) -> Bool {
        var child: pid_t = 0
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        guard posix_spawnp(&child, program, nil, nil, &words, environ) == 0 else { return false }
        var status: Int32 = 0
        waitpid(child, &status, 0)
        return status == 0
    }
}
