/// Holds texts against all rules in one pass each.
struct ThreatRater: Sendable {
    /// The bytes behind a connective that are looked at for a comparison.
    private static let comparisonWindow = 80
    /// The longest name of a handler behind its `on`.
    private static let longestHandler = 32

    private let matcher: PatternMatcher
    /// To which rule each text of the matcher belongs, and how long it is.
    private let owners: [(rule: Int, length: Int)]

    init() {
        var texts: [[UInt8]] = []
        var owners: [(rule: Int, length: Int)] = []
        for (index, rule) in ThreatRules.all.enumerated() {
            for text in rule.texts {
                texts.append(Array(text.utf8))
                owners.append((index, text.utf8.count))
            }
        }
        matcher = PatternMatcher(texts)
        self.owners = owners
    }

    /// Texts that are being rated together.
    struct Rating {
        fileprivate var met = Set<Int>()
        fileprivate var steps = 0
    }

    /// Rates one text, as it stands in the request.
    func rate(
        _ text: some Sequence<UInt8>, in place: ThreatPlace, plusIsSpace: Bool = false, _ rating: inout Rating
    ) {
        let canonical = CanonicalText(text, plusIsSpace: plusIsSpace)
        rating.steps += canonical.steps
        if !place.isDisjoint(with: .target) {
            if canonical.isDisguised { rating.met.insert(Self.index(of: ThreatRules.disguise)) }
            if canonical.hasLineBreak { rating.met.insert(Self.index(of: ThreatRules.lineBreak)) }
        }
        var (met, looks) = (rating.met, 0)
        rating.steps += matcher.scan(canonical.bytes) { text, end in
            let (index, length) = owners[text]
            let rule = ThreatRules.all[index]
            guard !rule.places.isDisjoint(with: place), !met.contains(index) else { return }
            looks += rule.edges == .comparison || rule.edges == .handler ? Self.comparisonWindow : 1
            if Self.stands(canonical.bytes, end - length..<end, rule.edges) { met.insert(index) }
        }
        rating.met = met
        rating.steps += looks
    }

    /// What all of them come to.
    func assessment(of rating: Rating) -> ThreatAssessment {
        let rules = rating.met.sorted().map { ThreatRules.all[$0] }
        return ThreatAssessment(
            rules: rules.map(\.name),
            families: ThreatFamily.allCases.filter { family in rules.contains { $0.family == family } },
            score: rules.reduce(0) { $0 + $1.severity.rawValue }, steps: rating.steps)
    }

    private static func index(of rule: ThreatRule) -> Int {
        ThreatRules.all.firstIndex { $0.name == rule.name } ?? 0
    }

    // MARK: What stands around a text

    private static func stands(_ text: [UInt8], _ range: Range<Int>, _ edges: ThreatRule.Edges) -> Bool {
        // Some texts take the marks of the start and the end in.
        let before = range.lowerBound > 0 ? text[range.lowerBound - 1] : CanonicalText.start
        let behind = range.upperBound < text.count ? text[range.upperBound] : CanonicalText.end
        switch edges {
        case .none: return true
        case .start: return !CanonicalText.isWord(before) || !CanonicalText.isWord(text[range.lowerBound])
        case .word:
            return !(CanonicalText.isWord(before) && CanonicalText.isWord(text[range.lowerBound]))
                && !CanonicalText.isWord(behind)
        case .command: return !CanonicalText.isWord(behind) && behind != UInt8(ascii: "=")
        case .broken: return isBroken(text, before: range.lowerBound)
        case .comparison:
            return comparison(
                in: text, from: range.upperBound, ofConstants: !isBroken(text, before: range.lowerBound))
        case .handler: return !CanonicalText.isWord(before) && isSet(text, from: range.upperBound)
        case .segment: return behind == CanonicalText.end || behind == UInt8(ascii: "/")
        }
    }

    private static func isBroken(_ text: [UInt8], before index: Int) -> Bool {
        var index = index - 1
        guard index >= 0 else { return true }
        if text[index] == 0x20 { index -= 1 }
        switch text[index] {
        case CanonicalText.start, UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: ")"),
            UInt8(ascii: ";"), UInt8(ascii: "/"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return true
        default: return false
        }
    }

    /// Whether the name that goes on here is set to a value.
    private static func isSet(_ text: [UInt8], from start: Int) -> Bool {
        let name = text[start..<min(text.count, start + longestHandler)].prefix {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        }
        return name.count >= 3 && name.endIndex < text.count && text[name.endIndex] == UInt8(ascii: "=")
    }

    /// Whether two values are compared here, such as `1=1`, `'a' like 'b'` or `not(2>1)`.
    ///
    /// - Parameter isOfConstants: Whether the values must be numbers or stand in quotation marks.
    private static func comparison(in text: [UInt8], from start: Int, ofConstants isOfConstants: Bool) -> Bool
    {
        let limit = min(text.count, start + comparisonWindow)
        var rest = text[start..<limit]
        guard let first = rest.first, !CanonicalText.isWord(first) || !CanonicalText.isWord(text[start - 1])
        else { return false }
        rest = rest.drop { $0 == 0x20 || $0 == UInt8(ascii: "(") }
        if rest.starts(with: Array("not ".utf8)) { rest = rest.dropFirst(4) }
        guard passOperand(&rest, isConstant: isOfConstants) else { return false }
        rest = rest.drop { $0 == 0x20 || $0 == UInt8(ascii: ")") }
        let signs = rest.prefix { isComparison($0) }
        if !signs.isEmpty {
            rest = rest.dropFirst(signs.count)
        } else {
            let word = rest.prefix { CanonicalText.isWord($0) }
            guard
                ["like", "is", "in", "between", "rlike", "regexp", "glob"].contains(where: word.elementsEqual)
            else {
                return false
            }
            rest = rest.dropFirst(word.count).drop { $0 == 0x20 }
        }
        return passOperand(&rest, isConstant: isOfConstants)
    }

    private static func isComparison(_ byte: UInt8) -> Bool {
        [UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "!")].contains(byte)
    }

    /// Passes a word, a number or something in quotation marks.
    private static func passOperand(_ rest: inout ArraySlice<UInt8>, isConstant: Bool) -> Bool {
        guard let first = rest.first else { return false }
        if first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") {
            // What is open at the end is closed by the query that it stands in.
            rest = rest.dropFirst().drop { $0 != first }.dropFirst()
            return true
        }
        if first == UInt8(ascii: "(") { return !isConstant }
        let word = rest.prefix { CanonicalText.isWord($0) || $0 == UInt8(ascii: ".") }
        rest = rest.dropFirst(word.count)
        return !word.isEmpty
            && (!isConstant || word.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    }
}

extension ArraySlice<UInt8> {
    fileprivate func elementsEqual(_ text: String) -> Bool { elementsEqual(text.utf8) }
}
