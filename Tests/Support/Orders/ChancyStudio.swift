import Application
import Domain
import Synchronization

/// The media side of the pipeline, where each part goes well or badly as chance has it.
final class ChancyStudio: MediaInspector, SourceFetcher, SpeechAudioExtractor, Transcriber, PictureAnalyzer,
    HighlightFinder, ClipRenderer
{
    let name = "chance"
    let settings = ""
    let media: InMemoryMediaStore
    private let random: SeededRandomSource
    /// Whether everything goes well from now on.
    private let isKind = Mutex(false)

    init(media: InMemoryMediaStore, random: SeededRandomSource) {
        self.media = media
        self.random = random
    }

    func beKind() { isKind.withLock { $0 = true } }

    private func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

    /// Fails now and then: for good, for the moment, or because the worker's machine is gone.
    private func chance() throws {
        if isKind.withLock({ $0 }) { return }
        switch below(20) {
        case 0: throw MediaError.programFailed(program: "ffmpeg", reason: "chance")
        case 1: throw PortError.unavailable("chance")
        case 2: throw PortError.cancelled
        default: break
        }
    }

    func newFile() async throws -> MediaFile {
        let writer = try media.open()
        try [UInt8(truncatingIfNeeded: below(256)), 1, 2].withUnsafeBytes { try writer.write($0) }
        return try await writer.finish()
    }

    func newFacts() -> MediaFacts {
        MediaFacts(
            duration: Double(1 + below(400)) + 0.04, width: 1280, height: 720, frameRate: 25,
            videoCodec: "h264", audioCodec: "aac", captions: [])
    }

    func inspect(path: String) async throws -> MediaFacts {
        try chance()
        return newFacts()
    }

    func fetch(address: String, progress: @escaping ProgressReport) async throws -> FetchedSource {
        try chance()
        return FetchedSource(file: try await newFile(), filename: "f.mp4", title: nil, captions: nil)
    }

    func extract(
        path: String, facts: MediaFacts, into folder: ScratchFolder, progress: @escaping ProgressReport
    ) async throws -> SpeechAudio {
        SpeechAudio(path: "sound.wav", duration: facts.duration, silences: [], loudness: [])
    }

    func transcribe(_ request: TranscriptionRequest, progress: @escaping ProgressReport) async throws
        -> Transcript?
    {
        try chance()
        return Transcript(
            words: [Word(text: "Hello.", span: TimeSpan(start: 0, end: 1))], language: "en", engine: name)
    }

    func analyze(
        path: String, facts: MediaFacts, span: TimeSpan, mode: ProcessingMode,
        progress: @escaping ProgressReport
    ) async throws -> PictureTrack {
        PictureTrack(samples: [], cuts: [], end: facts.duration)
    }

    func find(_ request: HighlightRequest, progress: @escaping ProgressReport) async throws -> Analysis {
        try chance()
        let highlights = (0...below(3)).map { index in
            Highlight(
                span: TimeSpan(start: 0, end: 1 + Double(index) / 10), title: "\(index)", text: "",
                score: HighlightScore(hook: 1, engagement: 1, value: 1, shareability: 1),
                hookType: .statement, reasoning: "chance")
        }
        return Analysis(highlights: highlights, summary: nil, keyTopics: [], finder: name)
    }

    func render(
        _ order: RenderOrder, to destination: StagedFile, thumbnail: StagedFile?,
        progress: @escaping ProgressReport
    ) async throws -> MediaFacts {
        try chance()
        media.write([1], to: destination)
        if let thumbnail { media.write([2], to: thumbnail) }
        return order.facts
    }
}
