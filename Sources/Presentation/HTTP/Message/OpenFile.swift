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
    /// Answers `GET` and `HEAD` for a file: conditions, one byte range, and the fields of both
    /// (RFC 9110, sections 13 and 14).
    ///
    /// - Parameters:
    ///   - fields: Further fields, such as `Content-Type` and `Content-Disposition`.
    ///   - tag: The version of the content; a strong one is needed for `If-Range`.
    ///   - refuse: Words a failed precondition (412) and a range behind the end (416).
    package static func file(
        _ file: OpenFile, for request: HTTPRequest, tag: EntityTag, fields: HTTPFields,
        refuse: HTTPRefusal
    ) -> HTTPResponse {
        var fields = fields
        fields["ETag"] = tag.description
        fields["Last-Modified"] = file.modified.description
        fields["Accept-Ranges"] = "bytes"

        if let wanted = request.fields["If-Match"], !tag.isNamed(in: wanted, strongly: true) {
            return refuse(.preconditionFailed, "precondition_failed", "The file is another version.")
        }
        if let known = request.fields["If-None-Match"] {
            if tag.isNamed(in: known) { return HTTPResponse(.notModified, fields: fields) }
        } else if let since = request.fields["If-Modified-Since"].flatMap({ HTTPDate($0) }),
            file.modified <= since
        {
            return HTTPResponse(.notModified, fields: fields)
        }

        switch request.method == .get ? range(of: file, for: request, tag: tag) : .whole {
        case .whole:
            return HTTPResponse(.ok, fields: fields, body: .file(file, 0..<file.size))
        case .part(let range):
            fields["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
            return HTTPResponse(.partialContent, fields: fields, body: .file(file, range))
        case .unsatisfiable:
            var response = refuse(
                .rangeNotSatisfiable, "range_not_satisfiable", "The file has \(file.size) bytes.")
            response.fields["Content-Range"] = "bytes */\(file.size)"
            return response
        }
    }

    /// The range to send: none where `If-Range` names another version.
    private static func range(of file: OpenFile, for request: HTTPRequest, tag: EntityTag) -> ByteRange {
        if let condition = request.fields["If-Range"] {
            let isSame =
                if let expected = EntityTag(parsing: condition) {
                    expected == tag && !tag.isWeak
                } else {
                    HTTPDate(condition) == file.modified
                }
            guard isSame else { return .whole }
        }
        return ByteRange(request.fields["Range"], size: file.size)
    }
}
