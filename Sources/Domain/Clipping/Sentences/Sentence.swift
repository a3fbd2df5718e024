/// A sentence of a transcript: the smallest part that a clip may start or end with.
public struct Sentence: Hashable, Sendable {
    /// Which words of the transcript it holds.
    public let words: Range<Int>
    /// From the start of its first word to the end of its last.
    public let span: TimeSpan
    /// Its words, joined as they are written.
    public let text: String
    /// Who says it; nil when speakers were not told apart.
    public let speaker: Speaker?

    /// The sentence that `words` of a transcript make; an empty range makes none.
    init?(words: Range<Int>, of all: [Word]) {
        guard !words.isEmpty else { return nil }
        self.words = words
        let said = all[words]
        span = TimeSpan(
            start: all[words.lowerBound].span.start,
            end: said.reduce(all[words.lowerBound].span.end) { max($0, $1.span.end) })
        text = said.lazy.map(\.text).joinedAsWritten()
        speaker = all[words.lowerBound].speaker
    }
}

extension Transcript {
    /// The transcript cut into sentences, every word in exactly one.
    ///
    /// Sentences end at punctuation where there is any, otherwise at pauses; a change of the speaker and a long
    /// pause always end one. What is longer than ``SentenceRules/mostSeconds`` is cut at its clearest pause, so
    /// that recognisers without punctuation yield usable borders too. No rule knows a language.
    public var sentences: [Sentence] {
        SentenceRules(words: words).borders()
    }
}

/// How words are grouped into sentences.
package struct SentenceRules {
    /// A pause that always ends a sentence, in seconds.
    package static let longPause = 2.0
    /// A pause that ends a sentence wherever there is no punctuation, in seconds.
    package static let sentencePause = 0.45
    /// The shortest pause that may end one, in seconds: some recognisers leave next to nothing between words.
    package static let leastPause = 0.04
    /// How many words a sentence has on average, by which the pauses that end one are told from the others.
    package static let usualWords = 12
    /// Longer sentences are cut, in seconds.
    package static let mostSeconds = 20.0
    /// Longer sentences are cut, in words.
    package static let mostWords = 45
    /// Without punctuation, fewer words than this are no sentence but a hesitation.
    static let fewestWords = 3
    /// A transcript counts as punctuated when it ends a sentence at least once in so many words.
    static let wordsPerMark = 50

    let words: [Word]
    private let punctuated: Bool
    /// The pause that ends a sentence in this transcript, in seconds.
    private let pause: Double

    init(words: [Word]) {
        self.words = words
        let pauses = zip(words, words.dropFirst()).map { $1.span.start - $0.span.end }.sorted(by: >)
        let usual = words.count / Self.usualWords
        pause =
            usual < pauses.count
            ? min(Self.sentencePause, max(Self.leastPause, pauses[usual])) : Self.sentencePause
        let marks = words.count { $0.text.endsSentence }
        punctuated = marks > 0 && marks * Self.wordsPerMark >= words.count
    }

    func borders() -> [Sentence] {
        var pieces: [Range<Int>] = []
        var start = 0
        for index in words.indices where isBorder(after: index) {
            pieces.append(start..<index + 1)
            start = index + 1
        }
        if !punctuated { pieces = joiningHesitations(pieces) }
        return pieces.flatMap(cut).compactMap { Sentence(words: $0, of: words) }
    }

    private func pause(after index: Int) -> Double {
        index + 1 < words.count ? words[index + 1].span.start - words[index].span.end : .infinity
    }

    private func changesSpeaker(after index: Int) -> Bool {
        index + 1 < words.count && words[index].speaker != words[index + 1].speaker
    }

    private func isBorder(after index: Int) -> Bool {
        let pause = pause(after: index)
        if pause >= Self.longPause || changesSpeaker(after: index) { return true }
        if punctuated {
            return words[index].text.endsSentence
                && !words[index].text.isAbbreviation(before: words[index + 1].text)
        }
        return words[index].text.endsSentence || pause >= self.pause
    }

    /// Joins pieces of one or two words to the neighbour that the shorter pause parts them from.
    private func joiningHesitations(_ pieces: [Range<Int>]) -> [Range<Int>] {
        var joined: [Range<Int>] = []
        var carried: Range<Int>?
        for piece in pieces {
            var piece = piece
            if let held = carried {
                piece = held.lowerBound..<piece.upperBound
                carried = nil
            }
            guard piece.count < Self.fewestWords else {
                joined.append(piece)
                continue
            }
            let before = joined.isEmpty ? .infinity : border(after: piece.lowerBound - 1)
            let after = border(after: piece.upperBound - 1)
            if min(before, after) >= Self.longPause {
                joined.append(piece)
            } else if before <= after, let last = joined.popLast() {
                joined.append(last.lowerBound..<piece.upperBound)
            } else {
                carried = piece
            }
        }
        if let carried { joined.append(carried) }
        return joined
    }

    /// How firmly two neighbours are parted, in seconds of pause.
    private func border(after index: Int) -> Double {
        changesSpeaker(after: index) ? .infinity : pause(after: index)
    }

    /// Cuts a sentence that is too long at its clearest pause, again and again; never within an eighth of its
    /// ends, so that the work stays proportional to n log n.
    private func cut(_ piece: Range<Int>) -> [Range<Int>] {
        let seconds = words[piece.upperBound - 1].span.end - words[piece.lowerBound].span.start
        guard piece.count >= 2, seconds > Self.mostSeconds || piece.count > Self.mostWords else {
            return [piece]
        }
        let margin = max(1, piece.count / 8)
        let middle = Double(piece.lowerBound + piece.upperBound) / 2
        var best = (at: piece.lowerBound + piece.count / 2, clarity: -Double.infinity)
        for index in piece.lowerBound + margin - 1..<piece.upperBound - margin {
            let distance = (Double(index + 1) - middle).magnitude / Double(piece.count)
            let clarity = pause(after: index) + (words[index].text.endsClause ? 0.3 : 0) - 0.2 * distance
            if clarity > best.clarity { best = (index + 1, clarity) }
        }
        return cut(piece.lowerBound..<best.at) + cut(best.at..<piece.upperBound)
    }
}
