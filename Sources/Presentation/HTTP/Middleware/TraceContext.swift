/// By what a request is found again, here and in the systems that it passes through.
///
/// From `traceparent` (W3C Trace Context, level 1) where the client sends one, else made here.
package struct TraceContext: Sendable {
    /// 32 hexadecimal digits, the same in every system that takes part.
    package let traceID: String
    /// 16 hexadecimal digits: this server's part.
    package let spanID: String
    /// Whether the client wants it recorded.
    package let isSampled: Bool

    /// The field as it is sent on.
    package var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    /// The context of a request; `random` gives 64 random bits at a time.
    package init(traceparent: String?, random: () -> UInt64) {
        spanID = Self.hexadecimal([random()])
        if let (traceID, isSampled) = traceparent.flatMap(Self.parse) {
            self.traceID = traceID
            self.isSampled = isSampled
        } else {
            traceID = Self.hexadecimal([random(), random() | 1])
            isSampled = false
        }
    }

    /// The trace that a `traceparent` names; nil when it is malformed, which means to start a new one.
    static func parse(_ text: String) -> (traceID: String, isSampled: Bool)? {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].count == 2, parts[1].count == 32, parts[2].count == 16,
            parts[3].count == 2, parts.prefix(4).allSatisfy({ $0.allSatisfy(isDigit) }),
            !parts[0].elementsEqual("ff".utf8), !(parts[0].elementsEqual("00".utf8) && parts.count > 4),
            parts[1].contains(where: { $0 != UInt8(ascii: "0") }),
            parts[2].contains(where: { $0 != UInt8(ascii: "0") })
        else { return nil }
        let flags = UInt8(String(Substring(parts[3])), radix: 16) ?? 0
        return (String(Substring(parts[1])), flags & 1 == 1)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func hexadecimal(_ words: [UInt64]) -> String {
        String(unsafeUninitializedCapacity: 16 * words.count) { text in
            for position in 0..<16 * words.count {
                let digit = UInt8(
                    truncatingIfNeeded: words[position / 16] >> UInt64(60 - 4 * (position % 16)) & 0xF)
                text[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 16 * words.count
        }
    }
}
