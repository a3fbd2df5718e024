import Domain
import Infrastructure
import Testing

@Suite("Pieces of speech") struct SpeechPiecesTests {
    private func silence(_ start: Double, _ end: Double) -> TimeSpan { TimeSpan(start: start, end: end) }

    @Test("C23: pieces are cut in silences where there are any, are never too long, and leave nothing out")
    func cutsAtSilences() {
        let silences = stride(from: 7.0, to: 600, by: 7).map { silence($0, $0 + 0.4) }
        let pieces = SpeechPieces.plan(duration: 600, silences: silences, longest: 60)
        #expect(pieces.first?.counted.start == 0 && pieces.last?.counted.end == 600)
        #expect(zip(pieces, pieces.dropFirst()).allSatisfy { $0.counted.end == $1.counted.start })
        #expect(pieces.allSatisfy { $0.heard == $0.counted && $0.counted.duration <= 60 })
        for piece in pieces.dropLast() {
            #expect(silences.contains { $0.contains(piece.counted.end) })
        }
        #expect(pieces.count <= 12)
    }

    @Test("C23: without silences pieces share sound with their neighbours")
    func sharesSound() {
        let pieces = SpeechPieces.plan(duration: 130, silences: [], longest: 60)
        #expect(pieces.map(\.counted) == [silence(0, 60), silence(60, 120), silence(120, 130)])
        #expect(pieces.map(\.heard) == [silence(0, 62), silence(58, 122), silence(118, 130)])
    }

    @Test("C23: a tail too short to be recognised goes with the piece before it")
    func shortTail() {
        #expect(
            SpeechPieces.plan(duration: 60.05, silences: [], longest: 60).map(\.heard) == [silence(0, 60.05)])
        let silences = [silence(59, 59.98)]
        for piece in SpeechPieces.plan(duration: 120.02, silences: silences, longest: 60) {
            #expect(piece.heard.duration >= 1)
        }
    }

    @Test("C23: long silences are in no piece; silence alone makes none")
    func skipsSilence() {
        let pieces = SpeechPieces.plan(
            duration: 100, silences: [silence(0, 20), silence(30, 70), silence(90, 100)], longest: 60)
        #expect(pieces.map(\.heard) == [silence(19.5, 30.5), silence(69.5, 90.5)])
        #expect(SpeechPieces.plan(duration: 50, silences: [silence(0, 50)], longest: 60).isEmpty)
        #expect(SpeechPieces.plan(duration: 3, silences: [], longest: 60).map(\.heard) == [silence(0, 3)])
    }

    /// What a recogniser hears of a spoken text in a stretch, its times off by a little.
    private func recognised(_ spoken: [Word], in piece: SpeechPiece, off: Double) -> [Word] {
        spoken.filter { $0.span.start >= piece.heard.start && $0.span.end <= piece.heard.end }.map {
            Word(text: $0.text, span: TimeSpan(start: $0.span.start + off, end: $0.span.end + off))
        }
    }

    @Test(
        "C23: stitching loses and doubles no word, wherever the cut falls and however the times differ",
        arguments: 0..<40)
    func stitches(step: Int) {
        let words = [
            "the", "cat", "sat", "on", "the", "mat", "and", "the", "dog", "sat", "by", "the", "door",
        ]
        let spoken = (0..<400).map { index in
            Word(
                text: words[index % words.count],
                span: TimeSpan(start: Double(index) * 0.35, end: Double(index) * 0.35 + 0.33))
        }
        let pieces = SpeechPieces.plan(duration: 140, silences: [], longest: 30 + Double(step) * 0.11)
        for off in [0, 0.04, -0.04] {
            let parts = pieces.enumerated().map { index, piece in
                (
                    piece: piece,
                    words: recognised(spoken, in: piece, off: index.isMultiple(of: 2) ? off : -off)
                )
            }
            #expect(SpeechPieces.stitch(parts.reversed()).map(\.text) == spoken.map(\.text))
        }
    }

    @Test("C23: where two pieces heard different words at the cut each word is there once")
    func disagreement() {
        let pieces = SpeechPieces.plan(duration: 100, silences: [], longest: 60)
        func word(_ text: String, _ start: Double) -> Word {
            Word(text: text, span: TimeSpan(start: start, end: start + 0.3))
        }
        let left = [word("before", 57), word("colour", 59.7), word("wreck", 60.4)]
        let right = [word("collar", 59.75), word("recognise", 60.45), word("after", 63)]
        let stitched = SpeechPieces.stitch([(pieces[0], left), (pieces[1], right)])
        #expect(stitched.map(\.text) == ["before", "colour", "recognise", "after"])
        // Only the right one heard the word on its side of the cut.
        let lost = SpeechPieces.stitch([(pieces[0], [word("before", 57)]), (pieces[1], [word("edge", 59.7)])])
        #expect(lost.map(\.text) == ["before", "edge"])
    }
}
