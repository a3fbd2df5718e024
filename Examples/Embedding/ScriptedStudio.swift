import Application
import Domain
import Synchronization

/// Every port of the pipeline that deals with media, played from a script.
final class ScriptedStudio: MediaStore, MediaInspector, SourceFetcher, SpeechAudioExtractor, Transcriber,
    PictureAnalyzer, ClipRenderer, CaptionCatalog
{
    /// What is said in the "recording", word by word, half a second each, with a pause after each sentence.
    static let script = """
        Octopuses have three hearts. Two of them pump blood through the gills and stop when the animal swims \
        for long. That is why they prefer to crawl.
        """

    private let facts = MediaFacts(
        duration: 30, width: 1280, height: 720, frameRate: 25, videoCodec: "h264", audioCodec: "aac",
        captions: [])
    private let nextFile = Mutex<UInt64>(1)

    // MARK: The media store: files are only numbers here.

    func open() throws -> any MediaWriter {
        throw PortError.unavailable("uploads are not part of the script")
    }
    func stage(suffix: String) throws -> StagedFile { StagedFile(path: "staged\(suffix)") }
    func take(_ staged: StagedFile, as id: Identifier<MediaFile>?) async throws -> MediaFile { try newFile() }
    func copy(path: String) async throws -> MediaFile { try newFile() }
    func discard(_ staged: StagedFile) {}
    func path(of file: Identifier<MediaFile>) -> String? { "file-\(file)" }
    func remove(_ files: [Identifier<MediaFile>]) async throws {}
    func scratch() throws -> ScratchFolder { ScratchFolder(path: "scratch") }
    func clear(_ folder: ScratchFolder) {}

    private func newFile() throws -> MediaFile {
        let number = nextFile.withLock { number in
            number += 1
            return number
        }
        guard let hash = ContentHash(bytes: Array(repeating: UInt8(truncatingIfNeeded: number), count: 32))
        else {
            throw PortError.corrupt("no hash")
        }
        return MediaFile(id: Identifier(high: 0, low: number), bytes: 1, hash: hash)
    }

    // MARK: Sources

    func inspect(path: String) async throws -> MediaFacts { facts }

    func fetch(address: String, progress: @escaping ProgressReport) async throws -> FetchedSource {
        FetchedSource(
            file: try newFile(), filename: "talk.mp4", title: "A talk about octopuses", captions: nil)
    }

    func extract(
        path: String, facts: MediaFacts, into folder: ScratchFolder, progress: @escaping ProgressReport
    ) async throws -> SpeechAudio {
        SpeechAudio(path: "sound.wav", duration: facts.duration, silences: [], loudness: [])
    }

    // MARK: Recognition

    let name = "script"
    let settings = ""

    func transcribe(_ request: TranscriptionRequest, progress: @escaping ProgressReport) async throws
        -> Transcript?
    {
        var time = 0.0
        var words: [Word] = []
        for text in Self.script.split(separator: " ") {
            words.append(Word(text: String(text), span: TimeSpan(start: time, end: time + 0.4)))
            time += text.hasSuffix(".") ? 1.5 : 0.5
        }
        return Transcript(words: words, language: "en", engine: name)
    }

    // MARK: Pictures

    func analyze(
        path: String, facts: MediaFacts, span: TimeSpan, mode: ProcessingMode,
        progress: @escaping ProgressReport
    ) async throws -> PictureTrack {
        PictureTrack(samples: [], cuts: [], end: facts.duration)
    }

    func render(
        _ order: RenderOrder, to destination: StagedFile, thumbnail: StagedFile?,
        progress: @escaping ProgressReport
    ) async throws -> MediaFacts {
        let size = order.format.size(for: order.facts.size)
        print("rendering \(order.span.start)–\(order.span.end) s at \(size.width)×\(size.height)")
        return MediaFacts(
            duration: order.span.duration, width: size.width, height: size.height, frameRate: 25,
            videoCodec: "h264", audioCodec: "aac", captions: [])
    }

    // MARK: Captions

    let templates = [
        CaptionTemplate(
            name: "default", summary: "White.", font: "Sans", bold: true, capitals: false, size: 0.05,
            text: .init(red: 255, green: 255, blue: 255), highlight: nil,
            outline: .init(red: 0, green: 0, blue: 0), outlineWidth: 0.1, shadow: 0, box: nil,
            boxesSpokenWord: false, wordsAtOnce: 4, position: 0.8)
    ]

    func fonts() async throws -> [FontFamily] { [] }
}

/// A finder of one's own: the longest sentence is the best moment.
struct LongestSentence: HighlightFinder {
    let name = "longest-sentence"
    let settings = ""

    func find(_ request: HighlightRequest, progress: @escaping ProgressReport) async throws -> Analysis {
        var sentences: [[Word]] = [[]]
        for word in request.transcript.words {
            sentences[sentences.count - 1].append(word)
            if word.text.hasSuffix(".") { sentences.append([]) }
        }
        let longest = sentences.max { $0.count < $1.count } ?? []
        guard let first = longest.first, let last = longest.last else {
            return Analysis(highlights: [], summary: nil, keyTopics: [], finder: name)
        }
        let highlight = Highlight(
            span: TimeSpan(start: first.span.start, end: last.span.end),
            title: longest.prefix(5).map(\.text).joined(separator: " "),
            text: longest.map(\.text).joined(separator: " "),
            score: HighlightScore(hook: 10, engagement: 10, value: 20, shareability: 10),
            hookType: .statement,
            reasoning: "It is the longest sentence.")
        return Analysis(highlights: [highlight], summary: nil, keyTopics: ["octopuses"], finder: name)
    }
}
