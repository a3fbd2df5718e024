/// Reads the cookies of a request (RFC 6265, section 4.2), within bounds.
package enum Cookies {
    /// The most bytes that are looked at.
    package static let mostBytes = 8 * 1024
    /// The most cookies that are looked at.
    package static let most = 64

    /// What is found under a name.
    package enum Finding: Hashable, Sendable {
        /// No cookie has the name.
        case none
        /// The cookie's value, which may be empty.
        case one(String)
        /// There are more cookies than are looked at, or more than one of that name: whose they are is not known.
        case unclear
    }

    /// The cookie of that name, in its own case.
    package static func find(_ name: String, in fields: HTTPFields) -> Finding {
        let sent = fields.values(of: "Cookie")
        guard let text = sent.first else { return .none }
        guard sent.count == 1, text.utf8.count <= mostBytes else { return .unclear }
        let pairs = text.utf8.split(separator: UInt8(ascii: ";"), maxSplits: most)
        guard pairs.count <= most else { return .unclear }
        var found = Finding.none
        for pair in pairs {
            let pair = pair.trimmed
            guard let end = pair.firstIndex(of: UInt8(ascii: "=")),
                pair[..<end].trimmed.elementsEqual(name.utf8)
            else { continue }
            guard found == .none else { return .unclear }
            found = .one(String(Substring(pair[pair.index(after: end)...].trimmed)))
        }
        return found
    }
}

extension Substring.UTF8View {
    /// The same without spaces and tabs around it.
    fileprivate var trimmed: Substring.UTF8View {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let start = drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return start[start.endIndex...] }
        return start[...last]
    }
}

extension HTTPRequest {
    /// Whether it may change something: every method but those that RFC 9110, section 9.2.1, calls safe.
    package var isChange: Bool {
        switch method {
        case .get, .head, .options: false
        case .post, .put, .patch, .delete, nil: true
        }
    }
}
