/// A text as rules see it, however it was disguised.
///
/// Escapes are undone, several times over if need be; letters are lower case, backslashes are slashes, comments of SQL
/// are gone, and so is white space, except one space between two words. The text stands between ``start`` and ``end``.
struct CanonicalText {
    static let start: UInt8 = 1
    static let end: UInt8 = 2

    /// How often escapes are undone; nobody escapes an escape three times without a reason to hide something.
    private static let rounds = 4

    private(set) var bytes: [UInt8] = []
    /// Whether a NUL was in it, or a byte that was encoded longer than need be.
    private(set) var isDisguised = false
    private(set) var hasLineBreak = false
    /// How many bytes were looked at in all.
    private(set) var steps = 0

    /// - Parameter plusIsSpace: Whether it is part of a query as browsers write it.
    init(_ text: some Sequence<UInt8>, plusIsSpace: Bool = false) {
        var current = Array(text)
        if plusIsSpace {
            for index in current.indices where current[index] == UInt8(ascii: "+") { current[index] = 0x20 }
        }
        var isUnescaped = false
        for _ in 0..<Self.rounds where !isUnescaped {
            steps += current.count
            let next = unescaped(current)
            isUnescaped = next.count == current.count
            current = next
        }
        // What is still escaped after all that hides something.
        if !isUnescaped, unescaped(current).count != current.count { isDisguised = true }
        steps += current.count
        tighten(current)
    }

    // MARK: Escapes

