import Application
import FoundationEssentials
import Glibc

/// The temporary folder of this process, beside those of others on the same data.
///
/// Each process locks its folder as long as it lives (`flock(2)`, which the kernel lets go of in whatever way
/// the process ends), so whoever starts next knows which folders nobody needs any more.
final class ProcessFolder: Sendable {
    let path: String
    private let lock: Int32

    /// Makes a folder called `name` in `parent` and removes those of dead processes.
    init(in parent: String, name: String) throws(PortError) {
        path = "\(parent)/\(name)"
        // Between making a folder and locking it nobody else may look.
        let gate = try FileDescriptor(path: "\(parent)/.lock", O_RDWR | O_CREAT)
        while flock(gate.number, LOCK_EX) != 0 {
            if errno != EINTR { throw .file(parent, errno) }
        }
        Self.removeOrphans(in: parent)
        guard mkdir(path, 0o700) == 0 else { throw .file(path, errno) }
        lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else { throw .file(path, errno) }
    }

    deinit {
        remove()
        close(lock)
    }

    /// Removes the folder with all that is in it.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func removeOrphans(in parent: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name != ".lock"
        {
            let path = "\(parent)/\(name)"
            let folder = open(path, O_RDONLY | O_CLOEXEC)
            guard folder >= 0 else { continue }
            defer { close(folder) }
            if flock(folder, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(atPath: path) }
        }
    }
}
