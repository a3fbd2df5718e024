public import Application
public import Domain
import Glibc

/// Knows which processes on this machine are alive by the locks on their files in one folder.
///
/// A lock of `flock(2)` belongs to the open file: the kernel lets go of it in whatever way the process ends,
/// and not before.
public final class FileOwners: OwnerRegistry {
    private let folder: String

    /// Owners whose files are in `folder`, which is made when it is not there; those that are gone leave it.
    ///
    /// - Throws: ``Application/PortError`` when it cannot be made.
    public init(folder: String) throws {
        self.folder = folder
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw Self.failure(folder) }
        let gate = try closeGate()
        defer { close(gate) }
        for owner in FileBytes.names(in: folder).compactMap({ Identifier<JobOwner>($0) }) {
            _ = try isGone(owner)
        }
    }

    /// Makes the owner's file and locks it.
    public func enter(_ owner: Identifier<JobOwner>) throws -> any OwnerPresence {
        let gate = try closeGate()
        defer { close(gate) }
        let path = path(of: owner)
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure(path) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            defer { close(file) }
            if errno == EWOULDBLOCK { throw PortError.conflict("the owner \(owner) is there already") }
            throw Self.failure(path)
        }
        return LockedFile(path: path, file: file)
    }

    /// Whether nobody holds the lock on the owner's file, which is removed then.
    public func isGone(_ owner: Identifier<JobOwner>) throws -> Bool {
        let path = path(of: owner)
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return true }
            throw Self.failure(path)
        }
        defer { close(file) }
        // Shared, so that two processes that look at the same time do not take each other for the owner.
        guard flock(file, LOCK_SH | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK { return false }
            throw Self.failure(path)
        }
        unlink(path)
        return true
    }

    /// Keeps others from looking at a file that is made and not yet locked, until what is returned is closed.
    private func closeGate() throws -> Int32 {
        let path = "\(folder)/.lock"
        let gate = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard gate >= 0 else { throw Self.failure(path) }
        while flock(gate, LOCK_EX) != 0 {
            guard errno == EINTR else {
                defer { close(gate) }
                throw Self.failure(path)
            }
        }
        return gate
    }

    private func path(of owner: Identifier<JobOwner>) -> String {
        "\(folder)/\(owner)"
    }

    private static func failure(_ path: String) -> PortError {
        let code = errno
        let reason = "\(path): \(String(cString: strerror(code)))"
        return code == ENOSPC || code == EDQUOT ? .full(reason) : .unavailable(reason)
    }
}

private final class LockedFile: OwnerPresence {
    private let path: String
    private let file: Int32

    init(path: String, file: Int32) {
        self.path = path
        self.file = file
    }

    deinit {
        unlink(path)
        close(file)
    }
}
