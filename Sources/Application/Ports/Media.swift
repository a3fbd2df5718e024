public import Domain

/// Tells how far a long piece of work is.
///
/// - Parameters:
///   - fraction: 0–1.
///   - message: What is being done, in a few words; nil leaves the last one.
public typealias ProgressReport = @Sendable (_ fraction: Double, _ message: String?) -> Void

/// Looks into media files.
public protocol MediaInspector: Sendable {
    /// What the file at `path` is.
    ///
    /// - Throws: ``Domain/MediaError`` when it is no video that can be worked on.
    func inspect(path: String) async throws -> MediaFacts
}

/// Brings sources from elsewhere into the media store.
public protocol SourceFetcher: Sendable {
    /// Fetches what `address` leads to.
    ///
    /// - Throws: ``Domain/MediaError`` when it is refused for good, ``PortError/unavailable(_:retryAfter:)``
    ///   when trying again may help.
    func fetch(address: String, progress: @escaping ProgressReport) async throws -> FetchedSource
}

/// What was fetched from an address.
public struct FetchedSource: Hashable, Sendable {
    /// Where its bytes are.
    public let file: MediaFile
    /// The name it goes by there.
    public let filename: String
    /// The title it has there, nil when it has none.
    public let title: String?
    /// WebVTT captions that came with it.
    public let captions: MediaFile?

    /// A fetched source.
    public init(file: MediaFile, filename: String, title: String?, captions: MediaFile?) {
        self.file = file
        self.filename = filename
        self.title = title
        self.captions = captions
    }
}

/// The sound of a source, ready for recognisers.
public struct SpeechAudio: Hashable, Sendable {
    /// A WAV file: 16 kHz, mono, 16 bits.
    public let path: String
    /// Its length in seconds.
    public let duration: Double
    /// Where nothing is heard, in order.
    public let silences: [TimeSpan]
    /// How loud it is, one value for each ``loudnessInterval``, in dB relative to full scale (−90 for silence).
    public let loudness: [Float]
    /// The seconds that one value of ``loudness`` covers.
    public static let loudnessInterval = 0.1

    /// The sound of a source.
    public init(path: String, duration: Double, silences: [TimeSpan], loudness: [Float]) {
        self.path = path
        self.duration = duration
        self.silences = silences
        self.loudness = loudness
    }
}

/// Takes the sound out of a source.
public protocol SpeechAudioExtractor: Sendable {
    /// Writes the sound of the source at `path` to a WAV file in `folder`.
    func extract(
        path: String, facts: MediaFacts, into folder: ScratchFolder, progress: @escaping ProgressReport
    ) async throws -> SpeechAudio
}
