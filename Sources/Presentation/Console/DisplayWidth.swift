extension StringProtocol {
    /// How many columns of a terminal the text takes.
    ///
    /// East Asian wide and fullwidth characters and emoji take two (Unicode Standard Annex #11), marks that
    /// combine with others and control characters none.
    package var displayWidth: Int {
        reduce(0) { $0 + $1.displayWidth }
    }

    /// The text in at most `columns` columns; what is cut off is replaced by an ellipsis.
    package func fitted(to columns: Int) -> String {
        guard displayWidth > columns else { return String(self) }
        guard columns > 0 else { return "" }
        var kept = ""
        var width = 0
        for character in self {
            guard width + character.displayWidth <= columns - 1 else { break }
            kept.append(character)
            width += character.displayWidth
        }
        return kept + "…"
    }

    /// The text on one line: line breaks and tabs become spaces, and other control characters, with which a text
    /// from elsewhere could command a terminal, are left out.
    package var onOneLine: String {
        var line = ""
        for character in self {
            if character.isNewline || character == "\t" {
                line.append(" ")
            } else {
                line.unicodeScalars.append(
                    contentsOf: character.unicodeScalars.filter { $0.properties.generalCategory != .control })
            }
        }
        return line
    }

    /// The text followed by as many spaces as fill `columns` columns.
    package func padded(to columns: Int) -> String {
        String(self) + String(repeating: " ", count: Swift.max(0, columns - displayWidth))
    }
}

extension Character {
    /// How many columns of a terminal the character takes: 0, 1 or 2.
    fileprivate var displayWidth: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if unicodeScalars.contains(where: { $0.properties.isEmojiPresentation || $0.value == 0xFE0F }) {
            return 2
        }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .control, .format: return 0
        default: return Self.isWide(first.value) ? 2 : 1
        }
    }

    /// The blocks that Unicode's EastAsianWidth.txt marks as wide or fullwidth throughout.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xA000...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
