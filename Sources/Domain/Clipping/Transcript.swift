/// One recognised word with its time in the recording.
public struct Word: Hashable, Sendable {
    /// The word as it is written, punctuation attached.
    public let text: String
    /// When it is spoken, in seconds of the source.
    public let span: TimeSpan
    /// How sure the recogniser was, 0–1; nil when it does not say.
    public let confidence: Double?
    /// Who speaks it; nil when speakers were not told apart.
    public let speaker: Speaker?

    /// A word of a transcript.
    public init(text: String, span: TimeSpan, confidence: Double? = nil, speaker: Speaker? = nil) {
        self.text = text
        self.span = span
        self.confidence = confidence
        self.speaker = speaker
    }
}

/// A voice in a recording, by the label that the recogniser gave it (`A`, `B` …).
public struct Speaker: Hashable, Sendable {
    /// The label, stable within one transcript.
    public let label: String

    /// The speaker with that label.
    public init(label: String) {
        self.label = label
    }
}

/// Recognised speech: the words of a recording in the order of their times.
public struct Transcript: Hashable, Sendable {
    /// The words, by start time.
    public let words: [Word]
    /// The language as a BCP 47 tag, nil when nobody said it.
    public let language: String?
    /// What produced it, such as `captions` or `pocketsphinx`.
    public let engine: String

    /// A transcript of `words`, which are put in the order of their start times.
    public init(words: [Word], language: String?, engine: String) {
        self.words = words.sorted { $0.span.start < $1.span.start }
        self.language = language
        self.engine = engine
    }

    /// Whether nothing was said.
    public var isEmpty: Bool { words.isEmpty }

    /// The words whose middle lies in `span`.
    public func words(in span: TimeSpan) -> [Word] {
        words.filter { span.contains(($0.span.start + $0.span.end) / 2) }
    }

    /// What is said in `span`, with spaces between words except in scripts that write none.
    public func text(in span: TimeSpan) -> String {
        words(in: span).map(\.text).joinedAsWritten()
    }
}
