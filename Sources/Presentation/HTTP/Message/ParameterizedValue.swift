/// A header value with parameters, `value; name=token; name="quoted"`, as `Content-Type` and
/// `Content-Disposition` hold it (RFC 9110, section 5.6.6).
package struct ParameterizedValue: Equatable, Sendable {
    /// What stands before the first semicolon, in lower case.
    package let value: String
    /// The parameters by name in lower case; of two with one name the first counts.
    package let parameters: [String: String]

    /// Reads a value; nil where a parameter is malformed or a quote is not closed.
    package init?(_ text: String) {
        var rest = text.utf8[...]
        let value = Self.token(&rest, until: ";")
        var parameters: [String: String] = [:]
        while rest.popFirst() != nil {
            rest = rest.drop(while: Self.isSpace)
            if rest.isEmpty || rest.first == UInt8(ascii: ";") { continue }
            let name = Self.token(&rest, until: "=", ";")
            guard rest.popFirst() == UInt8(ascii: "="), !name.isEmpty, let content = Self.content(&rest)
            else { return nil }
            if parameters[name.lowercased()] == nil { parameters[name.lowercased()] = content }
            rest = rest.drop(while: Self.isSpace)
            guard rest.isEmpty || rest.first == UInt8(ascii: ";") else { return nil }
        }
        self.value = value.lowercased()
        self.parameters = parameters
    }

    // The grammar is one of bytes: an accent behind a quote makes the two one Character, and hides the quote.

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// The text up to one of the ends, without the spaces around it.
    private static func token(_ rest: inout Substring.UTF8View, until ends: Unicode.Scalar...) -> String {
        var token = rest.prefix { byte in !ends.contains { UInt8(ascii: $0) == byte } }
        rest = rest[token.endIndex...]
        token = token.drop(while: isSpace)
        while let last = token.last, isSpace(last) { token.removeLast() }
        return String(Substring(token))
    }

    /// A token, or what stands in quotes; nil where they are not closed.
    private static func content(_ rest: inout Substring.UTF8View) -> String? {
        guard rest.first == UInt8(ascii: "\"") else { return token(&rest, until: ";") }
        rest.removeFirst()
        var content: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let next = rest.popFirst() else { return nil }
                // Browsers write \" for a quote but leave a backslash alone, so that C:\clip.mp4 comes whole.
                if next != UInt8(ascii: "\""), next != UInt8(ascii: "\\") {
                    content.append(UInt8(ascii: "\\"))
                }
                content.append(next)
            default:
                content.append(byte)
            }
        }
        return nil
    }

    /// The file name of a `Content-Disposition`: `filename*` (RFC 8187, UTF-8 only) before `filename`.
    package var filename: String? {
        if let extended = parameters["filename*"] {
            let parts = extended.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
            if parts.count == 3, parts[0].lowercased() == "utf-8", let name = Self.percentDecoded(parts[2]) {
                return name
            }
        }
        return parameters["filename"]
    }

    private static func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }),
                let low = rest.popFirst().flatMap({ Character(Unicode.Scalar($0)).hexDigitValue })
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
