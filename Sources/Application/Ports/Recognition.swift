public import Domain

/// Everything that a transcriber may want to know about a source.
public struct TranscriptionRequest: Sendable {
    /// Where the source can be read.
    public let sourcePath: String
    /// What was found in it.
    public let facts: MediaFacts
    /// Its sound; nil when it has none.
    public let audio: SpeechAudio?
    /// Captions that were handed in or came with it: where they are and in which format.
    public let captions: (path: String, format: CaptionFileFormat)?
    /// The spoken language as a BCP 47 tag, nil when nobody said it.
    public let language: String?
    /// A folder for intermediate files.
    public let folder: ScratchFolder

    /// What a transcriber is asked.
    public init(
        sourcePath: String, facts: MediaFacts, audio: SpeechAudio?,
        captions: (path: String, format: CaptionFileFormat)?, language: String?, folder: ScratchFolder
    ) {
        self.sourcePath = sourcePath
        self.facts = facts
        self.audio = audio
        self.captions = captions
        self.language = language
        self.folder = folder
    }
}

/// Turns speech into words with times.
public protocol Transcriber: Sendable {
    /// A stable name, such as `captions`, `openai` or `pocketsphinx`.
    var name: String { get }
    /// What the result depends on besides the source and the language: the model, the address. Part of the
    /// key under which transcripts are cached; holds no secret.
    var settings: String { get }
    /// The transcript, or nil when this transcriber has nothing to say about such a source (it has no
    /// captions; the model lacks the language).
    ///
    /// - Throws: ``PortError/unavailable(_:retryAfter:)`` when trying again may help.
    func transcribe(_ request: TranscriptionRequest, progress: @escaping ProgressReport) async throws
        -> Transcript?
}

/// Everything that a finder may want to know about a source.
public struct HighlightRequest: Sendable {
    /// What is said.
    public let transcript: Transcript
    /// How it looks.
    public let pictures: PictureTrack
    /// How it sounds; nil when it has no sound.
    public let audio: SpeechAudio?
    /// What was found in the file.
    public let facts: MediaFacts
    /// What is wanted.
    public let options: ClipOptions

    /// What a finder is asked.
    public init(
        transcript: Transcript, pictures: PictureTrack, audio: SpeechAudio?, facts: MediaFacts,
        options: ClipOptions
    ) {
        self.transcript = transcript
        self.pictures = pictures
        self.audio = audio
        self.facts = facts
        self.options = options
    }
}

/// Finds the moments of a recording that are worth sharing.
public protocol HighlightFinder: Sendable {
    /// A stable name, such as `offline` or `openai`.
    var name: String { get }
    /// What the result depends on besides the source and the options; holds no secret.
    var settings: String { get }
    /// The best moments, best first: grounded in the transcript, at sentence borders where there are any, not
    /// overlapping, within the wanted count and lengths.
    ///
    /// - Throws: ``PortError/unavailable(_:retryAfter:)`` when another finder should be asked.
    func find(_ request: HighlightRequest, progress: @escaping ProgressReport) async throws -> Analysis
}
