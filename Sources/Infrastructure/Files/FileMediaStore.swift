package import Application
import CLinux
package import Domain
import FoundationEssentials
import Glibc

/// Keeps media files in a folder of this machine: `media/cd/<id>`, where `cd` ends the identifier.
///
/// A file is written in `tmp/<process>/` on the same disk, hashed on the way, synced, and then renamed to its
/// place, whose folder is synced too. So a file under its identifier is whole, whatever happened; what dead
/// processes left in `tmp` is removed at the next start, and what they left in `media` by
/// ``removeOrphans(keeping:)``. Several processes may share the folder.
package final class FileMediaStore: MediaStore {
    /// How much of the disk is left alone, by default: the database needs room to go on.
    package static let defaultFloor: Int64 = 32 << 20

    /// What this process is called among those that share the folder.
    package let processName: String
    private let media: String
    private let temporary: ProcessFolder
    private let identifiers: IdentifierMaker
    private let floor: Int64

    /// A store in `folder`, which is made where it is missing.
    ///
    /// - Parameters:
    ///   - folder: Where it keeps everything.
    ///   - identifiers: Names new files.
    ///   - floor: New work is refused while fewer bytes than this are free.
    ///   - bury: Called with the ``processName`` of each process that is found to have died, before what it was
    ///     working on is removed: to end what may still write there.
    /// - Throws: ``PortError`` when the folder cannot be used.
    package init(
        folder: String, identifiers: IdentifierMaker, floor: Int64 = FileMediaStore.defaultFloor,
        bury: (_ processName: String) -> Void = { _ in }
    ) throws(PortError) {
        media = "\(folder)/media"
        self.identifiers = identifiers
        self.floor = floor
        for path in [folder, media, "\(folder)/tmp"] {
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .file(path, errno) }
        }
        let name: Identifier<ProcessFolder> = identifiers.make()
        processName = name.description
        temporary = try ProcessFolder(in: "\(folder)/tmp", name: processName, bury: bury)
    }

    package func open() throws -> any MediaWriter {
        try checkRoom()
        return try FileMediaWriter(path: newPath(), store: self)
    }

    package func stage(suffix: String) throws -> StagedFile {
        try checkRoom()
        let path = newPath() + suffix
        _ = try FileDescriptor(path: path, O_WRONLY | O_CREAT | O_EXCL)
        return StagedFile(path: path)
    }

    package func take(_ staged: StagedFile, as id: Identifier<MediaFile>?) async throws -> MediaFile {
        try await OwnThread.run { cancellation in
            do {
                let file = try FileDescriptor(path: staged.path, O_RDONLY)
                let (bytes, hash) = try Self.pass(file, path: staged.path, cancellation) { _ in }
                try file.sync(path: staged.path)
                return try self.publish(staged.path, as: id, bytes: bytes, hash: hash)
            } catch {
                self.discard(staged)
                throw error
            }
        }
    }

    package func copy(path: String) async throws -> MediaFile {
        try await OwnThread.run { cancellation in
            // Opening a named pipe must not wait for its writer.
            let source = try FileDescriptor(path: path, O_RDONLY | O_NONBLOCK)
            guard let size = source.regularSize else { throw MediaError.notMedia("it is not a file") }
            try self.checkRoom(for: size)
            let staged = try self.stage(suffix: "")
            do {
                let copy = try FileDescriptor(path: staged.path, O_WRONLY)
                let isShared = linux_reflink(source.number, copy.number) == 0
                let (bytes, hash) = try Self.pass(source, path: path, cancellation) { piece in
                    if !isShared { try copy.write(piece, path: staged.path) }
                }
                try copy.sync(path: staged.path)
                return try self.publish(staged.path, bytes: bytes, hash: hash)
            } catch {
                self.discard(staged)
                throw error
            }
        }
    }

    package func discard(_ staged: StagedFile) {
        unlink(staged.path)
    }

    package func path(of file: Identifier<MediaFile>) -> String? {
        let path = place(of: file).path
        return access(path, F_OK) == 0 ? path : nil
    }

    package func remove(_ files: [Identifier<MediaFile>]) async throws {
        // Freeing the blocks of a large file takes a while.
        try await OwnThread.run { _ in
            var failure: PortError?
            for file in files {
                let path = self.place(of: file).path
                if unlink(path) != 0, errno != ENOENT { failure = .file(path, errno) }
            }
            if let failure { throw failure }
        }
    }

    package func scratch() throws -> ScratchFolder {
        try checkRoom()
        let path = newPath()
        guard mkdir(path, 0o700) == 0 else { throw PortError.file(path, errno) }
        return ScratchFolder(path: path)
    }

    package func clear(_ folder: ScratchFolder) {
        guard folder.path.hasPrefix(temporary.path + "/") else { return }
        try? FileManager.default.removeItem(atPath: folder.path)
    }

    /// Removes what is left of work in progress, before the process ends; nothing can be written afterwards.
    package func close() {
        temporary.remove()
    }

    /// The files that are kept, those included of which no row speaks yet.
    package func files() -> [Identifier<MediaFile>] {
        FileBytes.names(in: media).flatMap { folder in
            FileBytes.names(in: "\(media)/\(folder)").compactMap { Identifier<MediaFile>($0) }
        }
    }

    /// Removes the files that processes which died have left without a row: they were killed between a file's
    /// last rename and its row's commit, or between a row's removal and its file's.
    ///
    /// Does nothing unless a process died since it was last done, because all files are gone through. Files of
    /// processes that live are left alone, whoever runs beside this one; what such a process leaves is removed
    /// when it has died.
    ///
    /// - Parameter kept: Answers which of these files belong to a row, or may soon, as of when it is called.
    /// - Returns: How many files were removed.
    package func removeOrphans(
        keeping kept: @escaping @Sendable (Set<Identifier<MediaFile>>) throws -> Set<Identifier<MediaFile>>
    ) async throws -> Int {
        guard temporary.takeDuty() else { return 0 }
        do {
            return try await OwnThread.run { cancellation in
                // In this order: what is here now was named before, and its process has either ended its work
                // on it before the rows are read, or is alive and has it listed.
                let present = Set(self.files())
                let candidates = present.subtracting(self.temporary.named())
                let orphans = candidates.subtracting(try kept(candidates))
                for file in orphans {
                    try cancellation.check()
                    unlink(self.place(of: file).path)
                }
                return orphans.count
            }
        } catch {
            temporary.returnDuty()
            throw error
        }
    }

    // MARK: - Shared with the writer

    /// Throws ``PortError/full(_:)`` unless `bytes` fit and leave the floor free.
    func checkRoom(for bytes: Int64 = 0) throws(PortError) {
        var status = statvfs()
        guard statvfs(media, &status) == 0 else { throw .file(media, errno) }
        let free = Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
        guard free - bytes >= floor else {
            throw .full("only \(free >> 20) MiB are free at \(media), and \(floor >> 20) MiB are left alone")
        }
    }

    /// Gives a synced temporary file its identifier, a fresh one unless it is said.
    func publish(
        _ temporary: String, as wanted: Identifier<MediaFile>? = nil, bytes: Int64, hash: ContentHash
    ) throws(PortError) -> MediaFile {
        let id = wanted ?? identifiers.make()
        let (folder, path) = place(of: id)
        if mkdir(folder, 0o700) == 0 {
            try FileDescriptor(path: media, O_RDONLY | O_DIRECTORY).sync(path: media)
        } else if errno != EEXIST {
            throw .file(folder, errno)
        }
        try self.temporary.note(id)
        guard rename(temporary, path) == 0 else { throw .file(path, errno) }
        try FileDescriptor(path: folder, O_RDONLY | O_DIRECTORY).sync(path: folder)
        return MediaFile(id: id, bytes: bytes, hash: hash)
    }

    private func place(of file: Identifier<MediaFile>) -> (folder: String, path: String) {
        // An identifier begins with the time and ends with randomness, which spreads files evenly.
        let name = file.description
        let folder = "\(media)/\(name.suffix(2))"
        return (folder, "\(folder)/\(name)")
    }

    private func newPath() -> String {
        let name: Identifier<MediaFile> = identifiers.make()
        return "\(temporary.path)/\(name)"
    }

    /// Reads a file to its end, hashes it and hands its pieces on.
    private static func pass(
        _ file: borrowing FileDescriptor, path: String, _ cancellation: OwnThread.Cancellation,
        to consume: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> (bytes: Int64, hash: ContentHash) {
        var hasher = ContentHasher()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
        defer { buffer.deallocate() }
        var total: Int64 = 0
        while true {
            try cancellation.check()
            let count = try file.read(into: buffer, path: path)
            if count == 0 { return (total, hasher.finish()) }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            hasher.update(piece)
            try consume(piece)
            total += Int64(count)
        }
    }
}
