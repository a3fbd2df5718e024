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

/// Packs files into one.
public protocol Archiver: Sendable {
    /// The archive of `entries`, made as it is read: the same bytes for the same entries.
    func archive(_ entries: [ArchiveEntry]) throws -> any ByteSource
}
