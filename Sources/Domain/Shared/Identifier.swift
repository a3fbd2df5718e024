/// A UUIDv7 that says what it identifies.
///
/// Identifiers rise with time (RFC 9562, section 5.7: 48 bits of Unix milliseconds, then randomness), which
/// keeps inserts at the end of an index. The type parameter keeps a clip's identifier out of a task's place.
public struct Identifier<Subject>: Hashable, Comparable, Sendable {
    /// The first eight bytes, big-endian: 48 bits of milliseconds, the version, 12 random bits.
    public let high: UInt64
    /// The last eight bytes, big-endian: the variant and 62 random bits.
    public let low: UInt64

    /// Restores an identifier from the halves a store keeps.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a fresh identifier.
    ///
    /// - Parameters:
    ///   - timestamp: The moment of creation; times before 1970 count as 1970.
    ///   - randomness: 128 random bits, of which 74 are used.
    public init(at timestamp: Timestamp, randomness: (UInt64, UInt64)) {
        let milliseconds = UInt64(clamping: timestamp.milliseconds) & 0xFFFF_FFFF_FFFF
        high = milliseconds << 16 | 0x7000 | randomness.0 & 0x0FFF
        low = 0x8000_0000_0000_0000 | randomness.1 & 0x3FFF_FFFF_FFFF_FFFF
    }

    /// Parses the canonical text form, 36 characters with hyphens, in either case.
    ///
    /// Returns nil for anything else, so that a malformed identifier reads as one that does not exist.
    public init?(_ text: String) {
        self.init(utf8: text.utf8.span)
    }

    /// Parses the canonical text form, like ``init(_:)``, where it stands in a longer text.
    public init?(_ text: Substring) {
        self.init(utf8: text.utf8.span)
    }

    private init?(utf8 text: Span<UInt8>) {
        guard text.count == 36 else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        var digits = 0
        for position in text.indices {
            let byte = text[position]
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            if digits < 16 {
                halves.0 = halves.0 << 4 | UInt64(digit)
            } else {
                halves.1 = halves.1 << 4 | UInt64(digit)
            }
            digits += 1
        }
        (high, low) = halves
    }

    /// Orders by time of creation, then by randomness.
    public static func < (first: Self, second: Self) -> Bool {
        (first.high, first.low) < (second.high, second.low)
    }
}

extension Identifier: CustomStringConvertible {
    /// The canonical text form: lower case, with hyphens.
    public var description: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let half = index < 16 ? high : low
                let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - (index % 16) * 4)) & 0xF
                buffer[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                position += 1
            }
            return position
        }
    }
}
