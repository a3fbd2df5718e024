/// Turns the bytes of a caption file into lines.
enum CaptionFileText {
    /// One line with its number, 1 for the first.
    struct Line {
        let number: Int
        let text: String

        var isBlank: Bool { text.allSatisfy(\.isWhitespace) }
    }

    /// - Throws: ``MediaError/captionsUnreadable(_:)`` for more than ``CaptionFileLimits/mostLines``.
    static func lines(of bytes: [UInt8]) throws(MediaError) -> [Line] {
        // A carriage return with its line feed is one Character, so all three endings are newlines to Swift.
        let lines = text(of: bytes).split(
            maxSplits: CaptionFileLimits.mostLines, omittingEmptySubsequences: false
        ) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        guard lines.count <= CaptionFileLimits.mostLines else {
            throw .captionsUnreadable("the file has more than \(CaptionFileLimits.mostLines) lines")
        }
        return lines.enumerated().map { Line(number: $0.offset + 1, text: String($0.element)) }
    }

    private static func text(of bytes: [UInt8]) -> String {
        switch (bytes.first, bytes.dropFirst().first) {
        case (0xFF, 0xFE): return wide(bytes.dropFirst(2)) { UInt16($0) | UInt16($1) << 8 }
        case (0xFE, 0xFF): return wide(bytes.dropFirst(2)) { UInt16($0) << 8 | UInt16($1) }
        default: break
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        if let text = String(validating: body, as: UTF8.self) { return text }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: body.map { windows1252($0) })
        return String(text)
    }

    private static func wide(_ bytes: ArraySlice<UInt8>, _ unit: (UInt8, UInt8) -> UInt16) -> String {
        let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2)
            .map { unit(bytes[$0], bytes[$0 + 1]) }
        return String(decoding: units, as: UTF16.self)
    }

    /// The letters at 0x80–0x9F, where Windows-1252 differs from Latin-1 (WHATWG Encoding, index windows-1252).
    private static let upper: [Unicode.Scalar] = [
        "€", "\u{81}", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\u{8D}", "Ž", "\u{8F}",
        "\u{90}", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "\u{9D}", "ž", "Ÿ",
    ]

    private static func windows1252(_ byte: UInt8) -> Unicode.Scalar {
        (0x80...0x9F).contains(byte) ? upper[Int(byte) - 0x80] : Unicode.Scalar(byte)
    }
}

/// Reads the times of caption files.
enum CaptionTime {
    /// Seconds from `hh:mm:ss.fff`, hours optional, comma or point, any number of decimals; nil for anything
    /// else.
    static func seconds(_ text: some StringProtocol) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let last = parts.last else { return nil }
        var whole = 0.0
        for part in parts.dropLast() {
            guard let value = digits(part) else { return nil }
            whole = whole * 60 + value
        }
        let fraction = last.split(separator: last.contains(",") ? "," : ".", omittingEmptySubsequences: false)
        guard fraction.count <= 2, let first = fraction.first, let seconds = digits(first) else { return nil }
        var value = whole * 60 + seconds
        if fraction.count == 2 {
            guard let decimals = digits(fraction[1]) else { return nil }
            value += decimals / power(10, Double(fraction[1].count))
        }
        return value
    }

    private static func digits(_ text: some StringProtocol) -> Double? {
        guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Double(String(text))
    }
}
