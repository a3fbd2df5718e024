public import Domain

/// Keeps files: uploads, fetched sources, clips, thumbnails.
///
/// A file is written aside and appears under its identifier only when it is whole, hashed and on disk.
public protocol MediaStore: Sendable {
    /// Opens a new file for bytes that arrive piece by piece.
    func open() throws -> any MediaWriter
    /// The path of a new, empty, temporary file that a program may write to; its name ends in `suffix`.
    func stage(suffix: String) throws -> StagedFile
    /// Takes a staged file into the store: hashed, synced, renamed.
    ///
    /// - Parameter id: What it will be called; a file that is called so already is replaced. Nil for a fresh
    ///   identifier.
    func take(_ staged: StagedFile, as id: Identifier<MediaFile>?) async throws -> MediaFile
    /// Copies a file of this machine into the store; the original stays as it is.
    func copy(path: String) async throws -> MediaFile
    /// Removes a staged file that is not wanted; one that is gone already is no error.
    func discard(_ staged: StagedFile)
    /// Where a program on this machine can read the file; nil when it is not there.
    func path(of file: Identifier<MediaFile>) -> String?
    /// Removes files; those that are gone already are no error, and one that cannot be removed does not keep
    /// the others.
    func remove(_ files: [Identifier<MediaFile>]) async throws
    /// Makes an empty folder for one piece of work, which `clear` removes with all it holds.
    func scratch() throws -> ScratchFolder
    /// Removes a scratch folder.
    func clear(_ folder: ScratchFolder)
}

extension MediaStore {
    /// Takes a staged file into the store under a fresh identifier.
    public func take(_ staged: StagedFile) async throws -> MediaFile {
        try await take(staged, as: nil)
    }
}

/// A file that is being written to a store.
public protocol MediaWriter: AnyObject, Sendable {
    /// Appends bytes.
    ///
    /// - Throws: ``PortError/full(_:)`` when the disk is.
    func write(_ bytes: UnsafeRawBufferPointer) throws
    /// Makes what was written durable and gives it its identifier.
    func finish() async throws -> MediaFile
    /// Throws away what was written; also what happens when the writer is let go unfinished.
    func abandon()
}

/// A temporary file beside the store, on the same disk.
public struct StagedFile: Hashable, Sendable {
    /// Where it is.
    public let path: String

    /// A staged file at `path`.
    public init(path: String) {
        self.path = path
    }
}

/// A temporary folder for one piece of work.
public struct ScratchFolder: Hashable, Sendable {
    /// Where it is.
    public let path: String

    /// A scratch folder at `path`.
    public init(path: String) {
        self.path = path
    }
}
