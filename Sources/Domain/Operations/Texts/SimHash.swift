/// A fingerprint of a text that changes little when the text does.
///
/// SimHash (Charikar, "Similarity estimation techniques from rounding algorithms", 2002): every run of four letters or
/// digits votes with the 64 bits of its hash, and each bit of the fingerprint is what most of them have there. White
/// space, marks and the case of ASCII letters do not count.
public struct SimHash: Hashable, Sendable {
    /// The fewest letters and digits of a text that has one: shorter ones are alike by chance, as “Part 1” and “Part 2”.
    public static let leastLength = 32
    /// In how many bits two texts differ at most that count as the same.
    ///
    /// Manku, Jain and Das Sarma ("Detecting near-duplicates for web crawling", 2007) take 3 for pages of thousands of
    /// words. One word is far more of a title, and moves more bits; of texts that have nothing in common about 32 differ.
    public static let nearDistance = 8
    /// The most runs that are counted, so that no counter overflows.
    private static let mostRuns = 0xFFFF

    /// The fingerprint.
    public let bits: UInt64

    /// The fingerprint of a text; nil for one that is too short.
    ///
    /// The time is in proportion to the length of the text.
    public init?(_ text: String) {
        var votes = BitVotes()
        var (run, length) = (UInt64(0), 0)
        for scalar in text.unicodeScalars where Self.counts(scalar) {
            run = run << 16 | UInt64(truncatingIfNeeded: Self.folded(scalar) & 0xFFFF)
            length += 1
            guard length >= 4 else { continue }
            votes.add(Self.mixed(run))
            if votes.count == Self.mostRuns { break }
        }
        guard length >= Self.leastLength else { return nil }
        bits = votes.majority
    }

    /// Restores a fingerprint.
    public init(bits: UInt64) {
        self.bits = bits
    }

    /// In how many bits two fingerprints differ, 0–64.
    public func distance(to other: SimHash) -> Int {
        (bits ^ other.bits).nonzeroBitCount
    }

    /// Whether the texts are the same but for a word or two.
    public func isNear(_ other: SimHash) -> Bool {
        distance(to: other) <= Self.nearDistance
    }

    private static func counts(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return scalar.properties.isAlphabetic }
        return UInt8(truncatingIfNeeded: scalar.value).isASCIILetter
            || UInt8(truncatingIfNeeded: scalar.value).isASCIIDigit
    }

    private static func folded(_ scalar: Unicode.Scalar) -> UInt32 {
        (0x41...0x5A).contains(scalar.value) ? scalar.value | 0x20 : scalar.value
    }

    /// The last step of MurmurHash3 (Appleby), by which each bit of what goes in moves half of those that come out.
    private static func mixed(_ run: UInt64) -> UInt64 {
        var bits = run ^ run >> 33
        bits = bits &* 0xFF51_AFD7_ED55_8CCD
        bits ^= bits >> 33
        bits = bits &* 0xC4CE_B9FE_1A85_EC53
        return bits ^ bits >> 33
    }
}

/// Sixty-four counters side by side: digit number `n` of all of them lies in plane `n`.
///
/// To add one bit to each costs about two steps, as counting up by one moves two digits on average.
private struct BitVotes {
    private var planes = [UInt64](repeating: 0, count: 16)
    /// How often was voted.
    private(set) var count = 0

    mutating func add(_ votes: UInt64) {
        var (carry, plane) = (votes, 0)
        while carry != 0 {
            (planes[plane], carry) = (planes[plane] ^ carry, planes[plane] & carry)
            plane += 1
        }
        count += 1
    }

    /// The bits for which more than half have voted.
    var majority: UInt64 {
        (0..<64).reduce(0) { bits, position in
            let votes = planes.indices.reduce(0) { $0 | Int(planes[$1] >> UInt64(position) & 1) << $1 }
            return 2 * votes > count ? bits | 1 << UInt64(position) : bits
        }
    }
}
