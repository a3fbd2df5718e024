/// A media type, such as `video/mp4` or `text/plain; charset=utf-8` (RFC 9110, section 8.3).
package struct MediaType: Equatable, Sendable {
    /// The type, in lower case: `video`.
    package let type: String
    /// The subtype, in lower case: `mp4`.
    package let subtype: String
    /// Its parameters by name in lower case.
    package let parameters: [String: String]

    /// Reads the value of a `Content-Type` field; nil for anything that is none.
    package init?(_ text: String) {
        guard let parsed = ParameterizedValue(text) else { return nil }
        let halves = parsed.value.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, halves.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isTokenByte) })
        else { return nil }
        type = String(halves[0])
        subtype = String(halves[1])
        parameters = parsed.parameters
    }

    /// Type and subtype without parameters.
    package var essence: String { "\(type)/\(subtype)" }

    /// How much an `Accept` field wants this type: the quality, in thousandths, of its most specific match.
    ///
    /// - Returns: 0 is not acceptable; a missing or empty field accepts everything.
    package func quality(in accept: String?) -> Int {
        guard let accept, !accept.trimmingSpaces.isEmpty else { return 1000 }
        var best = (specificity: -1, quality: 0)
        for item in accept.split(separator: ",") {
            guard let range = MediaType(item.trimmingSpaces) else { continue }
            let specificity: Int
            switch (range.type, range.subtype) {
            case (type, subtype): specificity = 2
            case (type, "*"): specificity = 1
            case ("*", "*"): specificity = 0
            default: continue
            }
            if specificity > best.specificity {
                best = (specificity, Self.quality(range.parameters["q"]))
            }
        }
        return best.quality
    }

    /// A weight in thousandths (RFC 9110, section 12.4.2); a missing one is 1000, a malformed one 0.
    static func quality(_ text: String?) -> Int {
        guard let text else { return 1000 }
        guard let value = Double(text), value >= 0 else { return 0 }
        return Int((min(value, 1) * 1000).rounded())
    }
}

/// Whether a byte may stand in a token: a method, a field name, a type (RFC 9110, section 5.6.2).
package func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
        UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
        true
    default: false
    }
}
