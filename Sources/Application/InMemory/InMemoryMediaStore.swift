public import Domain
import Synchronization

/// A media store that keeps bytes in memory, under paths that begin with `memory:` and that only it knows.
///
/// For tests and embedders whose own adapters know such paths. It has no cryptography: its hashes tell
/// different contents apart but are not SHA-256, unless the embedder hands in a function that is.
public final class InMemoryMediaStore: MediaStore {
    /// Finds the 32 bytes of a digest.
    public typealias Digest = @Sendable (_ bytes: [UInt8]) -> [UInt8]

    private struct Contents {
        var files: [Identifier<MediaFile>: [UInt8]] = [:]
        var staged: [String: [UInt8]] = [:]
        var folders: Set<String> = []
        var counter: UInt64 = 0
    }
    private let contents = Mutex(Contents())
    private let identifiers: IdentifierMaker
    private let digest: Digest

    /// An empty store.
    public init(identifiers: IdentifierMaker, digest: @escaping Digest = InMemoryMediaStore.fingerprint) {
        self.identifiers = identifiers
        self.digest = digest
    }

    /// A digest that tells contents apart, for where nobody could gain by making two that are alike: four runs
    /// of FNV-1a with different offsets.
    public static func fingerprint(_ bytes: [UInt8]) -> [UInt8] {
        (0..<4).flatMap { run -> [UInt8] in
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325 &+ UInt64(run) &* 0x9E37_79B9_7F4A_7C15
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            return (0..<8).map { UInt8(truncatingIfNeeded: hash >> UInt64(8 * $0)) }
        }
    }

    /// The bytes of a file of the store or of a staged file; nil when there is none.
    public func bytes(at path: String) -> [UInt8]? {
        contents.withLock { contents in
            if let staged = contents.staged[path] { return staged }
            guard path.hasPrefix(Self.filePrefix) else { return nil }
            return Identifier(path.dropFirst(Self.filePrefix.count)).flatMap { contents.files[$0] }
        }
    }

    /// Puts bytes into a staged file, as a program would.
    public func write(_ bytes: [UInt8], to staged: StagedFile) {
        contents.withLock { $0.staged[staged.path] = bytes }
    }

    /// The files that the store holds.
    public var files: Set<Identifier<MediaFile>> {
        contents.withLock { Set($0.files.keys) }
    }

    /// How many staged files and scratch folders have not been taken, discarded or cleared.
    public var leftovers: Int {
        contents.withLock { $0.staged.count + $0.folders.count }
    }

    /// Opens a new file.
    public func open() throws -> any MediaWriter {
        InMemoryMediaWriter(store: self)
    }

    /// A new, empty, staged file.
    public func stage(suffix: String) throws -> StagedFile {
        contents.withLock { contents in
            contents.counter += 1
            let path = "memory:staged/\(contents.counter)\(suffix)"
            contents.staged[path] = []
            return StagedFile(path: path)
        }
    }

    /// Takes a staged file into the store.
    ///
    /// - Throws: ``PortError/corrupt(_:)`` when it is not there.
    public func take(_ staged: StagedFile, as id: Identifier<MediaFile>?) async throws -> MediaFile {
        let bytes = contents.withLock { $0.staged.removeValue(forKey: staged.path) }
        guard let bytes else { throw PortError.corrupt("there is no \(staged.path)") }
        return try keep(bytes, as: id)
    }

    /// Copies a file of this store; there are no others here.
    ///
    /// - Throws: ``Domain/MediaError/notMedia(_:)`` when there is none.
    public func copy(path: String) async throws -> MediaFile {
        guard let bytes = bytes(at: path) else { throw MediaError.notMedia("there is no file \(path)") }
        return try keep(bytes)
    }

    /// Removes a staged file.
    public func discard(_ staged: StagedFile) {
        contents.withLock { $0.staged[staged.path] = nil }
    }

    /// The file's path here; nil when it is not there.
    public func path(of file: Identifier<MediaFile>) -> String? {
        contents.withLock { $0.files[file] == nil ? nil : Self.filePrefix + file.description }
    }

    /// Removes files.
    public func remove(_ files: [Identifier<MediaFile>]) async throws {
        contents.withLock { contents in
            for file in files { contents.files[file] = nil }
        }
    }

    /// Makes a scratch folder, which is nothing but a name here.
    public func scratch() throws -> ScratchFolder {
        contents.withLock { contents in
            contents.counter += 1
            let path = "memory:scratch/\(contents.counter)"
            contents.folders.insert(path)
            return ScratchFolder(path: path)
        }
    }

    /// Removes a scratch folder.
    public func clear(_ folder: ScratchFolder) {
        contents.withLock { _ = $0.folders.remove(folder.path) }
    }

    private static let filePrefix = "memory:files/"

    fileprivate func keep(_ bytes: [UInt8], as id: Identifier<MediaFile>? = nil) throws -> MediaFile {
        guard let hash = ContentHash(bytes: digest(bytes)) else {
            throw PortError.corrupt("the digest has not 32 bytes")
        }
        let file = MediaFile(id: id ?? identifiers.make(), bytes: Int64(bytes.count), hash: hash)
        contents.withLock { $0.files[file.id] = bytes }
        return file
    }
}

private final class InMemoryMediaWriter: MediaWriter {
    private let store: InMemoryMediaStore
    private let written = Mutex<[UInt8]?>([])

    init(store: InMemoryMediaStore) {
        self.store = store
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        let piece = Array(bytes)
        written.withLock { $0? += piece }
    }

    func finish() async throws -> MediaFile {
        guard let bytes = written.withLock({ $0 }) else { throw PortError.cancelled }
        return try store.keep(bytes)
    }

    func abandon() {
        written.withLock { $0 = nil }
    }
}
