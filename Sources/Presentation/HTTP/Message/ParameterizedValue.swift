/// A header value with parameters, `value; name=token; name="quoted"`, as `Content-Type` and
/// `Content-Disposition` hold it (RFC 9110, section 5.6.6).
package struct ParameterizedValue: Equatable, Sendable {
    /// What stands before the first semicolon, in lower case.
    package let value: String
    /// The parameters by name in lower case; of two with one name the first counts.
    package let parameters: [String: String]

    /// Reads a value; nil where a parameter is malformed or a quote is not closed.
    package init?(_ text: String) {
        var rest = Substring(text)
        let value = rest.prefix { $0 != ";" }
        rest = rest.dropFirst(value.count)
        var parameters: [String: String] = [:]
        while rest.first == ";" {
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            if rest.isEmpty || rest.first == ";" { continue }
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(name.count)
            guard rest.first == "=", !name.isEmpty else { return nil }
            rest = rest.dropFirst()
            guard let content = Self.content(&rest) else { return nil }
            let key = name.trimmingSpaces.lowercased()
            if parameters[key] == nil { parameters[key] = content }
            rest = rest.drop { $0 == " " || $0 == "\t" }
            guard rest.isEmpty || rest.first == ";" else { return nil }
        }
        self.value = value.trimmingSpaces.lowercased()
        self.parameters = parameters
    }

    private static func content(_ rest: inout Substring) -> String? {
        guard rest.first == "\"" else {
            let token = rest.prefix { $0 != ";" }
            rest = rest.dropFirst(token.count)
            return token.trimmingSpaces
        }
        var content = ""
        var isEscaped = false
        for index in rest.indices.dropFirst() {
            let character = rest[index]
            if isEscaped {
                // Browsers write \" for a quote but leave a backslash alone, so that C:\clip.mp4 comes whole.
                if character != "\"" && character != "\\" { content.append("\\") }
                content.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                rest = rest[rest.index(after: index)...]
                return content
            } else {
                content.append(character)
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
