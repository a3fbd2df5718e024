// What can be told from the writing alone, in any language.

extension String {
    private static let terminators: Set<Character> = [
        ".", "!", "?", "…", "。", "！", "？", "｡", "؟", "۔", "।", "॥", "։", "።", "‼", "⁇", "⁈", "⁉",
    ]
    private static let clauseMarks: Set<Character> = [",", ";", ":", "—", "–", "、", "，", "；", "：", "،", "؛"]
    private static let closers: Set<Character> = [
        "\"", "'", "”", "’", "»", "›", ")", "]", "}", "」", "』", "）", "】", "«",
    ]
    private static let questionMarks: Set<Character> = ["?", "？", "؟", "⁇", "⁈", "⁉"]
    /// Titles and the like, after which a full stop ends no sentence.
    private static let abbreviations: Set<String> = [
        "mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "no", "nr", "sra", "mme", "bzw", "ca",
    ]

    private var lastMark: Character? {
        last { !Self.closers.contains($0) }
    }

    /// Whether it ends with a mark that ends sentences, closing quotes aside.
    package var endsSentence: Bool { lastMark.map(Self.terminators.contains) ?? false }

    /// Whether it ends with a question mark.
    package var asks: Bool { lastMark.map(Self.questionMarks.contains) ?? false }

    /// Whether it ends with a comma, a colon or the like, or with the end of a sentence.
    package var endsClause: Bool {
        lastMark.map { Self.clauseMarks.contains($0) || Self.terminators.contains($0) } ?? false
    }

    /// Whether its full stop marks an abbreviation or an initial rather than the end of a sentence.
    func isAbbreviation(before next: String) -> Bool {
        guard lastMark == "." || lastMark == "…" else { return false }
        if let letter = next.first(where: { $0.isLetter }), letter.isLowercase { return true }
        let stem = lowercased().filter { $0.isLetter || $0 == "." }.dropLast()
        return stem.count == 1 && stem != "i" && last == "." || Self.abbreviations.contains(String(stem))
    }

    /// Its letters and digits in lower case: `Don't!` becomes `dont`.
    package var plainWord: String {
        String(lowercased().filter { $0.isLetter || $0.isNumber })
    }

    /// Cuts it into words: at white space, and in scripts that write none, where a phrase of Japanese begins
    /// anew or after four ideographs.
    package var writtenWords: [String] {
        split(whereSeparator: \.isWhitespace).flatMap { Self.phrases(of: $0) }
    }

    private static func phrases(of run: Substring) -> [String] {
        guard run.contains(where: \.isUnspaced) else { return [String(run)] }
        var phrases: [String] = []
        var phrase = ""
        for character in run {
            let previous = phrase.last
            let startsAnew =
                previous.map { last in
                    (last.isUnspaced != character.isUnspaced && character.isLetter && last.isLetter)
                        || (last.isHiragana && character.isUnspaced && !character.isHiragana)
                        || (phrase.count >= 4 && last.isUnspaced && character.isUnspaced
                            && !character.isHiragana)
                        || phrase.count >= 8 && character.isUnspaced
                        || (clauseMarks.contains(last) || terminators.contains(last)) && character.isUnspaced
                } ?? false
            if startsAnew {
                phrases.append(phrase)
                phrase = ""
            }
            phrase.append(character)
        }
        if !phrase.isEmpty { phrases.append(phrase) }
        return phrases
    }
}

extension Character {
    /// Whether it is a letter of a script that puts no spaces between words (Chinese, Japanese).
    package var isUnspaced: Bool {
        guard let scalar = unicodeScalars.first?.value else { return false }
        return (0x3041...0x30FF).contains(scalar) || (0x3400...0x4DBF).contains(scalar)
            || (0x4E00...0x9FFF).contains(scalar) || (0xF900...0xFAFF).contains(scalar)
            || (0xFF66...0xFF9F).contains(scalar) || (0x20000...0x3FFFF).contains(scalar)
    }

    fileprivate var isHiragana: Bool {
        unicodeScalars.first.map { (0x3041...0x309F).contains($0.value) } ?? false
    }
}

extension Sequence<String> {
    /// The words as one text, with spaces except within scripts that write none.
    package func joinedAsWritten() -> String {
        var text = ""
        for word in self {
            if let last = text.last, let first = word.first,
                !(first.isUnspaced && (last.isUnspaced || last.isPunctuation && !last.isASCII))
            {
                text += " "
            }
            text += word
        }
        return text
    }
}
