package import Application
import CArchive
import Domain
import Glibc
import Synchronization

/// Packs files into ZIP archives, by libarchive.
package struct ZipArchiver: Archiver {
    /// An archiver.
    package init() {}

    /// A ZIP archive of `entries`, made as it is read: stored, since video does not compress, and with ZIP64
    /// where sizes need it.
    package func archive(_ entries: [ArchiveEntry]) throws -> any ByteSource {
        let entries = Self.withSafeNames(entries)
        return ZipStream(ListedParts(entries), length: ZipWriter.length(of: entries))
    }

    /// A ZIP archive of `parts`, each taken when its turn comes.
    package func archive(_ parts: any ArchiveParts) -> any ByteSource {
        ZipStream(parts, length: nil)
    }

    /// The same entries under names that stay in the folder where they are unpacked, each once.
    private static func withSafeNames(_ entries: [ArchiveEntry]) -> [ArchiveEntry] {
        var taken: Set<String> = []
        return entries.map { entry in
            let name = entry.name.safeFilename
            var candidate = name
            var number = 2
            while !taken.insert(candidate.lowercased()).inserted {
                let dot = name.lastIndex(of: ".") ?? name.endIndex
                candidate = "\(name[..<dot])-\(number)\(name[dot...])"
                number += 1
            }
            return ArchiveEntry(
                name: candidate, path: entry.path, bytes: entry.bytes, modified: entry.modified)
        }
    }
}

/// Parts that are known from the start.
private final class ListedParts: ArchiveParts {
    private let rest: Mutex<ArraySlice<ArchiveEntry>>

    init(_ entries: [ArchiveEntry]) {
        rest = Mutex(entries[...])
    }

    func next() -> ArchivePart? {
        rest.withLock { $0.popFirst() }.map { entry in
            ArchivePart(
                name: entry.name, content: .file(path: entry.path, bytes: entry.bytes),
                modified: entry.modified)
        }
    }
}

/// A ZIP archive that comes into being as it is read.
private final class ZipStream: ByteSource {
    let length: Int64?
    private let writer: Mutex<ZipWriter>

    init(_ parts: any ArchiveParts, length: Int64?) {
        self.length = length
        writer = Mutex(ZipWriter(parts))
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        // Nothing of it outlives the call.
        nonisolated(unsafe) let buffer = buffer
        return try writer.withLock { try $0.read(into: buffer) }
    }

    func skip(_ count: Int64) async throws {
        guard count > 0 else { return }
        try await OwnThread.run { [self] cancellation in
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
            defer { buffer.deallocate() }
            var rest = count
            while rest > 0 {
                try cancellation.check()
                let piece = UnsafeMutableRawBufferPointer(
                    rebasing: buffer[..<Int(min(rest, Int64(buffer.count)))])
                let read = try read(into: piece)
                guard read > 0 else { return }
                rest -= Int64(read)
            }
        }
    }
}

/// Pushes files through libarchive as far as somebody wants to read.
///
/// `@unchecked Sendable`: it cannot be copied, so whoever has it is the only one with the handle.
private struct ZipWriter: ~Copyable, @unchecked Sendable {
    /// What libarchive wrote and nobody has read yet.
    private final class Outlet {
        var bytes: [UInt8] = []
        var start = 0
    }

    private static let pieceSize = 64 << 10

    private let archive: OpaquePointer
    private let outlet = Outlet()
    private let parts: any ArchiveParts
    private var current: (part: ArchivePart, rest: Int64)?
    private var file: FileDescriptor?
    private var isClosed = false

    init(_ parts: any ArchiveParts) {
        guard let archive = archive_write_new() else { preconditionFailure("libarchive has no memory") }
        self.archive = archive
        self.parts = parts
        archive_write_set_format_zip(archive)
        archive_write_set_options(archive, "zip:compression=store,zip:hdrcharset=UTF-8")
        // No padding: every byte goes out as it is made.
        archive_write_set_bytes_per_block(archive, 0)
        archive_write_open(
            archive, Unmanaged.passUnretained(outlet).toOpaque(), nil,
            { _, context, bytes, count in
                guard let context else { return -1 }
                Unmanaged<Outlet>.fromOpaque(context).takeUnretainedValue().bytes
                    .append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
                return count
            }, nil)
    }

