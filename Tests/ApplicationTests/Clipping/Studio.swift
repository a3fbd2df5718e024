import Application
import Domain
import Synchronization
import TestSupport

/// The media side of the pipeline, played from a script; each part can be told to fail, and says how often it
/// was asked.
final class Studio: MediaStore, MediaInspector, SourceFetcher, SpeechAudioExtractor, Transcriber,
    PictureAnalyzer, HighlightFinder, ClipRenderer, CaptionCatalog, ArtefactCache
{
    struct Script {
        var facts = MediaFacts(
            duration: 60, width: 1280, height: 720, frameRate: 25, videoCodec: "h264", audioCodec: "aac",
            captions: [])
        var decodes = 60.0
        var highlights = [TimeSpan(start: 0, end: 20), TimeSpan(start: 20, end: 40)]
        var acquiring: (any Error)?
        var transcribing: (any Error)?
        var transcript: Transcript? = Transcript(
            words: [Word(text: "Hello.", span: TimeSpan(start: 1, end: 2))], language: "en", engine: "studio")
        var silences: [TimeSpan] = []
        var analyzing: (any Error)?
        /// By the start of the span.
        var rendering: [Double: any Error] = [:]
        /// What was to be rendered.
        var orders: [RenderOrder] = []
        /// Called when a rendering begins.
        var onRender: (@Sendable () async throws -> Void)?
        /// Called when something is fetched.
        var onFetch: (@Sendable () async throws -> Void)?
        var asked: [String: Int] = [:]
        var files: Set<Identifier<MediaFile>> = []
        /// The staged files that were taken since somebody emptied this.
        var taken: Set<Identifier<MediaFile>> = []
        var nextFile: UInt64 = 0
        var transcripts: [ArtefactKey: Transcript] = [:]
        var analyses: [ArtefactKey: Analysis] = [:]
    }

    let script = Mutex(Script())
    let name = "studio"
    let settings = ""
    let templates = [CaptionTemplate.plain]

    func change(_ body: @Sendable (inout Script) -> Void) { script.withLock { body(&$0) } }
    func asked(_ what: String) -> Int { script.withLock { $0.asked[what] ?? 0 } }
    var files: Set<Identifier<MediaFile>> { script.withLock { $0.files } }
    var taken: Set<Identifier<MediaFile>> { script.withLock { $0.taken } }

    private func ask(_ what: String) { script.withLock { $0.asked[what, default: 0] += 1 } }

    func newFile(_ wanted: Identifier<MediaFile>? = nil) -> MediaFile {
        script.withLock { script in
            script.nextFile += 1
            let id = wanted ?? Identifier<MediaFile>(high: 1, low: script.nextFile)
            script.files.insert(id)
            return MediaFile(
                id: id, bytes: 10,
                hash: ContentHash(bytes: Array(repeating: UInt8(script.nextFile), count: 32))!)
        }
    }

    func open() throws -> any MediaWriter { StudioWriter(studio: self) }
    func stage(suffix: String) throws -> StagedFile { StagedFile(path: "staged\(suffix)") }
    func take(_ staged: StagedFile, as id: Identifier<MediaFile>?) async throws -> MediaFile {
        let file = newFile(id)
        script.withLock { _ = $0.taken.insert(file.id) }
        return file
    }
    func copy(path: String) async throws -> MediaFile { newFile() }
    func discard(_ staged: StagedFile) { ask("discard") }
    func path(of file: Identifier<MediaFile>) -> String? { files.contains(file) ? "file-\(file)" : nil }
    func remove(_ files: [Identifier<MediaFile>]) async throws {
        script.withLock { $0.files.subtract(files) }
    }
    func scratch() throws -> ScratchFolder { ScratchFolder(path: "scratch") }
    func clear(_ folder: ScratchFolder) {}

    func inspect(path: String) async throws -> MediaFacts {
        try script.withLock { script in
            if let error = script.acquiring { throw error }
            return script.facts
        }
    }

    func fetch(address: String, progress: @escaping ProgressReport) async throws -> FetchedSource {
        ask("fetch")
        if let onFetch = script.withLock({ $0.onFetch }) { try await onFetch() }
        return FetchedSource(file: newFile(), filename: "fetched.mp4", title: "Fetched", captions: nil)
    }

    func extract(
        path: String, facts: MediaFacts, into folder: ScratchFolder, progress: @escaping ProgressReport
    ) async throws -> SpeechAudio {
        SpeechAudio(
            path: "sound.wav", duration: facts.duration, silences: script.withLock { $0.silences },
            loudness: [])
    }

    func transcribe(_ request: TranscriptionRequest, progress: @escaping ProgressReport) async throws
        -> Transcript?
    {
        ask("transcribe")
        return try script.withLock { script in
            if let error = script.transcribing { throw error }
            return script.transcript
        }
    }

    func analyze(
        path: String, facts: MediaFacts, span: TimeSpan, mode: ProcessingMode,
        progress: @escaping ProgressReport
    ) async throws -> PictureTrack {
        ask("look")
        return PictureTrack(samples: [], cuts: [], end: script.withLock { $0.decodes })
    }

    func find(_ request: HighlightRequest, progress: @escaping ProgressReport) async throws -> Analysis {
        ask("find")
        return try script.withLock { script in
            if let error = script.analyzing { throw error }
            return Analysis(
                highlights: script.highlights.map { span in
                    Highlight(
                        span: span, title: "At \(span.start)", text: "",
                        score: .init(
                            hook: 1, engagement: 2, value: 3, shareability: 4),
                        hookType: .statement, reasoning: "It is in the script.")
                }, summary: "A summary.", keyTopics: ["topic"], finder: name)
        }
    }

    func render(
        _ order: RenderOrder, to destination: StagedFile, thumbnail: StagedFile?,
        progress: @escaping ProgressReport
    ) async throws -> MediaFacts {
        ask("render")
        script.withLock { $0.orders.append(order) }
        if let onRender = script.withLock({ $0.onRender }) { try await onRender() }
        if let error = script.withLock({ $0.rendering[order.span.start] }) { throw error }
        progress(1, nil)
        let size = order.format.size(for: order.facts.size)
        return MediaFacts(
            duration: order.span.duration, width: size.width, height: size.height, frameRate: 25,
            videoCodec: "h264", audioCodec: "aac", captions: [])
    }

    func fonts() async throws -> [FontFamily] { [FontFamily(name: "Sans", styles: [])] }

    func forgetAll(of owner: Identifier<User>) async throws {
        script.withLock { script in
            script.transcripts = script.transcripts.filter { $0.key.owner != owner }
            script.analyses = script.analyses.filter { $0.key.owner != owner }
        }
    }
    /// For whom something was kept.
    var cachedOwners: Set<Identifier<User>> {
        script.withLock { Set($0.transcripts.keys.map(\.owner) + $0.analyses.keys.map(\.owner)) }
    }
    func transcript(for key: ArtefactKey) async -> Transcript? { script.withLock { $0.transcripts[key] } }
    func keep(_ transcript: Transcript, for key: ArtefactKey) async {
        script.withLock { $0.transcripts[key] = transcript }
    }
    func analysis(for key: ArtefactKey) async -> Analysis? { script.withLock { $0.analyses[key] } }
    func keep(_ analysis: Analysis, for key: ArtefactKey) async {
        script.withLock { $0.analyses[key] = analysis }
    }
}

