/// What the request line asks for: a path, an http address, or "*" (RFC 9112, section 3.2).
struct RequestTarget: Equatable {
    /// The host of an address, which stands above `Host`.
    let authority: String?
    /// The path, still percent-encoded.
    let path: String
    /// What follows the first "?", still percent-encoded.
    let query: String?

    /// Takes a target apart; nil where it is none of the three, or holds anything but visible ASCII.
    init?(_ text: String, method: String) {
        var text = text
        let (isVisible, isPathAlone) = text.withUTF8 { bytes in
            (
                bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F },
                bytes.first == UInt8(ascii: "/") && !bytes.contains(UInt8(ascii: "?"))
            )
        }
        guard isVisible else { return nil }
        // Most targets are; bytes in memory are walked many times faster than the views of a string.
        if isPathAlone {
            (authority, path, query) = (nil, text, nil)
            return
        }
        var rest = text.utf8[...]
        var authority: String?
        if rest.first != UInt8(ascii: "/"), text.prefix(7).lowercased() == "http://" {
            rest = rest.dropFirst(7)
            let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            authority = String(rest[..<end])
            rest = rest[end...]
        }
        let mark = rest.firstIndex(of: UInt8(ascii: "?"))
        let path = rest[..<(mark ?? rest.endIndex)]
        if path.first == UInt8(ascii: "/") || method == "OPTIONS" && path.elementsEqual("*".utf8) {
            self.path = String(path) ?? "/"
        } else if path.isEmpty, authority != nil {
            self.path = "/"
        } else {
            return nil
        }
        query = mark.flatMap { String(rest[rest.index(after: $0)...]) }
        self.authority = authority
    }
}
