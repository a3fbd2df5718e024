import Domain

/// The name that a file goes by on another server.
enum RemoteFilename {
    /// The name from a `Content-Disposition` field (RFC 6266), else the last part of the address' path, else
    /// its host; made harmless.
    static func of(disposition: String?, address: String) -> String {
        if let name = disposition.flatMap(stated), !name.isEmpty { return lastPart(of: name).safeFilename }
        let rest = address.prefix { $0 != "?" && $0 != "#" }.drop { $0 != "/" }.dropFirst(2)
        let parts = rest.split(separator: "/")
        guard let part = parts.last else { return address.safeFilename }
        return (percentDecoded(part) ?? String(part)).safeFilename
    }

    private static func stated(in field: String) -> String? {
        let parameters = parameters(of: field)
        // The extended form comes first where both are there (RFC 6266, section 4.3).
        if let extended = parameters["filename*"] {
            let parts = extended.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
            if parts.count == 3, parts[0].lowercased() == "utf-8", let name = percentDecoded(parts[2]) {
                return name
            }
        }
        return parameters["filename"]
    }

    /// A few clients state whole paths.
    private static func lastPart(of name: String) -> String {
        name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
    }

    private static func parameters(of field: String) -> [String: String] {
        var found: [String: String] = [:]
        var rest = field[...].drop { $0 != ";" }
        while !rest.isEmpty {
            rest = rest.dropFirst().drop(while: \.isWhitespace)
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(name.count)
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst()
            var value = ""
            if rest.first == "\"" {
                rest = rest.dropFirst()
                while let character = rest.popFirst(), character != "\"" {
                    if character == "\\", let escaped = rest.popFirst() {
                        value.append(escaped)
                    } else {
                        value.append(character)
                    }
                }
                rest = rest.drop { $0 != ";" }
            } else {
                let token = rest.prefix { $0 != ";" }
                value = String(token.prefix { !$0.isWhitespace })
                rest = rest.dropFirst(token.count)
            }
            found[name.filter { !$0.isWhitespace }.lowercased()] = value
        }
        return found
    }

    private static func percentDecoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let digits = String(rest.prefix(2)), let value = UInt8(digits, radix: 16),
                    rest.count >= 2
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
