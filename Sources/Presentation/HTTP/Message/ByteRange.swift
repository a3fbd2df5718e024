/// What a `Range` field asks of a representation of known size (RFC 9110, section 14).
package enum ByteRange: Equatable, Sendable {
    /// The whole: no range, a unit other than bytes, several ranges, or nonsense, which all may be ignored.
    case whole
    /// One part, not empty and within the size.
    case part(Range<Int>)
    /// A range that starts behind the end.
    case unsatisfiable

    /// - Parameters:
    ///   - field: The value of `Range`, if there is one.
    ///   - size: The size of the representation in bytes.
    package init(_ field: String?, size: Int) {
        self = .whole
        guard let field, field.utf8.prefix(6).elementsEqual("bytes=".utf8) else { return }
        let specification = field.dropFirst(6).trimmingSpaces
        let parts = specification.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            parts.contains(where: { !$0.isEmpty })
        else { return }
        // More digits than Int holds are simply behind the end.
        let first = parts[0].isEmpty ? nil : Int(parts[0]) ?? .max
        let last = parts[1].isEmpty ? nil : Int(parts[1]) ?? .max
        switch (first, last) {
        case (let first?, let last?) where last < first:
            return
        case (let first?, let last):
            self = first < size ? .part(first..<min(last ?? .max, size - 1) + 1) : .unsatisfiable
        case (nil, let suffix?):
            self = suffix > 0 && size > 0 ? .part(max(0, size - suffix)..<size) : .unsatisfiable
        case (nil, nil):
            return
        }
    }
}
