/// A character that has no place in a line that people write, such as a title.
///
/// Lines are never judged by their words. What is refused is what cannot be seen: control characters (general category
/// Cc), separators of lines and paragraphs, and the two overrides of direction, by which a line reads as what it is
/// not (Unicode Standard Annex 9, section 2.2). Marks, embeddings and isolates stay: Arabic and Hebrew are written with
/// them.
public struct UnwritableCharacter: Hashable, Sendable {
    /// The character, a single code point.
    public let scalar: Unicode.Scalar
    /// Where it stands, in code points from 0.
    public let position: Int

    /// The first one in a text; nil when there is none.
    public init?(in text: String) {
        var position = 0
        for scalar in text.unicodeScalars {
            if Self.isUnwritable(scalar) {
                self.scalar = scalar
                self.position = position
                return
            }
            position += 1
        }
        return nil
    }

    /// What was expected, and where it is not so.
    public var explanation: String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let code = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return "must be free of control characters: U+\(code) stands at \(position)"
    }

    private static func isUnwritable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x202D, 0x202E: true
        default: false
        }
    }
}