private final class StudioWriter: MediaWriter {
    let studio: Studio
    init(studio: Studio) { self.studio = studio }
    func write(_ bytes: UnsafeRawBufferPointer) throws {}
    func finish() async throws -> MediaFile { studio.newFile() }
    func abandon() {}
}

extension CaptionTemplate {
    static let plain = CaptionTemplate(
        name: "default", summary: "White.", font: "Sans", bold: true, capitals: false, size: 0.05,
        text: .init(red: 255, green: 255, blue: 255), highlight: nil,
        outline: .init(red: 0, green: 0, blue: 0),
        outlineWidth: 0.1, shadow: 0, box: nil, boxesSpokenWord: false, wordsAtOnce: 4, position: 0.8)
}

/// Random bits that are the same in every run.
final class CountingRandom: RandomSource {
    private let state = Mutex<UInt64>(0)
    func next() -> UInt64 {
        state.withLock { state in
            state += 1
            return state
        }
    }
}

/// The use cases of clipping over an in-memory store and a scripted studio.
struct Workshop: Sendable {
    let clock = InMemoryClock()
    let store = InMemoryStore()
    let studio = Studio()
    let feed: TaskFeed
    let identifiers: IdentifierMaker
    let owner: Identifier<JobOwner>
    let random = CountingRandom()

