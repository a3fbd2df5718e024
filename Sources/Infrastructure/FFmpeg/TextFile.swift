import Application
import Glibc

/// Writes small intermediate files.
enum TextFile {
    /// Writes `text` to a new file at `path`.
    ///
    /// - Throws: ``Application/PortError/full(_:)`` when the disk is, ``Application/PortError/unavailable(_:retryAfter:)``
    ///   for any other reason.
    static func write(_ text: String, to path: String) throws(PortError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw failure() }
            bytes = bytes.dropFirst(written)
        }
    }

    private static func failure() -> PortError {
        errno == ENOSPC || errno == EDQUOT
            ? .full("no space is left for intermediate files")
            : .unavailable("an intermediate file could not be written: \(String(cString: strerror(errno)))")
    }
}
