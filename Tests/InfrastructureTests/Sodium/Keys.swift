import Infrastructure

/// Keys that tests know.
enum Keys {
    /// The digits of a key whose bytes count up from `first`.
    static func digits(from first: UInt8) -> String {
        (0..<32).map { index in
            let digits = String(first &+ UInt8(index), radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }.joined()
    }

    /// A ring of such keys, the one in use first.
    static func ring(_ firsts: UInt8...) throws -> KeyRing {
        try KeyRing(firsts.map(digits).joined(separator: "\n").utf8)
    }
}
