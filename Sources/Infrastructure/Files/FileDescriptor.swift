import Application
import Glibc

/// An open file that is closed with its last use.
struct FileDescriptor: ~Copyable {
    let number: Int32

    /// Opens a file.
    init(path: String, _ flags: Int32, mode: mode_t = 0o600) throws(PortError) {
        number = open(path, flags | O_CLOEXEC, mode)
        guard number >= 0 else { throw .file(path, errno) }
    }

    deinit {
        close(number)
    }

    /// Writes all of `bytes` at the file's position.
    func write(_ bytes: UnsafeRawBufferPointer, path: String) throws(PortError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(number, rest.baseAddress, rest.count)
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno != EINTR {
                throw .file(path, errno)
            }
        }
    }

    /// Fills `buffer` from its start; returns how many bytes there were, 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, path: String) throws(PortError) -> Int {
        while true {
            let count = Glibc.read(number, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if errno != EINTR { throw .file(path, errno) }
        }
    }

    /// Makes its contents, or a folder's entries, durable.
    func sync(path: String) throws(PortError) {
        while fdatasync(number) != 0 {
            if errno != EINTR { throw .file(path, errno) }
        }
    }

    /// The file's size in bytes; nil when it is no regular file.
    var regularSize: Int64? {
        var status = stat()
        guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_size)
    }
}

extension PortError {
    /// What an `errno` of a file operation means to a use case.
    static func file(_ path: String, _ code: Int32) -> PortError {
        let reason = String(cString: strerror(code))
        return switch code {
        case ENOSPC, EDQUOT, EFBIG: .full("no room is left for \(path): \(reason)")
        default: .unavailable("\(path): \(reason)")
        }
    }
}
