extension HTTPResponse {
    /// Answers `GET` and `HEAD` for something of known size: conditions, one byte range, and the fields of both
    /// (RFC 9110, sections 13 and 14).
    ///
    /// - Parameters:
    ///   - tag: The version of the content; a strong one is needed for `If-Range`.
    ///   - modified: When it was last changed, where that is known.
    ///   - fields: Further fields, such as `Content-Type` and `Content-Disposition`.
    ///   - refuse: Words a failed precondition (412) and a range behind the end (416).
    ///   - body: The bytes of a range.
    package static func content(
        size: Int, for request: HTTPRequest, tag: EntityTag, modified: HTTPDate? = nil, fields: HTTPFields,
        refuse: HTTPRefusal, body: (Range<Int>) async throws -> HTTPBody
    ) async rethrows -> HTTPResponse {
        var fields = fields
        fields["ETag"] = tag.description
        fields["Last-Modified"] = modified?.description
        fields["Accept-Ranges"] = "bytes"

        if let wanted = request.fields["If-Match"], !tag.isNamed(in: wanted, strongly: true) {
            return refuse(.preconditionFailed, "precondition_failed", "The file is another version.")
        }
        if let known = request.fields["If-None-Match"] {
            if tag.isNamed(in: known) { return HTTPResponse(.notModified, fields: fields) }
        } else if let modified, let since = request.fields["If-Modified-Since"].flatMap({ HTTPDate($0) }),
            modified <= since
        {
            return HTTPResponse(.notModified, fields: fields)
        }

        switch request.method == .get ? range(of: size, for: request, tag: tag, modified: modified) : .whole {
        case .whole:
            return HTTPResponse(.ok, fields: fields, body: try await body(0..<size))
        case .part(let range):
            fields["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
            return HTTPResponse(.partialContent, fields: fields, body: try await body(range))
        case .unsatisfiable:
            var response = refuse(
                .rangeNotSatisfiable, "range_not_satisfiable", "The file has \(size) bytes.")
            response.fields["Content-Range"] = "bytes */\(size)"
            return response
        }
    }

    /// The range to send: none where `If-Range` names another version.
    private static func range(
        of size: Int, for request: HTTPRequest, tag: EntityTag, modified: HTTPDate?
    ) -> ByteRange {
        if let condition = request.fields["If-Range"] {
            let isSame =
                if let expected = EntityTag(parsing: condition) {
                    expected == tag && !tag.isWeak
                } else {
                    modified != nil && HTTPDate(condition) == modified
                }
            guard isSame else { return .whole }
        }
        return ByteRange(request.fields["Range"], size: size)
    }
}
