/// A trait of texts that nobody asked for.
///
/// The weights are those of the OWASP Core Rule Set for its severities: critical 5, error 4, warning 3, notice 2.
/// Words never count, in any language.
public enum SpamSignal: String, CaseIterable, Sendable {
    /// One word is more than three tenths of more than ten words: warning.
    case repetition
    /// A hundred characters or more have less than two bits of information each, as four that take turns would have;
    /// prose has about four (Shannon, "Prediction and entropy of printed English", 1951): critical.
    case monotony
    /// Three links or more, and at least one for every two other words: error.
    case links
    /// Three texts or more of the same user within an hour were nearly the same: notice.
    case duplicates
    /// The same user has handed in more than 32 texts within a minute: notice.
    case flood

    /// What it counts.
    public var weight: Int {
        switch self {
        case .monotony: 5
        case .links: 4
        case .repetition: 3
        case .duplicates, .flood: 2
        }
    }
}

/// How much a text is like spam.
///
/// What repeats or comes quickly is not spam for that alone: programs order series of recordings so.
public struct SpamAssessment: Hashable, Sendable {
    /// From how many points on a text counts as spam: one critical signal, or several lesser ones together, as in the
    /// OWASP Core Rule Set.
    public static let threshold = 5
    /// More words than this are looked at for one that repeats.
    private static let fewWords = 10
    /// From how many characters on they are looked at for how much they say.
    private static let leastLength = 100
    private static let leastBits = 2.0
    private static let leastLinks = 3
    private static let leastDuplicates = 3

    /// What speaks for it, in the order of their declaration.
    public let signals: [SpamSignal]

    /// Judges a text by itself, in time proportional to its length.
    public init(of text: String) {
        self.init(of: text, duplicates: 0, isFlood: false)
    }

    /// Judges a text of a user, and takes note of it.
    ///
    /// - Parameters:
    ///   - recent: What is remembered of that user's texts.
    ///   - now: In nanoseconds of a clock that never goes back.
    public init(of text: String, after recent: inout RecentTexts, at now: Int64) {
        let (duplicates, isFlood) = recent.note(SimHash(text), at: now)
        self.init(of: text, duplicates: duplicates, isFlood: isFlood)
    }

    private init(of text: String, duplicates: Int, isFlood: Bool) {
        let words = WordCount(of: text)
        signals = SpamSignal.allCases.filter { signal in
            switch signal {
            case .repetition: words.count > Self.fewWords && 10 * words.mostFrequent > 3 * words.count
            case .monotony: Self.isMonotonous(text)
            case .links: words.links >= Self.leastLinks && 2 * words.links >= words.count - words.links
            case .duplicates: duplicates >= Self.leastDuplicates
            case .flood: isFlood
            }
        }
    }

    /// The weights of all signals together.
    public var score: Int { signals.reduce(0) { $0 + $1.weight } }

    /// Whether there are points enough.
    public var isSpam: Bool { score >= Self.threshold }

    private static func isMonotonous(_ text: String) -> Bool {
        guard text.utf8.count >= leastLength else { return false }
        var ascii = [Int](repeating: 0, count: 128)
        var others: [Unicode.Scalar: Int] = [:]
        var total = 0
        for scalar in text.unicodeScalars {
            total += 1
            if scalar.isASCII {
                ascii[Int(scalar.value)] += 1
            } else {
                others[scalar, default: 0] += 1
            }
        }
        guard total >= leastLength else { return false }
        // The entropy is log₂ n − Σ c·log₂ c ∕ n, with c of each character.
        let counts = ascii.filter { $0 > 0 } + Array(others.values)
        let sum = counts.reduce(0.0) { $0 + Double($1) * naturalLogarithm(Double($1)) }
        let bits = (naturalLogarithm(Double(total)) - sum / Double(total)) / naturalLogarithm(2)
        return bits < leastBits
    }
}

/// The words of a text, counted in one pass over its bytes.
private struct WordCount {
    /// How many there are.
    private(set) var count = 0
    /// How often the most frequent one stands there.
    private(set) var mostFrequent = 0
    /// How many of them are links.
    private(set) var links = 0

    /// Words stand between white space; marks and the case of ASCII letters do not tell them apart.
    init(of text: String) {
        var frequencies: [UInt64: Int] = [:]
        var word = Word()
        for byte in text.utf8 {
            switch byte {
            case 0x09...0x0D, 0x20:
                take(word, &frequencies)
                word = Word()
            default: word.append(byte)
            }
        }
        take(word, &frequencies)
    }

    private mutating func take(_ word: Word, _ frequencies: inout [UInt64: Int]) {
        guard word.hasLetters else { return }
        count += 1
        if word.isLink { links += 1 }
        let frequency = frequencies[word.hash, default: 0] + 1
        frequencies[word.hash] = frequency
        mostFrequent = max(mostFrequent, frequency)
    }

    /// A word while it is read, known by the FNV-1a hash (Fowler, Noll and Vo) of its letters and digits.
    private struct Word {
        private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        private(set) var hasLetters = false
        private(set) var isLink = false
        /// The last four bytes, in lower case.
        private var tail: UInt32 = 0
        private var length = 0

        mutating func append(_ byte: UInt8) {
            let folded = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            tail = tail << 8 | UInt32(folded)
            length += 1
            if tail & 0xFF_FFFF == 0x3A_2F2F || length == 4 && tail == 0x7777_772E { isLink = true }
            guard folded.isASCIILetter || folded.isASCIIDigit || folded >= 0x80 else { return }
            hasLetters = true
            hash = (hash ^ UInt64(folded)) &* 0x100_0000_01B3
        }
    }
}
