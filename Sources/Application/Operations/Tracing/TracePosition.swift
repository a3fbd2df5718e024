/// A span's place in a trace, as W3C Trace Context (level 1) writes it.
package struct TracePosition: Hashable, Sendable {
    /// The first half of the trace's identifier.
    package let high: UInt64
    /// The second half.
    package let low: UInt64
    /// The span's identifier.
    package let span: UInt64
    /// Whether the trace is recorded.
    package let isSampled: Bool

    /// A place in a trace.
    package init(high: UInt64, low: UInt64, span: UInt64, isSampled: Bool) {
        self.high = high
        self.low = low
        self.span = span
        self.isSampled = isSampled
    }

    /// Reads a `traceparent` that this program wrote; nil for anything else.
    package init?(traceparent: some Sequence<UInt8>) {
        let parts = Array(traceparent).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 32, 16, 2], parts[0].elementsEqual("00".utf8),
            let high = UInt64(hexadecimal: parts[1].prefix(16)),
            let low = UInt64(hexadecimal: parts[1].suffix(16)), let span = UInt64(hexadecimal: parts[2]),
            let flags = UInt64(hexadecimal: parts[3]), high | low != 0, span != 0
        else { return nil }
        self.init(high: high, low: low, span: span, isSampled: flags & 1 == 1)
    }

    /// The trace's identifier: 32 lower-case hexadecimal digits.
    package var traceID: String { high.sixteenDigits + low.sixteenDigits }
    /// The span's identifier: 16 lower-case hexadecimal digits.
    package var spanID: String { span.sixteenDigits }
    /// The place as a `traceparent`.
    package var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }
}

extension UInt64 {
    /// Lower-case hexadecimal digits, and nothing else.
    fileprivate init?(hexadecimal digits: some Sequence<UInt8>) {
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
        self = number
    }

    /// All sixteen of its hexadecimal digits.
    package var sixteenDigits: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
