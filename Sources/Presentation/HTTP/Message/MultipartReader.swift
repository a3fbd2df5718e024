/// Why a multipart body cannot be read.
package enum MultipartError: Error, Equatable {
    /// The bytes are no multipart body with this boundary, or a part's head is malformed or too long.
    case malformed
    /// The body itself could not be read.
    case body(RequestBodyError)
}

/// One part of a `multipart/form-data` body.
package struct MultipartPart: Sendable, Equatable {
    /// The name of the form's field.
    package let name: String
    /// The name of the file, if the part is one; never to be trusted as a path.
    package let filename: String?
    /// The `Content-Type` of the part, if it has one.
    package let type: String?
}

/// Reads a `multipart/form-data` body (RFC 7578) part by part while it arrives.
///
/// Nothing but the piece at hand is kept in memory, so that a file of any size can pass. libmicrohttpd's own
/// post processor is not used: it hands data to a callback that cannot wait.
package struct MultipartReader {
    /// The longest head of a part, in bytes.
    private static let headLimit = 8 * 1024

    private let body: RequestBody
    /// CR LF and the dash-boundary: what ends the preamble and every part.
    private let delimiter: [UInt8]
    private var buffer: [UInt8]
    private var position = 0
    private var place = Place.content

    private enum Place {
        /// In the preamble or in a part.
        case content
        /// Right before a delimiter.
        case delimiter
        /// Behind the last delimiter.
        case epilogue
    }

    /// Starts at the beginning of a body; nil where the type is another or has no boundary of 1…70 characters.
    package init?(_ body: RequestBody, type: MediaType) {
        guard type.essence == "multipart/form-data", let boundary = type.parameters["boundary"],
            (1...70).contains(boundary.utf8.count)
        else { return nil }
        self.body = body
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter may stand at the very start, without the line break that belongs to it.
        buffer = [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }

    /// Goes on to the next part, past whatever is unread of this one; nil after the last.
    package mutating func nextPart() async throws(MultipartError) -> MultipartPart? {
        while try await nextContent() != nil {}
        guard place == .delimiter else { return nil }
        position += delimiter.count
        switch try await line() {
        case "--":
            place = .epilogue
            // What follows means nothing, but the client must get rid of it before it reads the answer.
            while try await arrival() != nil {}
            return nil
        case "":
            break
        default:
            throw .malformed
        }
        var disposition: ParameterizedValue?
        var type: String?
        var headLength = 0
        while true {
            let line = try await line()
            if line.isEmpty { break }
            headLength += line.utf8.count
            guard headLength <= Self.headLimit, let colon = line.firstIndex(of: ":") else { throw .malformed }
            let value = line[line.index(after: colon)...].trimmingSpaces
            switch line[..<colon].lowercased() {
            case "content-disposition": disposition = ParameterizedValue(value)
            case "content-type": type = value
            default: break
            }
        }
        guard let disposition, disposition.value == "form-data", let name = disposition.parameters["name"]
        else { throw .malformed }
        place = .content
        return MultipartPart(name: name, filename: disposition.filename, type: type)
    }

    /// The next piece of the current part's content; nil at its end.
    package mutating func nextContent() async throws(MultipartError) -> [UInt8]? {
        while place == .content {
            let (end, isDelimiter) = contentEnd()
            if end > position {
                return take(to: end)
            }
            if isDelimiter {
                place = .delimiter
            } else {
                try await readMore()
            }
        }
        return nil
    }

    /// Where the content at hand ends: at a delimiter, at what may become one, or where the buffer does.
    private func contentEnd() -> (index: Int, isDelimiter: Bool) {
        buffer.withUnsafeBufferPointer { buffer in
            delimiter.withUnsafeBufferPointer { delimiter in
                var start = position
                while let candidate = buffer[start...].firstIndex(of: delimiter[0]) {
                    let available = min(delimiter.count, buffer.count - candidate)
                    var matched = 1
                    while matched < available, buffer[candidate + matched] == delimiter[matched] {
                        matched += 1
                    }
                    if matched == available { return (candidate, matched == delimiter.count) }
                    start = candidate + 1
                }
                return (buffer.count, false)
            }
        }
    }

    /// The text up to the next line break, which is consumed.
    private mutating func line() async throws(MultipartError) -> String {
        var searched = position
        while true {
            while searched + 1 < buffer.count {
                if buffer[searched] == UInt8(ascii: "\r"), buffer[searched + 1] == UInt8(ascii: "\n") {
                    defer { position = searched + 2 }
                    return String(decoding: buffer[position..<searched], as: UTF8.self)
                }
                searched += 1
            }
            guard buffer.count - position <= Self.headLimit else { throw .malformed }
            // The closing delimiter need not be followed by a line break.
            if buffer[position...].elementsEqual([UInt8(ascii: "-"), UInt8(ascii: "-")]) {
                guard let more = try await arrival() else {
                    position = buffer.count
                    return "--"
                }
                buffer += more
            } else {
                searched -= position
                try await readMore()
                searched += position
            }
        }
    }

    /// Consumes what is at hand up to `end`; all of an arrival, as most of a file comes, without a copy.
    private mutating func take(to end: Int) -> [UInt8] {
        guard position == 0, end == buffer.count else {
            defer { position = end }
            return Array(buffer[position..<end])
        }
        defer { buffer = [] }
        return buffer
    }

    /// Drops what is consumed and appends what arrives next.
    private mutating func readMore() async throws(MultipartError) {
        guard let more = try await arrival() else { throw .malformed }
        if position == buffer.count {
            buffer = more
        } else {
            buffer.removeSubrange(..<position)
            buffer += more
        }
        position = 0
    }

    private func arrival() async throws(MultipartError) -> [UInt8]? {
        do throws(RequestBodyError) {
            return try await body.next()
        } catch {
            throw .body(error)
        }
    }
}
