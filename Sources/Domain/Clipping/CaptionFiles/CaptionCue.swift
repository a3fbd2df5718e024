/// One entry of a caption file: text with the time at which it is shown.
public struct CaptionCue: Hashable, Sendable {
    /// When it is shown, in seconds.
    public let span: TimeSpan
    /// What it says, without markup; lines are joined by a line feed.
    public let text: String
    /// Who says it, where the file names someone.
    public let speaker: Speaker?
    /// Words whose times the file itself gives; empty for most files.
    public let words: [Word]

    /// An entry of a caption file.
    public init(span: TimeSpan, text: String, speaker: Speaker? = nil, words: [Word] = []) {
        self.span = span
        self.text = text
        self.speaker = speaker
        self.words = words
    }
}

/// The bounds of caption files that are read.
public enum CaptionFileLimits {
    /// The largest file, in bytes.
    public static let mostBytes = 16 << 20
    /// What a larger file is refused with.
    public static let tooManyBytes = MediaError.captionsUnreadable(
        "the file has more than \(mostBytes) bytes")
    /// The most lines.
    public static let mostLines = 1_000_000
    /// The most entries.
    public static let mostCues = 100_000
    /// The longest text of one entry with its markup, in bytes; the rest is left out.
    public static let mostTextBytes = 4096
    /// The longest name of a speaker, in bytes; the rest is left out.
    public static let mostNameBytes = 120
}
