/// The bytes of a Swift text with comments and string literals (interpolations included) turned to spaces.
func blankingNonCode(_ text: [UInt8]) -> [UInt8] {
    var result = text
    var scanner = CodeScanner(text: text)
    while let range = scanner.nextNonCode() {
        for position in range where result[position] != CodeScanner.newline {
            result[position] = UInt8(ascii: " ")
        }
    }
    return result
}

/// Finds what is not code in a Swift text, one comment or string literal after the other.
private struct CodeScanner {
    static let newline = UInt8(ascii: "\n")
    private static let slash = UInt8(ascii: "/")
    private static let star = UInt8(ascii: "*")
    private static let quote = UInt8(ascii: "\"")
    private static let hash = UInt8(ascii: "#")

    let text: [UInt8]
    private var index = 0

    init(text: [UInt8]) {
        self.text = text
    }

    mutating func nextNonCode() -> Range<Int>? {
        while index < text.count {
            let start = index
            if let end = endOfNonCode(from: start) {
                index = min(end, text.count)
                return start..<index
            }
            index += 1
        }
        return nil
    }

    private func endOfNonCode(from start: Int) -> Int? {
        switch byte(start) {
        case Self.slash where byte(start + 1) == Self.slash:
            return text[start...].firstIndex(of: Self.newline) ?? text.count
        case Self.slash where byte(start + 1) == Self.star:
            var end = start + 2
            while end < text.count, !(byte(end) == Self.star && byte(end + 1) == Self.slash) { end += 1 }
            return end + 2
        case Self.quote:
            return endOfString(from: start, hashes: 0)
        case Self.hash:
            var hashes = 1
            while byte(start + hashes) == Self.hash { hashes += 1 }
            return byte(start + hashes) == Self.quote ? endOfString(from: start, hashes: hashes) : nil
        default:
            return nil
        }
    }

    /// The position after the string literal that begins at `start` with `hashes` number signs.
    private func endOfString(from start: Int, hashes: Int) -> Int {
        let quotes = repeats(Self.quote, from: start + hashes, times: 3) ? 3 : 1
        var position = start + hashes + quotes
        while position < text.count {
            let afterQuotes = position + quotes
            if repeats(Self.quote, from: position, times: quotes),
                repeats(Self.hash, from: afterQuotes, times: hashes)
            {
                return afterQuotes + hashes
            }
            if byte(position) == UInt8(ascii: "\\"), repeats(Self.hash, from: position + 1, times: hashes) {
                position += 1 + hashes
                position =
                    byte(position) == UInt8(ascii: "(") ? endOfInterpolation(from: position) : position + 1
            } else if quotes == 1, byte(position) == Self.newline {
                return position
            } else {
                position += 1
            }
        }
        return position
    }

    private func endOfInterpolation(from start: Int) -> Int {
        var depth = 0
        var position = start
        while position < text.count {
            switch byte(position) {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return position + 1 }
            case Self.quote:
                position = endOfString(from: position, hashes: 0) - 1
            default: break
            }
            position += 1
        }
        return position
    }

    private func byte(_ position: Int) -> UInt8 {
        position < text.count ? text[position] : 0
    }

    private func repeats(_ wanted: UInt8, from position: Int, times: Int) -> Bool {
        (0..<times).allSatisfy { byte(position + $0) == wanted }
    }
}
