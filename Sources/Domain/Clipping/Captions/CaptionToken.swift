/// The least part of a caption that is highlighted at once: a word, or in scripts without spaces some letters.
public struct CaptionToken: Hashable, Sendable {
    /// What is shown.
    public let text: String
    /// When it is spoken, in seconds of the clip.
    public let span: TimeSpan
    /// Who speaks it.
    public let speaker: Speaker?
    /// Whether a space stands before it when it is not the first of its line.
    public let spaced: Bool

    /// A token.
    public init(text: String, span: TimeSpan, speaker: Speaker?, spaced: Bool) {
        self.text = text
        self.span = span
        self.speaker = speaker
        self.spaced = spaced
    }

    /// What is said in `clip`, cut into tokens, in times of the clip.
    ///
    /// A word belongs to the clip when its middle does. Words that hold spaces are cut there, runs of
    /// Chinese and Japanese into phrases, never before a mark that must not begin a line; the time of a word is
    /// shared out by letters. No token begins before the one before it.
    public static func tokens(of words: [Word], in clip: TimeSpan, capitals: Bool) -> [CaptionToken] {
        var tokens: [CaptionToken] = []
        for word in words where clip.contains((word.span.start + word.span.end) / 2) {
            let pieces = pieces(of: word.text)
            let letters = Double(max(1, pieces.reduce(0) { $0 + $1.text.count }))
            var told = 0.0
            for piece in pieces {
                let start = word.span.start + word.span.duration * told / letters
                told += Double(piece.text.count)
                let end = word.span.start + word.span.duration * told / letters
                let earliest = tokens.last?.span.start ?? 0
                let from = max(earliest, min(clip.duration, max(0, start - clip.start)))
                let joined =
                    piece.continues
                    || (piece.text.first?.isUnspaced == true
                        && tokens.last?.text.last?.standsUnspaced == true)
                tokens.append(
                    CaptionToken(
                        text: capitals ? piece.text.uppercased() : piece.text,
                        span: TimeSpan(start: from, end: max(from, min(clip.duration, end - clip.start))),
                        speaker: word.speaker, spaced: !joined))
            }
        }
        return tokens
    }

    /// The words of a text, and in scripts without spaces its phrases; whether each continues the one before it.
    private static func pieces(of text: String) -> [(text: String, continues: Bool)] {
        text.filter { !$0.isControl }.split(whereSeparator: \.isWhitespace).flatMap { part in
            var pieces: [String] = []
            for phrase in String(part).writtenWords {
                if let last = pieces.last?.last, phrase.first?.mustNotBeginLine == true || last.mustNotEndLine
                {
                    pieces[pieces.count - 1] += phrase
                } else {
                    pieces.append(phrase)
                }
            }
            return pieces.enumerated().map { ($1, $0 > 0) }
        }
    }
}

extension Character {
    /// Whether no space stands between it and a letter of a script without spaces.
    fileprivate var standsUnspaced: Bool { isUnspaced || isPunctuation && !isASCII }

    /// Whether a line must not begin with it (the first rule of Japanese line breaking, kinsoku).
    fileprivate var mustNotBeginLine: Bool {
        "、。，．・：；？！ー」』）］｝〕〉》】々ゝゞぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ".contains(self)
    }

    /// Whether a line must not end with it.
    fileprivate var mustNotEndLine: Bool { "「『（［｛〔〈《【".contains(self) }

    /// Whether it is a control character, which a caption never shows; line ends count as spaces instead.
    fileprivate var isControl: Bool {
        !isWhitespace && unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
    }
}

extension CaptionToken {
    /// Whether a sentence ends with it.
    var endsSentence: Bool { text.endsSentence }

    /// Whether a part of a sentence ends with it.
    var endsClause: Bool { text.endsClause }
}
