import Application
import Domain
import FoundationEssentials
import Glibc
import Infrastructure
import Testing

@Suite("A task whose programs are missing, crash or hang") struct BrokenProgramTests {
    /// What is wrong with ffmpeg and ffprobe, and how a script does it.
    enum Fault: String, CaseIterable, Sendable {
        case missing
        case crashes = "kill -SEGV $$"
        case hangs = "echo $$ >> pids; exec sleep 1000"
        case fails = "echo it is broken >&2; exit 1"
    }

    /// How a task ends, and after how many tries.
    struct End: Equatable {
        let code: String
        let tries: Int
    }

    @Test(
        "ends with a code that says so, tried again where that may help", arguments: Fault.allCases,
        Stage.allCases)
    func ends(fault: Fault, stage: Stage) async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(in: folder, breaking: stage, by: fault)
            let end = try await bench.runToTheEnd()
            switch (fault, stage) {
            case (_, .rendering): #expect(end.code == "no_clip_rendered")
            case (.missing, _): #expect(end == End(code: "program_missing", tries: 1))
            // What ffprobe dies of is the file.
            case (.crashes, .acquiring): #expect(end == End(code: "source_too_complex", tries: 1))
            case (.fails, .acquiring): #expect(end == End(code: "not_media", tries: 1))
            case (.fails, _): #expect(end == End(code: "program_failed", tries: 1))
            case (.crashes, _), (.hangs, _): #expect(end == End(code: "unavailable", tries: 4))
            }
            #expect(temporaryFiles(folder + "/data").isEmpty)
            let pids = String(decoding: readFile(folder + "/pids") ?? [], as: UTF8.self)
            #expect(pids.isEmpty || fault == .hangs)
            for pid in pids.split(separator: "\n").compactMap({ pid_t($0) }) { #expect(kill(pid, 0) != 0) }
        }
    }
}

/// One task, with real adapters whose programs are broken in one stage and a script for all others.
private struct Workbench {
    private let clock = InMemoryClock()
    private let store = InMemoryStore()
    private let identifiers: IdentifierMaker
    private let media: FileMediaStore
    private let handler: RunVideoTask
    private let folder: String

    init(in folder: String, breaking stage: Stage, by fault: BrokenProgramTests.Fault) throws {
        self.folder = folder
        let program = folder + "/program"
        if fault != .missing {
            writeFile(Array("#!/bin/sh\ncd \(folder)\n\(fault.rawValue)\n".utf8), to: program)
            chmod(program, 0o700)
        }
        writeFile(Array("a video".utf8), to: folder + "/talk.mp4")
        let patience: Duration = fault == .hangs ? .milliseconds(300) : .seconds(60)
        let tools = FFmpegTools(ffmpeg: program, ffprobe: program, patience: patience, glance: patience)
        identifiers = IdentifierMaker(clock: clock, random: SystemRandomSource())
        media = try FileMediaStore(folder: folder + "/data", identifiers: identifiers)
        let facts = MediaFacts.video(seconds: 60)
        let sound = SpeechAudio(path: folder + "/speech.wav", duration: 60, silences: [], loudness: [])
        let words = (0..<50).map {
            Word(text: "word\($0).", span: TimeSpan(start: Double($0), end: Double($0) + 0.8))
        }
        handler = RunVideoTask(
            store: store,
            ports: RunVideoTask.Ports(
                media: media,
                inspector: stage == .acquiring
                    ? FFprobeInspector(tools: tools) : ScriptedMediaInspector(Script(facts)),
                fetcher: ScriptedSourceFetcher(Script(.failure(PortError.cancelled))),
                audio: stage == .transcribing
                    ? FFmpegAudioExtractor(tools: tools) : ScriptedSpeechAudioExtractor(Script(sound)),
                transcribers: [
                    ScriptedTranscriber(Script(Transcript(words: words, language: "en", engine: "script")))
                ],
                pictures: stage == .analyzing
                    ? FFmpegPictureAnalyzer(tools: tools)
                    : ScriptedPictureAnalyzer(Script(PictureTrack(samples: [], cuts: [], end: 60))),
                finders: [OfflineFinder()],
                renderer: FFmpegClipRenderer(
                    store: media, templates: try FontconfigCaptionCatalog().templates,
                    budget: RenderBudget(of: 2), tools: tools),
                cache: InMemoryArtefactCache()),
            feed: TaskFeed(store: store, clock: clock), identifiers: identifiers, clock: clock,
            limitSeconds: 3600,
            rendersAtOnce: 2)
    }

    /// Orders clips of a file of this machine, and makes attempts until the task has ended.
    func runToTheEnd() async throws -> BrokenProgramTests.End {
        let submit = SubmitVideoTask(
            store: store, catalog: try FontconfigCaptionCatalog(), identifiers: identifiers, clock: clock)
        let command = SubmitVideoTask.Command(
            source: .path(folder + "/talk.mp4"), options: try ClipOptions(count: 1))
        guard case .created(let task) = try await submit(command, by: .local) else { throw NotFound.task }
        for tries in 1...10 {
            try await attempt()
            let now = try GetVideoTask(store: store)(task.id, by: .local).task
            if now.status.isFinal { return .init(code: now.failure?.code ?? "none", tries: tries) }
            #expect(now.message.contains("trying again in"))
        }
        return .init(code: "never", tries: 10)
    }

    private func attempt() async throws {
        let job = try #require(
            try store.read { try $0.jobs.page(of: nil, state: nil, limit: 1, before: nil).items.first })
        clock.set(to: max(clock.now(), job.dueAt))
        let claim = JobClaim(
            queues: [Job.ordinaryQueue], limit: 1, owner: identifiers.make(), now: clock.now(),
            until: clock.now() + .seconds(30))
        let claimed = try await store.write { try $0.jobWriter.claim(claim) }
        let running = try #require(
            claimed.first.flatMap { RunningJob($0, store: store, policy: .ordinary, chance: 0) })
        let ending = AttemptEnding(
            hold: running.hold, way: .outcome(await handler.run(running), policy: .ordinary, chance: 0))
        let turn = JobTurn(
            endings: [ending], claim: nil, now: clock.now(), followers: JobFollowers([VideoTaskJobs()]))
        _ = try await store.write { try turn.take(in: $0) }
    }
}
