import Application
import Domain
import FoundationEssentials
import Glibc

/// The temporary folder of this process, beside those of others on the same data.
///
/// Each process locks its folder as long as it lives (`flock(2)`, which the kernel lets go of in whatever way
/// the process ends), so whoever starts next knows which folders nobody needs any more.
///
/// In it each process lists the files to which it gives their names, so that another one that looks for files
/// without a row leaves those alone whose row may be about to come.
final class ProcessFolder: Sendable {
    let path: String
    private let parent: String
    private let lock: Int32
    private let list: Int32

    /// The file that lists the files of a process.
    static let listName = "published"
    /// What stands in the parent as long as nobody has looked for the files of processes that died.
    private static let duty = ".unswept"

    /// Makes a folder called `name` in `parent` and removes those of dead processes.
    ///
    /// - Parameter bury: Called with the name of each dead process before its folder is removed.
    init(in parent: String, name: String, bury: (String) -> Void) throws(PortError) {
        self.parent = parent
        path = "\(parent)/\(name)"
        // Between making a folder and locking it nobody else may look.
        let gate = try FileDescriptor(path: "\(parent)/.lock", O_RDWR | O_CREAT)
        while flock(gate.number, LOCK_EX) != 0 {
            if errno != EINTR { throw .file(parent, errno) }
        }
        Self.removeOrphans(in: parent, bury: bury)
        guard mkdir(path, 0o700) == 0 else { throw .file(path, errno) }
        lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else { throw .file(path, errno) }
        list = open("\(path)/\(Self.listName)", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard list >= 0 else { throw .file(path, errno) }
    }

    deinit {
        remove()
        close(list)
        close(lock)
    }

    /// Removes the folder with all that is in it.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Notes that this process is about to give a file its name.
    ///
    /// The note need not outlive the machine: after that nobody is left who could be about to do anything.
    func note(_ file: Identifier<MediaFile>) throws(PortError) {
        // One write to the end of a file is not mixed with another's; one that was cut short where the disk was
        // full is parted from the next.
        let line = Array("\n\(file)\n".utf8)
        guard write(list, line, line.count) == line.count else { throw .file(path, errno) }
    }

    /// The files that were named by the processes that live now, this one included.
    func named() -> Set<Identifier<MediaFile>> {
        var files: Set<Identifier<MediaFile>> = []
        for name in FileBytes.names(in: parent) {
            let list = try? FileBytes.read("\(parent)/\(name)/\(Self.listName)")
            let lines = String(decoding: list ?? [], as: UTF8.self).split(separator: "\n")
            files.formUnion(lines.compactMap { Identifier<MediaFile>($0) })
        }
        return files
    }

    /// Whether a process died and nobody has looked for its files since; true for one caller only.
    func takeDuty() -> Bool {
        unlink("\(parent)/\(Self.duty)") == 0
    }

    /// Leaves the duty to another.
    func returnDuty() {
        Self.leaveDuty(in: parent)
    }

    private static func leaveDuty(in parent: String) {
        let file = open("\(parent)/\(duty)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        if file >= 0 { close(file) }
    }

    private static func removeOrphans(in parent: String, bury: (String) -> Void) {
        for name in FileBytes.names(in: parent) where !name.hasPrefix(".") {
            let path = "\(parent)/\(name)"
            let folder = open(path, O_RDONLY | O_CLOEXEC)
            guard folder >= 0 else { continue }
            defer { close(folder) }
            guard flock(folder, LOCK_EX | LOCK_NB) == 0 else { continue }
            bury(name)
            leaveDuty(in: parent)
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
