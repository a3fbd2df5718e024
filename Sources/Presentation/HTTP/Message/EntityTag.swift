/// The version of a representation (RFC 9110, section 8.8.3).
package struct EntityTag: Hashable, Sendable {
    /// The opaque part, without quotes.
    package let value: String
    package let isWeak: Bool

    /// Makes a tag; the value is printable ASCII without quotes.
    package init(_ value: String, isWeak: Bool = false) {
        self.value = value
        self.isWeak = isWeak
    }

    /// Reads one tag, `"…"` or `W/"…"`; nil for anything else.
    package init?(parsing text: some StringProtocol) {
        var rest = Substring(text)
        isWeak = rest.hasPrefix("W/")
        if isWeak { rest = rest.dropFirst(2) }
        guard rest.utf8.count >= 2, rest.hasPrefix("\""), rest.hasSuffix("\"") else { return nil }
        let opaque = rest.dropFirst().dropLast()
        guard opaque.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x22 && $0 != 0x7F }) else { return nil }
        value = String(opaque)
    }

    /// Whether a list of tags, as `If-None-Match` holds it, names this one; "*" names every one.
    ///
    /// - Parameter strongly: Whether weak tags never match, as `If-Match` asks.
    package func isNamed(in list: String, strongly: Bool = false) -> Bool {
        if list.trimmingSpaces == "*" { return true }
        return list.split(separator: ",").contains { item in
            guard let tag = EntityTag(parsing: String(item).trimmingSpaces) else { return false }
            return tag.value == value && !(strongly && (tag.isWeak || isWeak))
        }
    }
}

extension EntityTag: CustomStringConvertible {
    package var description: String { (isWeak ? "W/" : "") + "\"\(value)\"" }
}

extension StringProtocol {
    /// The text without the spaces and tabs at its ends, HTTP's optional white space.
    package var trimmingSpaces: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let start = firstIndex(where: { !isSpace($0) }), let end = lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(self[start...end])
    }
}
