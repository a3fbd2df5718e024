/// The forms in which a transcript is written out for people and players.
public enum CaptionOutput: String, CaseIterable, Sendable {
    /// SubRip.
    case srt
    /// WebVTT.
    case vtt
    /// Plain text, a paragraph for each speaker's turn or topic pause.
    case txt
}

extension Transcript {
    /// The longest line of a caption, in characters (a usual limit of subtitling guides).
    static let captionLine = 42
    /// The longest time that one caption stands, in seconds.
    static let captionSeconds = 6.0
    /// The shortest time that one caption stands where the next one leaves it, in seconds.
    static let leastCaptionSeconds = 0.8

    /// The transcript as a file, or the part of it that lies in `span` with times from the span's start.
    public func file(as output: CaptionOutput, of span: TimeSpan? = nil) -> String {
        let part = span.map { Transcript(words: words(in: $0), language: language, engine: engine) } ?? self
        let cues = part.cues().map { cue in
            guard let span else { return cue }
            let bounded = cue.span.clamped(to: span)
            return CaptionCue(
                span: TimeSpan(start: bounded.start - span.start, end: bounded.end - span.start),
                text: cue.text, speaker: cue.speaker)
        }
        return switch output {
        case .srt: Self.subRip(cues)
        case .vtt: Self.webVTT(cues)
        case .txt: part.plainText()
        }
    }

    /// The words as captions of at most two lines that end at sentences, pauses and clauses.
    public func cues() -> [CaptionCue] {
        let pieces = sentences.flatMap { captionPieces($0.words) }
        return pieces.enumerated().map { index, piece in
            let start = words[piece.lowerBound].span.start
            let next = index + 1 < pieces.count ? words[pieces[index + 1].lowerBound].span.start : .infinity
            let spoken = words[piece].reduce(start) { max($0, $1.span.end) }
            let end = min(max(spoken, start + Self.leastCaptionSeconds), max(next, start))
            return CaptionCue(
                span: TimeSpan(start: start, end: end),
                text: Self.twoLines(words[piece].map(\.text).joinedAsWritten()),
                speaker: words[piece.lowerBound].speaker)
        }
    }

    /// Cuts a sentence into captions that fit, at its clearest pauses and clauses.
    private func captionPieces(_ piece: Range<Int>) -> [Range<Int>] {
        let length = words[piece].reduce(0) { $0 + $1.text.count + 1 } - 1
        let seconds = words[piece.upperBound - 1].span.end - words[piece.lowerBound].span.start
        guard piece.count > 1, length > 2 * Self.captionLine || seconds > Self.captionSeconds else {
            return [piece]
        }
        let margin = max(1, piece.count / 4)
        var best = (at: piece.lowerBound + piece.count / 2, clarity: -Double.infinity)
        for index in piece.lowerBound
            + margin..<max(piece.upperBound - margin + 1, piece.lowerBound + margin + 1)
        where index < piece.upperBound {
            let pause = words[index].span.start - words[index - 1].span.end
            let middle = Double(piece.lowerBound + piece.upperBound) / 2
            let clarity =
                pause + (words[index - 1].text.endsClause ? 0.4 : 0)
                - 0.3 * (Double(index) - middle).magnitude / Double(piece.count)
            if clarity > best.clarity { best = (index, clarity) }
        }
        return captionPieces(piece.lowerBound..<best.at) + captionPieces(best.at..<piece.upperBound)
    }

    /// Breaks a text that is longer than a line at the space nearest to its middle.
    private static func twoLines(_ text: String) -> String {
        guard text.count > captionLine else { return text }
        let spaces = text.indices.filter { text[$0] == " " }
        let middle = text.count / 2
        let nearest = spaces.min {
            abs(text.distance(from: text.startIndex, to: $0) - middle)
                < abs(text.distance(from: text.startIndex, to: $1) - middle)
        }
        guard let nearest else { return text }
        return text[..<nearest] + "\n" + text[text.index(after: nearest)...]
    }

    private static func subRip(_ cues: [CaptionCue]) -> String {
        cues.enumerated().map { index, cue in
            "\(index + 1)\n\(clock(cue.span.start, mark: ",")) --> \(clock(cue.span.end, mark: ","))\n\(cue.text)\n"
        }.joined(separator: "\n")
    }

    private static func webVTT(_ cues: [CaptionCue]) -> String {
        "WEBVTT\n"
            + cues.map { cue in
                let voice = cue.speaker.map { "<v \(escaped($0.label.filter { !$0.isNewline }))>" } ?? ""
                let times = "\(clock(cue.span.start, mark: ".")) --> \(clock(cue.span.end, mark: "."))"
                return "\n\(times)\n\(voice)\(escaped(cue.text))\n"
            }.joined()
    }

    private func plainText() -> String {
        var text = ""
        var before: Sentence?
        for sentence in sentences {
            if let before {
                let turns = before.speaker != sentence.speaker
                let pauses = sentence.span.start - before.span.end >= SentenceRules.longPause
                text += turns || pauses ? "\n\n" : " "
            }
            if let speaker = sentence.speaker, before?.speaker != speaker { text += "\(speaker.label): " }
            text += sentence.text
            before = sentence
        }
        return text.isEmpty ? "" : text + "\n"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
        return result
    }

    /// `hh:mm:ss,fff`.
    private static func clock(_ seconds: Double, mark: String) -> String {
        let milliseconds = Int(nearest: max(0, seconds) * 1000)
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let (minutes, rest) = milliseconds.quotientAndRemainder(dividingBy: 60_000)
        return "\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2)):\(padded(rest / 1000, 2))\(mark)"
            + padded(rest % 1000, 3)
    }
}
