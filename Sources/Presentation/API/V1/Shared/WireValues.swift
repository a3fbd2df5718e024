internal import Domain

/// The JSON of the Domain's shared values.

extension JSONOutput where Value == Timestamp {
    /// RFC 3339 in UTC with milliseconds.
    static var moment: Self {
        Self(.string(format: "date-time")) { moment, writer in
            writer.raw(count: RFC3339.length + 2) { text in
                text[0] = UInt8(ascii: "\"")
                RFC3339.write(moment, into: UnsafeMutableBufferPointer(rebasing: text[1...RFC3339.length]))
                text[RFC3339.length + 1] = UInt8(ascii: "\"")
            }
        }
    }
}

extension JSONSchema {
    /// A UUID in its canonical form.
    static var identifier: Self { .string(format: "uuid") }

    /// An address, usually one without scheme and host.
    static var address: Self { .string(format: "uri-reference") }
}

extension JSONOutput {
    /// A UUID in its canonical form.
    static func identifier<Subject>() -> Self where Value == Identifier<Subject> {
        Self(.identifier) { $1.identifier($0) }
    }
}

extension JSONOutput where Value == String {
    /// An address, usually one without scheme and host.
    static var address: Self { Self(JSONSchema.address) { $1.string($0) } }
}

extension JSONWriter {
    /// Writes an identifier in quotes.
    mutating func identifier<Subject>(_ id: Identifier<Subject>) {
        let (high, low) = (id.high, id.low)
        raw(count: 38) { text in
            text[0] = UInt8(ascii: "\"")
            text[37] = UInt8(ascii: "\"")
            var position = 1
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    text[position] = UInt8(ascii: "-")
                    position += 1
                }
                let half = index < 16 ? high : low
                let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - (index % 16) * 4)) & 0xF
                text[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                position += 1
            }
        }
    }
}

/// Texts that people choose: nothing that cannot be seen, and not blank; never judged by their words.
enum SingleLine {
    /// The pattern that JSON Schema states for it.
    static let pattern =
        #"^[^\#(unwritable)]*[^\#(unwritable)\s][^\#(unwritable)]*$"#
    /// What `UnwritableCharacter` refuses, as a class of characters.
    private static let unwritable = #"\u0000-\u001F\u007F-\u009F\u2028\u2029\u202D\u202E"#

    /// Text of that many characters.
    static func input(_ length: ClosedRange<Int>) -> JSONInput<String> {
        .text(length: length, pattern: pattern).checked { text in
            if let unwritable = UnwritableCharacter(in: text) { return (.badFormat, unwritable.explanation) }
            guard text.contains(where: { !$0.isWhitespace }) else {
                return (.badFormat, "must not be blank")
            }
            return nil
        }
    }
}

extension JSONInput where Value == String {
    /// The same, as what people write; see ``JSONSchema/prose``.
    var prose: Self { Self(schema.prose, decode: decode) }
}
