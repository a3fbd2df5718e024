/// Makes headlines of three to nine words out of what is said.
struct Headline {
    /// How many words a headline has, where enough is said.
    static let words = 3...9
    /// The most characters of a headline.
    static let mostCharacters = 64

    let ranking: Ranking

    /// A headline for a span with speech: the run of words that tells most, preferably one that begins or ends
    /// a sentence or clause.
    func text(for span: TimeSpan) -> String {
        let said = ranking.saidSentences(in: span)
        var best = (words: 0..<0, worth: -Double.infinity)
        for index in said {
            let opening = index == said.lowerBound ? 0.5 : index == said.lowerBound + 1 ? 0.25 : 0
            let bonus =
                opening + 0.3 * ranking.features[index].hook + 0.3 * ranking.features[index].centrality
            let sentence = ranking.sentences[index].words
            for start in sentence {
                for count in Self.words where start + count <= sentence.upperBound {
                    let candidate = start..<start + count
                    let worth = worth(of: candidate, in: sentence) + bonus
                    if worth > best.worth, length(of: candidate) <= Self.mostCharacters {
                        best = (candidate, worth)
                    }
                }
            }
        }
        if best.words.isEmpty { best.words = firstWords(in: span) }
        return Self.cleaned(ranking.transcript.words[best.words].lazy.map(\.text).joinedAsWritten())
    }

    private func worth(of candidate: Range<Int>, in sentence: Range<Int>) -> Double {
        let plain = ranking.vocabulary.plain
        let texts = ranking.transcript.words
        var worth = 0.0
        var seen: Set<Int> = []
        for index in candidate {
            guard let term = ranking.vocabulary.terms[index], seen.insert(term).inserted else { continue }
            worth += 0.25 + 0.1 * min(3, Double(ranking.vocabulary.counts[term]) - 1)
        }
        worth /= power(Double(candidate.count), 0.4)
        let first = plain[candidate.lowerBound]
        let last = plain[candidate.upperBound - 1]
        let begins =
            candidate.lowerBound == sentence.lowerBound || texts[candidate.lowerBound - 1].text.endsClause
        let ends =
            candidate.upperBound == sentence.upperBound || texts[candidate.upperBound - 1].text.endsClause
        worth += (begins ? 0.6 : 0) + (ends ? 0.45 : 0)
        // Words that only bind make poor ends, and poor starts unless the sentence itself starts there.
        if RankingCues.functionWords.contains(last) || last.isEmpty { worth -= ends ? 0.1 : 0.8 }
        if RankingCues.functionWords.contains(first), !begins { worth -= 0.35 }
        if ["and", "but", "so", "or", "because", "um", "uh", "well", "then"].contains(first) { worth -= 0.4 }
        // A clause that breaks in the middle reads badly.
        if texts[candidate.dropLast()].contains(where: { $0.text.endsSentence }) { worth -= 0.6 }
        return worth
    }

    private func length(of candidate: Range<Int>) -> Int {
        ranking.transcript.words[candidate].reduce(-1) { $0 + $1.text.count + 1 }
    }

    private func firstWords(in span: TimeSpan) -> Range<Int> {
        let words = ranking.transcript.words
        guard let first = words.firstIndex(where: { span.contains(($0.span.start + $0.span.end) / 2) }) else {
            return 0..<0
        }
        var upper = first + 1
        while upper < words.count, upper - first < Self.words.upperBound, words[upper].span.end <= span.end,
            length(of: first..<upper + 1) <= Self.mostCharacters
        {
            upper += 1
        }
        return first..<upper
    }

    /// A headline without quotes, hashtags and stray punctuation, beginning with a capital, at most
    /// ``mostCharacters`` long and nine words.
    static func cleaned(_ text: String) -> String {
        var words: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace).prefix(Self.words.upperBound) {
            let kept = String(word.filter { !unwanted.contains($0) && !$0.isControl })
            guard words.reduce(kept.count, { $0 + $1.count + 1 }) <= mostCharacters else { break }
            if kept.contains(where: { $0.isLetter || $0.isNumber || $0.isSymbol }) { words.append(kept) }
        }
        if words.isEmpty {
            // One endless word: what fits of it.
            let start = text.filter { !unwanted.contains($0) && !$0.isControl && !$0.isWhitespace }
            words = [String(start.prefix(mostCharacters))]
        }
        var line = words.joined(separator: " ")
        while let last = line.last, trailing.contains(last) { line.removeLast() }
        while let first = line.first, first.isPunctuation, first != "¿", first != "¡" { line.removeFirst() }
        guard let first = line.first else { return line }
        return first.uppercased() + line.dropFirst()
    }

    private static let unwanted: Set<Character> = [
        "\"", "“", "”", "„", "«", "»", "#", "*", "_", "`", "<", ">", "{", "}", "\\", "[", "]",
    ]
    private static let trailing: Set<Character> = [
        ".", ",", ";", ":", "-", "–", "—", "…", "。", "、", "，", " ",
    ]
}

extension Character {
    /// Whether it is a control character, which no caption or headline holds.
    fileprivate var isControl: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
