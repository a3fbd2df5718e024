import Application
import CLinux
import Domain
import Glibc
import Synchronization

/// A file that grows in the temporary folder, hashed as it is written, on the thread that brings the bytes.
final class FileMediaWriter: MediaWriter {
    /// Writing back starts after this many bytes, so that the sync at the end finds little left to do, and
    /// the disk's free space is looked at again.
    private static let window: Int64 = 8 << 20

    private struct Progress: ~Copyable {
        var file: FileDescriptor?
        var hasher = ContentHasher()
        var written: Int64 = 0
        var windowStart: Int64 = 0

        init(_ file: consuming FileDescriptor) {
            self.file = consume file
        }

        /// Returns whether a window is full.
        mutating func append(_ bytes: UnsafeRawBufferPointer, path: String) throws(PortError) -> Bool {
            guard let number = file?.number else { throw .conflict("the file is closed") }
            try file?.write(bytes, path: path)
            hasher.update(bytes)
            written += Int64(bytes.count)
            let dirty = written - windowStart
            guard dirty >= FileMediaWriter.window else { return false }
            linux_start_writeback(number, windowStart, dirty)
            windowStart = written
            return true
        }
    }

    private let path: String
    private let store: FileMediaStore
    private let progress: Mutex<Progress>

    init(path: String, store: FileMediaStore) throws {
        self.path = path
        self.store = store
        progress = Mutex(Progress(try FileDescriptor(path: path, O_WRONLY | O_CREAT | O_EXCL)))
    }

    deinit {
        abandon()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        // Nothing of it outlives the call.
        nonisolated(unsafe) let bytes = bytes
        do {
            let isWindowFull = try progress.withLock { try $0.append(bytes, path: path) }
            if isWindowFull { try store.checkRoom() }
        } catch {
            abandon()
            throw error
        }
    }

    func finish() async throws -> MediaFile {
        try await OwnThread.run { cancellation in
            do {
                return try self.progress.withLock { progress in
                    guard let file = progress.file.take() else {
                        throw PortError.conflict("the file is closed")
                    }
                    try cancellation.check()
                    try file.sync(path: self.path)
                    return try self.store.publish(
                        self.path, bytes: progress.written, hash: progress.hasher.finish())
                }
            } catch {
                unlink(self.path)
                throw error
            }
        }
    }

    func abandon() {
        progress.withLock { progress in
            // Once it is finished its temporary name is nobody's.
            guard progress.file.take() != nil else { return }
            unlink(path)
        }
    }
}
