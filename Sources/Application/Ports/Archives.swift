public import Domain

/// Bytes that are made as they are read.
///
/// One reader at a time reads it, on whatever thread; it ends with its last reference.
public protocol ByteSource: AnyObject, Sendable {
    /// How many bytes there are from the start to the end; nil when nobody knows before the end.
    var length: Int64? { get }
    /// Fills `buffer` from its start with the next bytes.
    ///
    /// - Returns: How many there were, at least 1; 0 at the end.
    /// - Throws: ``PortError/corrupt(_:)`` when what it is made from is gone or has changed.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
    /// Lets the next `count` bytes pass, which may take as long as reading them; no thread of the caller waits.
    ///
    /// - Throws: As ``read(into:)``; ``PortError/cancelled`` when the task is cancelled meanwhile.
    func skip(_ count: Int64) async throws
}

/// One part of an archive that comes into being as it is read.
public struct ArchivePart: Sendable {
    /// What it holds.
    public enum Content: Sendable {
        /// These bytes.
        case bytes([UInt8])
        /// What can be read there, so many bytes.
        case file(path: String, bytes: Int64)
    }

    /// The name in the archive, unique there, safe on every system, with slashes between folders.
    public let name: String
    /// What it holds.
    public let content: Content
    /// The time that the archive gives for it.
    public let modified: Timestamp

    /// A part of an archive.
    public init(name: String, content: Content, modified: Timestamp) {
        self.name = name
        self.content = content
        self.modified = modified
    }
}

/// Gives out the parts of an archive one after the other, each when the one before has been read.
public protocol ArchiveParts: Sendable {
    /// The next part; nil at the end.
    ///
    /// One reader at a time asks, on whatever thread.
    func next() throws -> ArchivePart?
}

/// Packs files into one.
public protocol Archiver: Sendable {
    /// The archive of `parts`, made as it is read, with no more than one of them in memory; nobody knows its length.
    func archive(_ parts: any ArchiveParts) -> any ByteSource
    /// The archive of `entries`, made as it is read: the same bytes for the same entries.
    func archive(_ entries: [ArchiveEntry]) throws -> any ByteSource
}
