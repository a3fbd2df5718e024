import Domain
import Testing

@Suite("Spread of captions over speech") struct CaptionSpreadTests {
    private func cue(_ start: Double, _ end: Double, _ text: String) -> CaptionCue {
        CaptionCue(span: TimeSpan(start: start, end: end), text: text)
    }

    @Test("C24: words fill their entry in order, in proportion to their length")
    func proportional() {
        let words = CaptionSpread(silences: []).words(of: [cue(10, 12, "a somewhat\nlonger text")])
        #expect(words.map(\.text) == ["a", "somewhat", "longer", "text"])
        #expect(words.first?.span.start == 10 && abs((words.last?.span.end ?? 0) - 12) < 1e-9)
        #expect(zip(words, words.dropFirst()).allSatisfy { $0.span.end == $1.span.start })
        #expect(words[1].span.duration > words[2].span.duration)
        #expect(words[2].span.duration > words[0].span.duration)
    }

    @Test("C24: no word lies in a silence")
    func avoidsSilence() {
        let silences = [
            TimeSpan(start: 0, end: 0.8), TimeSpan(start: 2, end: 3.1), TimeSpan(start: 4.2, end: 9),
        ]
        let words = CaptionSpread(silences: silences)
            .words(of: [cue(0.2, 5, "these words are spoken in two parts with a pause")])
        #expect(words.count == 10)
        for word in words {
            #expect(silences.allSatisfy { $0.overlap(with: word.span) < 1e-9 }, "\(word)")
            #expect(word.span.duration > 0.02)
        }
    }

    @Test("C24: an entry in silence keeps its words")
    func silentEntry() {
        let words = CaptionSpread(silences: [TimeSpan(start: 0, end: 100)]).words(of: [
            cue(10, 11, "unheard words")
        ])
        #expect(words.map(\.text) == ["unheard", "words"])
        #expect(words.allSatisfy { $0.span.start >= 10 && $0.span.end <= 11.000001 })
    }

    @Test("C24: entries that overlap lose and double no word, and end in order")
    func overlaps() {
        let cues = [cue(0, 3, "one two"), cue(2, 5, "three four"), cue(5, 8, "five"), cue(5, 8, "six")]
        let words = CaptionSpread(silences: []).words(of: cues)
        #expect(words.map(\.text) == ["one", "two", "three", "four", "five", "six"])
        #expect(zip(words, words.dropFirst()).allSatisfy { $0.span.end <= $1.span.start + 1e-9 })
    }

    @Test("C24: an entry that stands long after its words does not stretch them")
    func longEntry() {
        let words = CaptionSpread(silences: []).words(of: [cue(0, 60, "short text")])
        #expect(words.allSatisfy { $0.span.end < 4 })
    }

    @Test("C24: entries without length and at the end of silences are kept")
    func noLength() {
        let words = CaptionSpread(silences: []).words(of: [cue(4, 4, "now")])
        #expect(words.map(\.text) == ["now"])
    }

    @Test("scripts without spaces are cut into short phrases and joined again without spaces")
    func unspaced() {
        let text = "私は東京に住んでいます。天気がいいですね"
        let words = CaptionSpread(silences: []).words(of: [cue(0, 4, text)])
        #expect(words.count >= 4 && words.allSatisfy { $0.text.count <= 9 })
        #expect(words.map(\.text).joinedAsWritten() == text)
        #expect(["Tokyo", "は", "大きい", "city", "です"].joinedAsWritten() == "Tokyo は大きい city です")
    }
}
