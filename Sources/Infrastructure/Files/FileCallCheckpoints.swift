package import Application
import Domain
import Glibc
import Synchronization

/// Keeps call checkpoints in a folder of this machine, one small file each, on disk when `put` returns.
package final class FileCallCheckpoints: CallCheckpoints {
    private let folder: String
    private let clock: any WallClock
    private let names = Atomic(0)

    /// Checkpoints in `folder`, which is made where it is missing.
    ///
    /// - Throws: ``PortError`` when the folder cannot be used.
    package init(folder: String, clock: any WallClock) throws(PortError) {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .file(folder, errno) }
        self.folder = folder
        self.clock = clock
    }

    /// What was put under that key last.
    package func value(for key: String) async throws -> String? {
        let path = path(key)
        return try await OwnThread.run { _ in
            guard access(path, F_OK) == 0 else { return nil }
            return String(decoding: try FileBytes.read(path), as: UTF8.self)
        }
    }

    /// Keeps a value.
    package func put(_ value: String, for key: String) async throws {
        let path = path(key)
        let temporary = "\(path).\(getpid())-\(names.add(1, ordering: .relaxed).newValue).tmp"
        try await OwnThread.run { [folder, clock] _ in
            do {
                try FileBytes.write(Array(value.utf8), to: temporary, at: clock.now(), durably: true)
                guard rename(temporary, path) == 0 else { throw PortError.file(path, errno) }
                try FileDescriptor(path: folder, O_RDONLY | O_DIRECTORY).sync(path: folder)
            } catch {
                unlink(temporary)
                throw error
            }
        }
    }

    /// Forgets what is under that key.
    package func remove(_ key: String) async throws {
        let path = path(key)
        try await OwnThread.run { _ in
            guard unlink(path) == 0 || errno == ENOENT else { throw PortError.file(path, errno) }
        }
    }

    private func path(_ key: String) -> String {
        var hasher = ContentHasher()
        Array(key.utf8).withUnsafeBytes { hasher.update($0) }
        return "\(folder)/\(hasher.finish().hexadecimal)"
    }
}