    /// One layer of escapes undone; the same where there is none.
    private mutating func unescaped(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let (scalar, length) = Self.escape(in: text, at: index)
            if let scalar {
                Self.append(scalar, to: &result)
            } else if let (ascii, length) = overlong(in: text, at: index) {
                result.append(ascii)
                index += length
                continue
            } else {
                result.append(text[index])
            }
            index += length
        }
        return result
    }

    /// The character that an escape at this place stands for, and the bytes that it takes up.
    private static func escape(in text: [UInt8], at index: Int) -> (UInt32?, Int) {
        func hex(_ start: Int, _ count: Int) -> UInt32? {
            guard start + count <= text.count else { return nil }
            var value: UInt32 = 0
            for byte in text[start..<(start + count)] {
                guard let digit = digit(byte) else { return nil }
                value = value << 4 | digit
            }
            return value
        }
        func follows(_ offset: Int, _ byte: UInt8) -> Bool {
            index + offset < text.count && text[index + offset] | 0x20 == byte
        }
        switch text[index] {
        case UInt8(ascii: "%"):
            if follows(1, UInt8(ascii: "u")), let value = hex(index + 2, 4) { return (value, 6) }
            // A single byte, perhaps one of several that make a character.
            if let value = hex(index + 1, 2) { return (value < 0x80 ? value : value | 0x8000_0000, 3) }
        case UInt8(ascii: "\\"):
            if follows(1, UInt8(ascii: "u")), let value = hex(index + 2, 4) { return (value, 6) }
            if follows(1, UInt8(ascii: "x")), let value = hex(index + 2, 2) { return (value, 4) }
        case UInt8(ascii: "&"):
            return entity(in: text, at: index)
        default: break
        }
        return (nil, 1)
    }

    private static let entities: [(name: [UInt8], scalar: UInt32)] = [
        ("&lt;", 0x3C), ("&gt;", 0x3E), ("&amp;", 0x26), ("&quot;", 0x22), ("&apos;", 0x27), ("&tab;", 9),
        ("&newline;", 10), ("&colon;", 0x3A), ("&lpar;", 0x28), ("&rpar;", 0x29),
    ].map { (Array($0.0.utf8), $0.1) }

    private static func entity(in text: [UInt8], at index: Int) -> (UInt32?, Int) {
        let rest = text[index..<min(index + 10, text.count)]
        for (name, scalar) in entities where rest.count >= name.count {
            if zip(rest, name).allSatisfy({ $0 == $1 || $0 | 0x20 == $1 }) { return (scalar, name.count) }
        }
        guard rest.count > 2, rest[index + 1] == UInt8(ascii: "#") else { return (nil, 1) }
        let isHexadecimal = rest[index + 2] | 0x20 == UInt8(ascii: "x")
        var (value, position): (UInt32, Int) = (0, index + (isHexadecimal ? 3 : 2))
        let first = position
        while position < rest.endIndex, let digit = digit(rest[position]), isHexadecimal || digit < 10 {
            value = value * (isHexadecimal ? 16 : 10) + digit
            position += 1
        }
        guard position > first, value < 0x11_0000 else { return (nil, 1) }
        if position < rest.endIndex, rest[position] == UInt8(ascii: ";") { position += 1 }
        return (value, position - index)
    }

    /// ASCII that was encoded in two bytes (RFC 3629, section 10), or as a full-width form.
    private mutating func overlong(in text: [UInt8], at index: Int) -> (UInt8, Int)? {
        let byte = text[index]
        if byte == 0xC0 || byte == 0xC1, index + 1 < text.count, text[index + 1] & 0xC0 == 0x80 {
            isDisguised = true
            return ((byte & 1) << 6 | text[index + 1] & 0x3F, 2)
        }
        // U+FF01…U+FF5E.
        if byte == 0xEF, index + 2 < text.count, text[index + 1] == 0xBC || text[index + 1] == 0xBD {
            let low = UInt32(text[index + 1] & 3) << 6 | UInt32(text[index + 2] & 0x3F)
            if (1...0x5E).contains(low) { return (UInt8(low + 0x20), 3) }
        }
        return nil
    }

    private static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        if scalar & 0x8000_0000 != 0 {
            bytes.append(UInt8(truncatingIfNeeded: scalar))
        } else if let scalar = Unicode.Scalar(scalar) {
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
            UInt32(byte | 0x20) - 0x57
        default: nil
        }
    }

    // MARK: Form

    private mutating func tighten(_ text: [UInt8]) {
        bytes.reserveCapacity(text.count + 2)
        bytes.append(Self.start)
        var isSpaced = false
        var index = 0
        while index < text.count {
            let byte = text[index]
            switch byte {
            case 0:
                isDisguised = true
            case 0x09...0x0D, 0x20:
                if byte == 0x0A || byte == 0x0D { hasLineBreak = true }
                isSpaced = true
            case UInt8(ascii: "/") where Self.comment(in: text, at: index) != nil:
                isSpaced = true
                index = Self.comment(in: text, at: index) ?? index
                continue
            case UInt8(ascii: "*") where index + 1 < text.count && text[index + 1] == UInt8(ascii: "/"):
                // The end of a comment that MySQL obeys.
                isSpaced = true
                index += 1
            default:
                let lower = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
                let plain = lower == UInt8(ascii: "\\") ? UInt8(ascii: "/") : lower
                if isSpaced, Self.isWord(plain), let last = bytes.last, Self.isWord(last) {
                    bytes.append(0x20)
                }
                isSpaced = false
                bytes.append(plain)
            }
            index += 1
        }
        bytes.append(Self.end)
    }

    /// Where a comment of SQL that begins here ends; of `/*!50000 … */`, which MySQL obeys, only the beginning.
    private static func comment(in text: [UInt8], at index: Int) -> Int? {
        guard index + 2 < text.count, text[index + 1] == UInt8(ascii: "*") else { return nil }
        var position = index + 2
        if text[position] == UInt8(ascii: "!") {
            repeat {
                position += 1
            } while position < text.count && digit(text[position]).map { $0 < 10 } == true
            return position
        }
        // Longer ones are left: no attack needs them, and looking for their end again and again would take long.
        let limit = min(text.count - 1, position + 32)
        while position < limit {
            if text[position] == UInt8(ascii: "*"), text[position + 1] == UInt8(ascii: "/") {
                return position + 2
            }
            position += 1
        }
        return nil
    }

    /// Whether a byte belongs to a word.
    static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
