import Application
import Domain
import Infrastructure

/// A talk of numbered sentences, four seconds each, of which every tenth tells something.
func numberedTalk(sentences count: Int) -> Transcript {
    let subjects = [
        "river", "garden", "engine", "harbour", "violin", "glacier", "market", "lantern", "orchard", "comet",
    ]
    var words: [Word] = []
    for index in 0..<count {
        let subject = subjects[index / 10 % subjects.count]
        let text = "Sentence \(index) speaks about the \(subject) in plain words."
        for (place, word) in text.split(separator: " ").enumerated() {
            let start = Double(index) * 4 + Double(place) * 0.4
            words.append(Word(text: String(word), span: TimeSpan(start: start, end: start + 0.35)))
        }
    }
    return Transcript(words: words, language: "en", engine: "test")
}

extension HighlightRequest {
    static func about(_ transcript: Transcript, options: ClipOptions) -> HighlightRequest {
        let duration = (transcript.words.last?.span.end ?? 60) + 1
        return HighlightRequest(
            transcript: transcript, pictures: PictureTrack(samples: [], cuts: [], end: duration), audio: nil,
            facts: .video(seconds: duration), options: options)
    }
}
