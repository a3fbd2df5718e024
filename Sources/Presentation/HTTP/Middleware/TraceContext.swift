/// By what a request is found again, here and in the systems that it passes through.
///
/// From `traceparent` (W3C Trace Context, level 1) where the client sends one, else made here.
package struct TraceContext: Sendable {
    /// The first half of the trace's identifier.
    package let high: UInt64
    /// The second half.
    package let low: UInt64
    /// The identifier of this server's part.
    package let span: UInt64
    /// That of the client's, where it has begun the trace.
    package let parent: UInt64?
    /// Whether the client wants it recorded.
    package let isSampled: Bool
    /// Whether the client has begun it.
    package let isContinued: Bool

    /// 32 hexadecimal digits, the same in every system that takes part.
    package var traceID: String {
        String(unsafeUninitializedCapacity: 32) { text in
            Self.write(high, into: text, at: 0)
            Self.write(low, into: text, at: 16)
            return 32
        }
    }

    /// The field as it is answered: this server's part of the trace.
    package var traceparent: String {
        let spanID = String(unsafeUninitializedCapacity: 16) { text in
            Self.write(span, into: text, at: 0)
            return 16
        }
        return "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")"
    }

    /// The context of a request; `random` gives 64 random bits at a time.
    package init(traceparent: String?, random: () -> UInt64) {
        span = random()
        if let parsed = traceparent.flatMap(Self.parse) {
            (high, low, parent, isSampled) = parsed
            isContinued = true
        } else {
            // An identifier of zeros stands for none.
            (high, low, parent, isSampled) = (random(), random() | 1, nil, false)
            isContinued = false
        }
    }

    /// The trace that a `traceparent` names; nil when it is malformed, which means to start a new one.
    private static func parse(_ text: String) -> (
        high: UInt64, low: UInt64, parent: UInt64?, isSampled: Bool
    )? {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].count == 2, parts[1].count == 32, parts[2].count == 16,
            parts[3].count == 2, let version = number(parts[0]), version != 0xFF,
            version > 0 || parts.count == 4, let high = number(parts[1].prefix(16)),
            let low = number(parts[1].suffix(16)), high | low != 0,
            let parent = number(parts[2]), parent != 0, let flags = number(parts[3])
        else { return nil }
        return (high, low, parent, flags & 1 == 1)
    }

    /// Lower-case hexadecimal digits, as the standard demands.
    private static func number(_ digits: some Sequence<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                number = number << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                number = number << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }

    private static func write(_ word: UInt64, into text: UnsafeMutableBufferPointer<UInt8>, at start: Int) {
        for position in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * position) & 0xF)
            text[start + position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        }
    }
}
