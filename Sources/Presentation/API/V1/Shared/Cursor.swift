internal import Domain

/// How a place in a list stands on the wire: the identifier of the last item in base64url (RFC 4648,
/// section 5), so that nobody is tempted to make one.
enum Cursor {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The 22 characters that stand for an identifier.
    static func encode<Subject>(_ id: Identifier<Subject>) -> String {
        let bits = UInt128(id.high) << 64 | UInt128(id.low)
        return String(unsafeUninitializedCapacity: 22) { text in
            for position in 0..<21 {
                text[position] = alphabet[Int(truncatingIfNeeded: bits >> UInt128(122 - 6 * position)) & 63]
            }
            text[21] = alphabet[Int(truncatingIfNeeded: bits << 4) & 63]
            return 22
        }
    }

    /// The identifier that `text` stands for; nil when it stands for none.
    static func decode<Subject>(_ text: String) -> Identifier<Subject>? {
        let characters = Array(text.utf8)
        guard characters.count == 22 else { return nil }
        var bits: UInt128 = 0
        for character in characters.dropLast() {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            bits = bits << 6 | UInt128(value)
        }
        guard let last = alphabet.firstIndex(of: characters[21]), last & 15 == 0 else { return nil }
        bits = bits << 2 | UInt128(last >> 4)
        return Identifier(
            high: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
    }
}

extension JSONWriter {
    /// Writes a place in a list.
    mutating func cursor<Subject>(_ id: Identifier<Subject>) {
        string(Cursor.encode(id))
    }
}
