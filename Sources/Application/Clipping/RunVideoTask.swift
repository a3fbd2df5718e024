public import Domain

/// Takes a task through its stages, from the first whose artefact is missing to the last clip.
///
/// Every stage leaves its artefact in the store before the next one begins, so that a killed process, a lost
/// lease or a resumption repeats at most one stage.
public struct RunVideoTask: JobHandler {
    /// What the handler needs besides its job.
    public struct Ports: Sendable {
        var media: any MediaStore
        var inspector: any MediaInspector
        var fetcher: any SourceFetcher
        var audio: any SpeechAudioExtractor
        var transcribers: [any Transcriber]
        var pictures: any PictureAnalyzer
        var finders: [any HighlightFinder]
        var renderer: any ClipRenderer
        /// Where what is found out about sources is kept.
        package var cache: any ArtefactCache

        /// The ports of the pipeline.
        ///
        /// - Parameters:
        ///   - transcribers: In the order in which they are asked.
        ///   - finders: In the order in which they are asked; the last should always answer.
        public init(
            media: any MediaStore, inspector: any MediaInspector, fetcher: any SourceFetcher,
            audio: any SpeechAudioExtractor, transcribers: [any Transcriber],
            pictures: any PictureAnalyzer, finders: [any HighlightFinder], renderer: any ClipRenderer,
            cache: any ArtefactCache
        ) {
            self.media = media
            self.inspector = inspector
            self.fetcher = fetcher
            self.audio = audio
            self.transcribers = transcribers
            self.pictures = pictures
            self.finders = finders
            self.renderer = renderer
            self.cache = cache
        }
    }

    /// The kind of its jobs.
    public static let jobKind = "run_video_task"

    /// The kind of its jobs.
    public var kind: String { Self.jobKind }

    private let store: any Store
    private let ports: Ports
    private let feed: TaskFeed
    private let identifiers: IdentifierMaker
    let clock: any WallClock
    private let limitSeconds: Double
    private let tariff: Tariff
    private let budget: Budget

    /// The handler over its ports.
    ///
    /// - Parameters:
    ///   - limitSeconds: The longest source that is taken, in seconds.
    ///   - rendersAtOnce: How many files this process renders at once, over all tasks.
    ///   - prices: What tasks of people with accounts cost.
    public init(
        store: any Store, ports: Ports, feed: TaskFeed, identifiers: IdentifierMaker, clock: any WallClock,
        limitSeconds: Double, rendersAtOnce: Int, prices: PriceList = .standard
    ) {
        self.store = store
        self.ports = ports
        self.feed = feed
        self.identifiers = identifiers
        self.clock = clock
        self.limitSeconds = limitSeconds
        tariff = Tariff(prices: prices, limitSeconds: limitSeconds)
        budget = Budget(rendersAtOnce)
    }

    /// The job that runs a task.
    ///
    /// A task that is resumed while the job that was called off is still stopping has two for a moment; the
    /// later one waits for the earlier.
    ///
    /// - Parameter trace: What of ``WorkContext/carried`` its spans are to join.
    static func job(
        for task: VideoTask, id: Identifier<Job>, queue: String = Job.ordinaryQueue,
        priority: Int = Job.ordinaryPriority, trace: [UInt8] = [], at now: Timestamp
    ) -> Job {
        Job(
            id: id, owner: task.owner, kind: jobKind, subject: Identifier(task.id), arguments: trace,
            queue: queue, priority: priority, now: now)
    }

    private static let pauseForEarlierJob = Duration.milliseconds(250)

