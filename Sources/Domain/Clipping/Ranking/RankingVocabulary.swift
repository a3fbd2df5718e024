/// The words of a transcript that carry meaning, as numbered terms with their weights.
struct RankingVocabulary {
    /// For each word of the transcript its plain form: lower case, letters and digits only.
    let plain: [String]
    /// For each word its term, nil for words that carry no meaning of their own.
    let terms: [Int?]
    /// For each term how much it tells: its inverse sentence frequency.
    let weights: [Double]
    /// For each term its most frequent form.
    let forms: [String]
    /// For each term how often it is said.
    let counts: [Int]

    /// Words that are in more sentences than this share tell nothing, whatever the language.
    private static let commonShare = 0.25

    init(words: [Word], sentences: [Sentence]) {
        plain = words.map(\.text.plainWord)
        var numbers: [String: Int] = [:]
        var numbered: [Int?] = []
        numbered.reserveCapacity(plain.count)
        var spoken: [[String: Int]] = []
        for word in plain {
            guard Self.isMeaningful(word) else {
                numbered.append(nil)
                continue
            }
            let stem = Self.stem(word)
            let number = numbers[stem, default: spoken.count]
            if number == spoken.count {
                numbers[stem] = number
                spoken.append([:])
            }
            spoken[number][word, default: 0] += 1
            numbered.append(number)
        }
        var sentencesWith = Array(repeating: 0, count: spoken.count)
        for sentence in sentences {
            for term in Set(numbered[sentence.words].compactMap { $0 }) { sentencesWith[term] += 1 }
        }
        let count = Double(sentences.count)
        let tooCommon = max(8, Self.commonShare * count)
        terms = numbered.map { term in
            term.flatMap { Double(sentencesWith[$0]) > tooCommon ? nil : $0 }
        }
        weights = sentencesWith.map { naturalLogarithm(1 + count / (Double($0) + 0.5)) }
        forms = spoken.map { forms in
            forms.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
        }
        counts = spoken.map { $0.values.reduce(0, +) }
    }

    /// The terms of a text that somebody typed, such as the wanted topic.
    static func stems(of text: String) -> Set<String> {
        Set(text.writtenWords.map(\.plainWord).filter(isMeaningful).map(stem))
    }

    /// The stem of each term, in their order.
    var stems: [String] { forms.map(Self.stem) }

    private static func isMeaningful(_ word: String) -> Bool {
        guard let first = word.first else { return false }
        if first.isUnspaced { return word.count >= 2 }
        return word.count >= 3 && !RankingCues.functionWords.contains(word)
    }

    /// A crude stem that serves many languages: the first letters, endings left off.
    ///
    /// Truncation to five or six letters performs close to language-specific stemmers (McNamee and Mayfield,
    /// "Character N-Gram Tokenization for European Language Text Retrieval", 2004).
    static func stem(_ word: String) -> String {
        var stem = word
        if stem.count > 3, stem.hasSuffix("s"), !stem.hasSuffix("ss") { stem.removeLast() }
        if stem.count > 5, stem.hasSuffix("ing") { stem.removeLast(3) }
        if stem.count > 4, stem.hasSuffix("ed") { stem.removeLast(2) }
        if stem.count > 4, stem.hasSuffix("e") { stem.removeLast() }
        if stem.count > 3, stem.hasSuffix("y") {
            stem.removeLast()
            stem += "i"
        }
        return String(stem.prefix(6))
    }
}

/// Weights of terms, such as of a sentence or a topic.
struct TermVector {
    private(set) var weights: [Int: Double] = [:]

    mutating func add(_ term: Int, _ weight: Double) { weights[term, default: 0] += weight }

    mutating func add(_ other: TermVector) {
        for (term, weight) in other.weights { weights[term, default: 0] += weight }
    }

    var length: Double { power(weights.values.sorted().reduce(0) { $0 + $1 * $1 }, 0.5) }

    /// How alike the two are, 0–1: the cosine of their angle.
    func likeness(to other: TermVector) -> Double { cosine(with: other, length: other.length) }

    /// The same, where the other's length is known.
    func cosine(with other: TermVector, length otherLength: Double) -> Double {
        // Summed in the order of the terms: dictionaries differ in theirs from run to run.
        var product = 0.0
        for (term, weight) in weights.sorted(by: { $0.key < $1.key }) {
            if let counterpart = other.weights[term] { product += weight * counterpart }
        }
        return product > 0 ? product / (length * otherLength) : 0
    }
}