    init() {
        feed = TaskFeed(store: store, clock: clock)
        identifiers = IdentifierMaker(clock: clock, random: random)
        owner = identifiers.make()
    }

    var submit: SubmitVideoTask {
        SubmitVideoTask(store: store, catalog: studio, identifiers: identifiers, clock: clock)
    }
    var cancel: CancelVideoTask { CancelVideoTask(store: store, clock: clock) }
    var resume: ResumeVideoTask { ResumeVideoTask(store: store, identifiers: identifiers, clock: clock) }
    var delete: DeleteVideoTask { DeleteVideoTask(store: store, media: studio, feed: feed, clock: clock) }
    var receive: ReceiveUpload {
        ReceiveUpload(
            store: store, media: studio, inspector: studio, identifiers: identifiers, clock: clock,
            limitBytes: 100)
    }
    var transcribe: TranscribeRecording {
        TranscribeRecording(
            store: store, ports: ports, identifiers: identifiers, clock: clock, limitSeconds: 3600)
    }
    private var ports: RunVideoTask.Ports {
        RunVideoTask.Ports(
            media: studio, inspector: studio, fetcher: studio, audio: studio, transcribers: [studio],
            pictures: studio, finders: [studio], renderer: studio, cache: studio)
    }
    var handler: RunVideoTask {
        RunVideoTask(
            store: store, ports: ports,
            feed: feed, identifiers: identifiers, clock: clock, limitSeconds: 3600, rendersAtOnce: 2)
    }

    /// Orders clips of an address.
    func order(_ options: ClipOptions? = nil) async throws -> VideoTask {
        let options = try options ?? ClipOptions(count: 2)
        let command = SubmitVideoTask.Command(source: .address("https://a.example/v.mp4"), options: options)
        guard case .created(let task) = try await submit(command, by: .local) else { throw NotFound.task }
        return task
    }

    /// Hands in a file called `filename`.
    func upload(_ filename: String) async throws -> Upload {
        var reception = try receive.begin(filename: filename, by: .local)
        let content = "1\n00:00:01,000 --> 00:00:02,000\nHello.\n"
        try Array(content.utf8).withUnsafeBytes { try reception.append($0) }
        return try await receive.finish(reception)
    }

    /// Claims the next job and starts its attempt.
    func claim() async throws -> RunningJob {
        let claim = JobClaim(
            queues: [Job.ordinaryQueue], limit: 1, owner: owner, now: clock.now(),
            until: clock.now() + .seconds(30))
        let jobs = try await store.write { try $0.jobWriter.claim(claim) }
        guard let job = jobs.first, let running = RunningJob(job, store: store, policy: .ordinary, chance: 0)
        else { throw NotFound.job }
        return running
    }

    /// Stores how an attempt ended, as a worker does.
    func end(_ job: RunningJob, as outcome: JobOutcome) async throws {
        let now = clock.now()
        let turn = JobTurn(
            endings: [
                AttemptEnding(hold: job.hold, way: .outcome(outcome, policy: .ordinary, chance: 0))
            ], claim: nil, now: now, followers: JobFollowers([VideoTaskJobs()]))
        _ = try await store.write { try turn.take(in: $0) }
    }

    /// One whole attempt at the next job.
    @discardableResult
    func attempt() async throws -> JobOutcome {
        let job = try await claim()
        let outcome = await handler.run(job)
        try await end(job, as: outcome)
        return outcome
    }

    func details(_ task: VideoTask) throws -> TaskDetails {
        try GetVideoTask(store: store)(task.id, by: .local)
    }
    func job(of task: VideoTask) throws -> Job? {
        try store.read { try $0.jobs.page(of: nil, state: nil, limit: 100, before: nil).items }
            .first { $0.subject == Identifier(task.id) }
    }
}