    /// Makes one attempt at the task.
    public func run(_ job: RunningJob) async -> JobOutcome {
        guard let id = job.job.subject?.of(VideoTask.self) else {
            return .failed(JobFailure(code: "malformed", message: "The job names no task."), retry: .never)
        }
        let meter = ProgressMeter()
        do {
            let task: VideoTask
            switch try await begin(id, by: job) {
            case .begun(let begun): task = begun
            case .elsewhere: return .snoozed(until: clock.now() + Self.pauseForEarlierJob)
            case .unwanted: return .cancelled
            case .done: return .completed
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [clock, feed] in
                    await meter.publish(of: task, clock: clock, feed: feed) { stage, progress, message in
                        try await job.write { writer in
                            try writer.taskWriter.record(progress: progress, message: message, of: id)
                            let progress = JobProgress(percent: progress, stage: stage.rawValue)
                            try writer.jobWriter.record(progress, by: job.hold)
                        }
                    }
                }
                try await takeStages(of: task, by: job, meter: meter)
                group.cancelAll()
            }
            return .completed
        } catch {
            return await outcome(of: error, task: id, job: job)
        }
    }

    private enum Beginning {
        case begun(VideoTask)
        /// An earlier job of the task is still stopping.
        case elsewhere
        /// There is no such task, or nobody wants it any more.
        case unwanted
        /// An earlier attempt completed it.
        case done
    }

    /// Marks the task as begun.
    ///
    /// A task that had failed or was cancelled is resumed: someone has retried its job by hand.
    private func begin(_ id: Identifier<VideoTask>, by job: RunningJob) async throws -> Beginning {
        let now = clock.now()
        let hold: Identifier<CreditHold> = identifiers.make()
        return try await job.write { [own = job.hold.job, tariff] writer in
            guard var task = try writer.tasks.find(id) else { return .unwanted }
            if task.status == .completed { return .done }
            let others = try writer.jobs.unfinished(of: Identifier(id)).filter { $0.id != own }
            if others.contains(where: { $0.id > own }) { return .unwanted }
            if others.contains(where: { $0.lease != nil }) { return .elsewhere }
            if try writer.jobs.find(own)?.lease?.isCancelling == true { return .unwanted }
            var events: [VideoTaskEvent] = []
            if task.status.isFinal {
                events += try task.resume(finished: writer.finishedStages(of: task))
                _ = try writer.holdAgain(for: task, as: hold, by: tariff, at: now)
            }
            events += try task.begin(at: now)
            try writer.taskWriter.update(task)
            try writer.announce(events, of: task)
            return .begun(task)
        }
    }

    private func takeStages(of task: VideoTask, by job: RunningJob, meter: ProgressMeter) async throws {
        let folder = try ports.media.scratch()
        defer { ports.media.clear(folder) }
        let source = try await acquire(task, by: job, meter: meter)
        guard let path = ports.media.path(of: source.file.id) else {
            throw PortError.corrupt("the source file vanished")
        }
        let sound = Sound(source: source, path: path, folder: folder, extractor: ports.audio)
        let transcript = try await transcribe(task, source, sound, by: job, meter: meter)
        let (pictures, analysis) = try await analyze(task, source, sound, transcript, by: job, meter: meter)
        try await render(
            task, source: source, path: path, transcript: transcript, pictures: pictures, analysis: analysis,
            by: job, meter: meter)
    }

    private func acquire(_ task: VideoTask, by job: RunningJob, meter: ProgressMeter) async throws
        -> SourceVideo
    {
        if let acquired = task.acquired { return acquired }
        let acquire = AcquireSource(
            store: store, media: ports.media, inspector: ports.inspector, fetcher: ports.fetcher,
            limitSeconds: limitSeconds)
        return try await take(.acquiring, of: task.id, by: job, meter: meter) { task, report in
            try await acquire(task, progress: report)
        } keep: { [tariff, clock] acquired, task, writer in
            try task.acquire(acquired.source, title: acquired.title)
            try writer.reprice(task, by: tariff, at: clock.now())
        } discard: { [media = ports.media, isUpload = task.uploadedSource != nil] acquired in
            guard !isUpload else { return }
            try? await media.remove(acquired.source.files)
        }.source
    }

    private func transcribe(
        _ task: VideoTask, _ source: SourceVideo, _ sound: Sound, by job: RunningJob, meter: ProgressMeter
    ) async throws -> Transcript {
        if let known = try store.read({ try $0.documents.transcript(of: task.id) }) { return known }
        return try await take(.transcribing, of: task.id, by: job, meter: meter) { [ports] task, report in
            let transcribe = TranscribeSource(
                owner: task.owner, media: ports.media, transcribers: ports.transcribers, cache: ports.cache)
            let captions = try captions(of: task, source)
            // Taking the sound out is a small part of the stage, recognising it the rest.
            let audio = try await sound.audio { fraction, message in report(fraction * 0.1, message) }
            return try await transcribe(
                source, path: sound.path, audio: audio, captions: captions,
                language: task.options.language, folder: sound.folder
            ) { fraction, message in report(0.1 + fraction * 0.9, message) }
        } keep: { transcript, task, writer in
            try writer.documentWriter.put(transcript, of: task.id)
        }
    }

    private func analyze(
        _ task: VideoTask, _ source: SourceVideo, _ sound: Sound, _ transcript: Transcript,
        by job: RunningJob, meter: ProgressMeter
    ) async throws -> (PictureTrack, Analysis) {
        let (pictures, analysis) = try store.read { reader in
            (try reader.documents.pictures(of: task.id), try reader.documents.analysis(of: task.id))
        }
        if let pictures, let analysis { return (pictures, analysis) }
        return try await take(.analyzing, of: task.id, by: job, meter: meter) { [ports] task, report in
            let analyze = AnalyzeSource(owner: task.owner, finders: ports.finders, cache: ports.cache)
            let audio = try await sound.audio { _, _ in }
            let pictures = try await ports.pictures.analyze(
                path: sound.path, facts: source.facts, span: source.facts.span, mode: task.options.mode
            ) { fraction, message in report(fraction * 0.8, message) }
            guard pictures.end >= MediaLimits.leastDuration else { throw MediaError.truncated }
            let request = HighlightRequest(
                transcript: transcript, pictures: pictures, audio: audio, facts: source.facts,
                options: task.options)
            let analysis = try await analyze(request, source: source) { fraction, message in
                report(0.8 + fraction * 0.2, message)
            }
            return (pictures, analysis)
        } keep: { found, task, writer in
            try writer.documentWriter.put(found.0, of: task.id)
            try writer.documentWriter.put(found.1, of: task.id)
            try task.describe(summary: found.1.summary, keyTopics: found.1.keyTopics)
        }
    }

    private func render(
        _ task: VideoTask, source: SourceVideo, path: String, transcript: Transcript, pictures: PictureTrack,
        analysis: Analysis, by job: RunningJob, meter: ProgressMeter
    ) async throws {
        let known = try store.read { try $0.clips.all(of: task.id) }
        let material = RenderClips.Material(
            task: task, source: source, path: path, transcript: transcript, pictures: pictures,
            analysis: analysis, done: Set(known.filter { !$0.renditions.isEmpty }.map(\.rank)),
            isLastTry: job.nextTry(ifFailingAt: clock.now()) == nil)
        let renderClips = RenderClips(
            media: ports.media, renderer: ports.renderer, identifiers: identifiers, budget: budget)
        let standing = RenderClips.Standing(
            requireHold: { try job.requireHold() },
            announce: { [clock] clip in
                let now = clock.now()
                try await job.checkpoint { writer in
                    guard let task = try writer.tasks.find(clip.task) else { throw NotFound.task }
                    try writer.clipWriter.put(clip)
                    try writer.announce(try task.ready(clip.id), of: task, at: now)
                }
            },
            isGone: { [store] in (try? store.read { try $0.tasks.find(task.id) == nil }) ?? false })
        let now = clock
        try await take(.rendering, of: task.id, by: job, meter: meter) { _, report in
            try await renderClips(material, by: standing, progress: report)
        } keep: { _, task, writer in
            let clips = try writer.clips.all(of: task.id)
            guard clips.contains(where: { !$0.renditions.isEmpty }) else {
                throw ClippingError.noClipRendered(
                    clips.first?.failure?.message ?? "nothing to show was found")
            }
            try writer.announce(try task.complete(at: now.now()), of: task)
            try writer.settle(task, at: now.now())
        }
    }

    /// Takes one stage: enters it, does the work, and keeps what came of it together with the stage's end.
    ///
    /// - Parameters:
    ///   - work: Gets the task as it stands when it enters the stage.
    ///   - discard: Undoes what the work left outside the store when it could not be kept.
    @discardableResult
    private func take<Result: Sendable>(
        _ stage: Stage, of id: Identifier<VideoTask>, by job: RunningJob, meter: ProgressMeter,
        work: (VideoTask, @escaping ProgressReport) async throws -> Result,
        keep: @escaping @Sendable (Result, inout VideoTask, any StoreWriter) throws -> Void,
        discard: (Result) async -> Void = { _ in }
    ) async throws -> Result {
        let task = try await job.write { writer in
            guard var task = try writer.tasks.find(id) else { throw NotFound.task }
            let events = try task.enter(stage)
            try writer.taskWriter.update(task)
            try writer.announce(events, of: task)
            return task
        }
        meter.begin(stage)
        let began = clock.now()
        do {
            let result = try await WorkContext.part("stage \(stage.rawValue)") {
                try await work(task, meter.report)
            }
            let seconds = (clock.now() - began).inSeconds
            WorkContext.current?.signals.stageEnded(stage, after: seconds)
            do {
                try await job.checkpoint { writer in
                    guard var task = try writer.tasks.find(id) else { throw NotFound.task }
                    try task.finish(stage, after: seconds)
                    try keep(result, &task, writer)
                    try writer.taskWriter.update(task)
                }
            } catch {
                await discard(result)
                throw error
            }
            return result
        } catch {
            throw StageError(stage: stage, cause: error)
        }
    }

    /// The captions that go with the source: those handed in, else those that came with it.
    private func captions(of task: VideoTask, _ source: SourceVideo) throws
        -> (file: MediaFile, format: CaptionFileFormat)?
    {
        if let id = task.captions {
            guard let upload = try store.read({ try $0.upload(id, for: task.id) }),
                case .captions(let format) = upload.content
            else { throw NotFound.upload }
            return (upload.file, format)
        }
        return source.captions.map { ($0, .vtt) }
    }
}

/// A failure with the stage in which it happened.
struct StageError: Error {
    let stage: Stage
    let cause: any Error
}
