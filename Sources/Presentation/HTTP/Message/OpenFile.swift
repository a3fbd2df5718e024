import Glibc

/// A file that is open for reading; closed when nobody holds it any more.
package final class OpenFile: Sendable {
    /// The descriptor; it stays open as long as this value lives.
    package let descriptor: Int32
    /// The size in bytes at the time of opening.
    package let size: Int
    /// When the content was last changed.
    package let modified: HTTPDate

    /// Opens a regular file; nil when there is none that can be read.
    package init?(path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        size = Int(status.st_size)
        modified = HTTPDate(seconds: status.st_mtim.tv_sec)
    }

    deinit {
        close(descriptor)
    }
}

extension HTTPResponse {
    /// Answers `GET` and `HEAD` for a file, whole or in part.
    package static func file(
        _ file: OpenFile, for request: HTTPRequest, tag: EntityTag, fields: HTTPFields,
        refuse: HTTPRefusal
    ) async -> HTTPResponse {
        await content(
            size: file.size, for: request, tag: tag, modified: file.modified, fields: fields, refuse: refuse
        ) { .file(file, $0) }
    }
}
