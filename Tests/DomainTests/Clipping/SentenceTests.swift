import Domain
import Testing

@Suite("Sentences") struct SentenceTests {
    private func words(_ timed: [(String, Double, Double)], speaker: [String?] = []) -> Transcript {
        Transcript(
            words: timed.enumerated().map { index, word in
                let label = index < speaker.count ? speaker[index] : nil
                return Word(
                    text: word.0, span: TimeSpan(start: word.1, end: word.2), speaker: label.map(Speaker.init)
                )
            }, language: nil, engine: "test")
    }

    @Test(
        "sentences end at punctuation in any script",
        arguments: [
            ("It rains. It pours! Does it?", ["It rains.", "It pours!", "Does it?"]),
            ("He said “go.” She went.", ["He said “go.”", "She went."]),
            (
                "Mr. Smith met Dr. J. R. Jones. They talked.",
                ["Mr. Smith met Dr. J. R. Jones.", "They talked."]
            ),
            ("It costs 3.50 dollars at most. Yes.", ["It costs 3.50 dollars at most.", "Yes."]),
            ("Well... maybe not. Fine.", ["Well... maybe not.", "Fine."]),
            ("هل تعرف؟ نعم أعرف.", ["هل تعرف؟", "نعم أعرف."]),
            ("これは 本です。 そうですか？", ["これは本です。", "そうですか？"]),
        ])
    func punctuation(text: String, expected: [String]) {
        #expect(spoken(text).sentences.map(\.text) == expected)
    }

    @Test("without punctuation they end at pauses, and hesitations join their neighbour")
    func pauses() {
        let transcript = words([
            ("i", 0, 0.2), ("went", 0.2, 0.5), ("home", 0.5, 1), ("then", 1.5, 1.8), ("um", 2.4, 2.6),
            ("it", 2.9, 3), ("rained", 3, 3.4), ("hard", 3.4, 3.8),
        ])
        #expect(transcript.sentences.map(\.text) == ["i went home then", "um it rained hard"])
    }

    @Test("a change of the speaker always ends one")
    func speakers() {
        let transcript = words(
            [("we", 0, 0.3), ("met", 0.3, 0.6), ("did", 0.6, 0.9), ("you", 0.9, 1.2)],
            speaker: ["A", "A", "B", "B"])
        #expect(transcript.sentences.map(\.text) == ["we met", "did you"])
        #expect(transcript.sentences.map(\.speaker?.label) == ["A", "B"])
    }

    @Test("every word is in exactly one, and none is endless", arguments: [0.0, 0.01, 0.2])
    func covers(gap: Double) {
        let timed = (0..<900).map { ("w\($0)", Double($0) * (0.3 + gap), Double($0) * (0.3 + gap) + 0.3) }
        let sentences = words(timed).sentences
        #expect(sentences.flatMap { Array($0.words) } == Array(0..<900))
        #expect(sentences.allSatisfy { $0.span.duration <= 20 && $0.words.count <= 45 })
    }

    @Test("no words make no sentences")
    func empty() {
        #expect(words([]).sentences.isEmpty)
    }
}