    deinit {
        // Without this, freeing would finish the archive.
        archive_write_fail(archive)
        archive_write_free(archive)
    }

    /// How long the archive will be; nil from 4 GiB on, where ZIP64 fields come in as they are needed.
    static func length(of entries: [ArchiveEntry]) -> Int64? {
        let contents = entries.reduce(0) { $0 + $1.bytes }
        // An archive of the same entries without their bytes shows what surrounds them.
        var frame = ZipWriter(ListedParts(entries))
        guard (try? frame.writeFrame()) != nil else { return nil }
        let total = contents + Int64(frame.outlet.bytes.count)
        return total < Int64(UInt32.max) ? total : nil
    }

    private mutating func writeFrame() throws {
        while let part = try parts.next() { try begin(part) }
        try close()
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while outlet.start == outlet.bytes.count, !isClosed {
            outlet.bytes.removeAll(keepingCapacity: true)
            outlet.start = 0
            try advance()
        }
        let count = min(buffer.count, outlet.bytes.count - outlet.start)
        outlet.bytes.withUnsafeBytes { bytes in
            buffer.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: bytes[outlet.start..<(outlet.start + count)]))
        }
        outlet.start += count
        return count
    }

    private mutating func advance() throws {
        if let (part, rest) = current, rest > 0 {
            let count = try copyPiece(of: part, upTo: rest)
            current = (part, rest - Int64(count))
        } else if let part = try parts.next() {
            file = try Self.open(part)
            try begin(part)
            current = (part, part.size)
        } else {
            current = nil
            file = nil
            try close()
        }
    }

    private static func open(_ part: ArchivePart) throws(PortError) -> FileDescriptor? {
        guard case .file(let path, let bytes) = part.content else { return nil }
        do {
            let file = try FileDescriptor(path: path, O_RDONLY)
            if file.regularSize == bytes { return file }
        } catch {}
        throw .corrupt("\(part.name) is gone or has changed")
    }

    private func begin(_ part: ArchivePart) throws(PortError) {
        let header = archive_entry_new()
        defer { archive_entry_free(header) }
        archive_entry_set_pathname_utf8(header, part.name)
        archive_entry_set_size(header, part.size)
        archive_entry_set_filetype(header, Glibc.S_IFREG)
        archive_entry_set_perm(header, 0o644)
        archive_entry_set_mtime(header, Int(part.modified.milliseconds / 1000), 0)
        try check(archive_write_header(archive, header))
    }

    private func copyPiece(of part: ArchivePart, upTo rest: Int64) throws(PortError) -> Int {
        let path: String
        switch part.content {
        case .bytes(let bytes):
            guard archive_write_data(archive, bytes, bytes.count) == bytes.count else { throw failure() }
            return bytes.count
        case .file(let place, _): path = place
        }
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 16)
        defer { piece.deallocate() }
        let wanted = UnsafeMutableRawBufferPointer(rebasing: piece[..<Int(min(Int64(piece.count), rest))])
        guard let count = try file?.read(into: wanted, path: path), count > 0 else {
            throw .corrupt("\(part.name) is gone or has changed")
        }
        guard archive_write_data(archive, piece.baseAddress, count) == count else { throw failure() }
        return count
    }

    private mutating func close() throws(PortError) {
        isClosed = true
        try check(archive_write_close(archive))
    }

    private func check(_ status: Int32) throws(PortError) {
        guard status >= ARCHIVE_WARN else { throw failure() }
    }

    private func failure() -> PortError {
        .corrupt(archive_error_string(archive).map { String(cString: $0) } ?? "the archive cannot be written")
    }
}

extension ArchivePart {
    /// How many bytes it holds.
    fileprivate var size: Int64 {
        switch content {
        case .bytes(let bytes): Int64(bytes.count)
        case .file(_, let bytes): bytes
        }
    }
}
