import Application
import Domain
import Synchronization
import TestSupport
import Testing

@Suite struct RunVideoTaskTests {
    let workshop = Workshop()

    @Test("a task goes through its stages in order and ends with its clips")
    func completes() async throws {
        let task = try await workshop.order()
        #expect(try await workshop.attempt() == .completed)
        let (done, clips) = (try workshop.details(task).task, try workshop.details(task).clips)
        #expect(done.status == .completed)
        #expect(done.progress == 100)
        #expect(Set(done.timings.keys) == Set(Stage.allCases))
        #expect(done.summary == "A summary.")
        #expect(done.title == "Fetched")
        #expect(clips.map(\.rank) == [1, 2])
        #expect(clips.allSatisfy { $0.renditions.count == 1 && $0.thumbnail != nil })
        let orders = workshop.studio.script.withLock { $0.orders }
        #expect(Dictionary(uniqueKeysWithValues: orders.map { ($0.rank, $0.span.start) }) == [1: 0, 2: 20])
        let stages = try workshop.store.read {
            try $0.notices.notices(of: task.id, after: 0, limit: 100)
        }.compactMap { notice -> Stage? in
            if case .status(let snapshot) = notice.notice { snapshot.stage } else { nil }
        }
        #expect(stages == Stage.allCases)
    }

    @Test("C15: each clip is announced when it is whole, before the task ends")
    func announcesClips() async throws {
        let task = try await workshop.order()
        try await workshop.attempt()
        let notices = try workshop.store.read { try $0.notices.notices(of: task.id, after: 0, limit: 100) }
        let kinds = notices.compactMap { notice -> String? in
            switch notice.notice {
            case .status: nil
            case .clipReady: "clip"
            case .closed(let status): status.rawValue
            }
        }
        #expect(kinds == ["clip", "clip", "completed"])
    }

    @Test(
        "a final error fails the task at once, with its code and stage",
        arguments: [
            (Stage.acquiring, "not_media"), (.transcribing, "captions_unreadable"),
            (.analyzing, "program_failed"),
        ])
    func failsAtOnce(_ stage: Stage, _ code: String) async throws {
        workshop.studio.change { script in
            switch stage {
            case .acquiring: script.acquiring = MediaError.notMedia("it is a text")
            case .transcribing: script.transcribing = MediaError.captionsUnreadable("line 3")
            case .analyzing: script.analyzing = MediaError.programFailed(program: "x", reason: "y")
            case .rendering: break
            }
        }
        let task = try await workshop.order()
        let outcome = try await workshop.attempt()
        guard case .failed(let failure, .never) = outcome else {
            Issue.record("the outcome was \(outcome)")
            return
        }
        #expect(failure.code == code)
        let failed = try workshop.details(task).task
        #expect(failed.failure?.code == code)
        #expect(failed.failure?.stage == stage)
        #expect(try workshop.job(of: task)?.state.name == .discarded)
    }

    @Test("a passing failure leaves the task running and says when it is tried again; the fourth fails it")
    func triesFourTimes() async throws {
        workshop.studio.change { $0.transcribing = PortError.unavailable("the recogniser is busy") }
        let task = try await workshop.order()
        for number in 1...3 {
            let outcome = try await workshop.attempt()
            guard case .failed(_, .at(let next)) = outcome else {
                Issue.record("attempt \(number) ended as \(outcome)")
                return
            }
            let waiting = try workshop.details(task).task
            #expect(waiting.status.name == .running)
            #expect(waiting.message.contains("busy; trying again in"))
            workshop.clock.advance(by: next - workshop.clock.now())
        }
        #expect(try await workshop.attempt().isFinalFailure)
        #expect(try workshop.details(task).task.failure?.code == "unavailable")
        #expect(workshop.studio.asked("fetch") == 1)
        #expect(workshop.clock.now() - task.createdAt < .seconds(600))
    }

    @Test("a passing failure that asks for a longer pause gets it")
    func honoursRetryAfter() async throws {
        workshop.studio.change { $0.transcribing = PortError.unavailable("429", retryAfter: .seconds(120)) }
        _ = try await workshop.order()
        let now = workshop.clock.now()
        guard case .failed(_, .at(let next)) = try await workshop.attempt() else {
            Issue.record("it was not to be tried again")
            return
        }
        #expect(next - now >= .seconds(120))
    }

    @Test("a full disk snoozes the task and costs it no try")
    func snoozesWhenFull() async throws {
        workshop.studio.change { $0.rendering[0] = PortError.full("no space left") }
        let task = try await workshop.order()
        guard case .snoozed = try await workshop.attempt() else {
            Issue.record("it was not snoozed")
            return
        }
        #expect(try workshop.details(task).task.status.name == .running)
        #expect(try workshop.job(of: task)?.failures == 0)
        workshop.studio.change { $0.rendering = [:] }
        workshop.clock.advance(by: .seconds(60))
        #expect(try await workshop.attempt() == .completed)
    }

    @Test("C19: another attempt goes on at the first stage whose artefact is missing")
    func goesOn() async throws {
        workshop.studio.change { $0.analyzing = MediaError.programFailed(program: "x", reason: "y") }
        let task = try await workshop.order()
        try await workshop.attempt()
        workshop.studio.change { $0.analyzing = nil }
        #expect(
            try await workshop.resume(task.id, by: .local).task.progress
                == Stage.transcribing.progressRange.upperBound)
        #expect(try await workshop.attempt() == .completed)
        #expect(workshop.studio.asked("fetch") == 1)
        #expect(workshop.studio.asked("transcribe") == 1)
        #expect(try workshop.details(task).task.attempts == 2)
    }

    @Test("a clip that cannot be rendered fails with its reason, and the others go on")
    func oneClipFails() async throws {
        workshop.studio.change {
            $0.rendering[20] = MediaError.programFailed(program: "ffmpeg", reason: "no")
        }
        let task = try await workshop.order()
        #expect(try await workshop.attempt() == .completed)
        let clips = try workshop.details(task).clips
        #expect(clips.map { $0.failure?.code } == [nil, "program_failed"])
    }

    @Test("a rendering that fails for now is tried again, and on the last try it is the clip's outcome")
    func passingRendering() async throws {
        workshop.studio.change { $0.rendering[0] = PortError.unavailable("ffmpeg was killed") }
        let task = try await workshop.order()
        for number in 1...3 {
            guard case .failed(_, .at(let next)) = try await workshop.attempt() else {
                Issue.record("attempt \(number) was not to be tried again")
                return
            }
            // The other clip is there meanwhile, and not rendered again.
            #expect(try workshop.details(task).clips.map(\.rank) == [2])
            workshop.clock.advance(by: next - workshop.clock.now())
        }
        #expect(try await workshop.attempt() == .completed)
        #expect(workshop.studio.asked("render") == 5)
        #expect(try workshop.details(task).clips.map { $0.failure?.code } == ["unavailable", nil])
    }

    @Test("a task none of whose clips could be rendered fails, and a resumption renders them")
    func allClipsFail() async throws {
        workshop.studio.change { script in
            for start in [0.0, 20.0] {
                script.rendering[start] = MediaError.programFailed(program: "ffmpeg", reason: "no")
            }
        }
        let task = try await workshop.order()
        #expect(try await workshop.attempt().isFinalFailure)
        #expect(try workshop.details(task).task.failure?.code == "no_clip_rendered")
        workshop.studio.change { $0.rendering = [:] }
        _ = try await workshop.resume(task.id, by: .local)
        #expect(try await workshop.attempt() == .completed)
        #expect(try workshop.details(task).clips.allSatisfy { $0.failure == nil })
    }

    @Test("a resumed task renders only the clips that are missing")
    func rendersWhatIsMissing() async throws {
        let task = try await workshop.order()
        workshop.studio.change { $0.rendering[20] = PortError.full("no space left") }
        _ = try await workshop.attempt()
        workshop.studio.change { $0.rendering = [:] }
        workshop.clock.advance(by: .seconds(60))
        try await workshop.attempt()
        #expect(workshop.studio.asked("render") == 3)
        #expect(try workshop.details(task).task.status == .completed)
    }

    @Test("a source below a second fails as too short")
    func tooShort() async throws {
        workshop.studio.change { script in
            script.facts = MediaFacts(
                duration: 0.2, width: 64, height: 64, frameRate: 25, videoCodec: "h264", audioCodec: nil,
                captions: [])
        }
        let task = try await workshop.order()
        try await workshop.attempt()
        #expect(try workshop.details(task).task.failure?.code == "source_too_short")
        #expect(workshop.studio.files.isEmpty)
    }

    @Test("a source of which less than a second decodes fails as truncated; else what decodes is shown")
    func truncated() async throws {
        workshop.studio.change { $0.decodes = 0.5 }
        let hopeless = try await workshop.order()
        try await workshop.attempt()
        #expect(try workshop.details(hopeless).task.failure?.code == "source_truncated")

        workshop.studio.change { $0.decodes = 30 }
        let task = try await workshop.order()
        try await workshop.attempt()
        #expect(try workshop.details(task).clips.map(\.highlight.span.end) == [20, 30])

        workshop.studio.change { script in
            script.facts = MediaFacts(
                duration: 0.4, width: 64, height: 64, frameRate: 25, videoCodec: "h264", audioCodec: nil,
                captions: [], isCutOff: true)
        }
        let cut = try await workshop.order()
        try await workshop.attempt()
        let failure = try workshop.details(cut).task.failure
        #expect(failure?.code == "source_truncated" && failure?.stage == .acquiring)
    }

    @Test("silence needs no transcriber; speech that none takes fails")
    func silence() async throws {
        workshop.studio.change { script in
            script.transcript = nil
            script.silences = [TimeSpan(start: 0, end: 60)]
        }
        let silent = try await workshop.order()
        #expect(try await workshop.attempt() == .completed)
        #expect(try GetTranscript(store: workshop.store)(silent.id, by: .local).isEmpty)

        workshop.studio.change { $0.silences = [] }
        let spoken = try await workshop.order()
        try await workshop.attempt()
        #expect(try workshop.details(spoken).task.failure?.code == "no_transcriber")
    }

    @Test("C18: a cancelled task stops where it is, and its job ends as cancelled")
    func cancels() async throws {
        let task = try await workshop.order()
        let rendering = TestGate()
        workshop.studio.change { script in
            script.onRender = {
                rendering.open()
                try await Task.sleep(for: .seconds(3600))
            }
        }
        let job = try await workshop.claim()
        let attempt = Task { await workshop.handler.run(job) }
        await rendering.wait()
        #expect(try await workshop.cancel(task.id, by: .local).task.status == .cancelled)
        attempt.cancel()
        let outcome = await attempt.value
        #expect(outcome == .cancelled)
        try await workshop.end(job, as: outcome)
        #expect(try workshop.job(of: task)?.state.name == .cancelled)
        #expect(try workshop.details(task).task.status == .cancelled)
        #expect(try await workshop.cancel(task.id, by: .local).task.status == .cancelled)
    }

    @Test(
        "an attempt that has lost its lease changes nothing any more, and leaves no file that the next does not replace"
    )
    func fenced() async throws {
        let task = try await workshop.order(try ClipOptions(count: 1))
        let job = try await workshop.claim()
        workshop.studio.change { [store = workshop.store] script in
            script.onRender = {
                // The queue takes the job away while it renders.
                try await store.write { writer in
                    guard var stored = try writer.jobs.find(job.hold.job) else { return }
                    try stored.interrupt(job.hold, because: .leaseExpired, at: job.job.createdAt)
                    try writer.jobWriter.update(stored)
                }
            }
        }
        let filesBefore = workshop.studio.files.count
        #expect(await workshop.handler.run(job) == .cancelled)
        #expect(try workshop.details(task).clips.isEmpty)
        #expect(try workshop.details(task).task.status == .running(.rendering))
        workshop.studio.change { $0.onRender = nil }
        #expect(try await workshop.attempt() == .completed)
        #expect(workshop.studio.files.count == filesBefore + 3, "the source, one clip, one still picture")
    }

    @Test("C20: a task that is deleted while it renders leaves no file")
    func deletedWhileRendering() async throws {
        let task = try await workshop.order(try ClipOptions(count: 1))
        let job = try await workshop.claim()
        workshop.studio.change { [delete = workshop.delete] script in
            script.onRender = { try await delete(task.id, by: .local) }
        }
        #expect(await workshop.handler.run(job) == .cancelled)
        #expect(workshop.studio.files.isEmpty)
    }

    @Test("C20: a task that is cancelled between two formats and then deleted leaves no file")
    func deletedBetweenFormats() async throws {
        let task = try await workshop.order(try ClipOptions(count: 1, formats: [.vertical, .square]))
        let job = try await workshop.claim()
        workshop.studio.change { [cancel = workshop.cancel, studio = workshop.studio] script in
            script.onRender = {
                if studio.asked("render") == 2 { _ = try await cancel(task.id, by: .local) }
            }
        }
        let outcome = await workshop.handler.run(job)
        #expect(outcome == .cancelled)
        try await workshop.end(job, as: outcome)
        #expect(try workshop.details(task).clips.isEmpty)
        try await workshop.delete(task.id, by: .local)
        #expect(workshop.studio.files.isEmpty)
    }

    @Test("an attempt that has lost its lease does not touch the files of the clips")
    func filesAreFenced() async throws {
        let task = try await workshop.order(try ClipOptions(count: 1))
        let job = try await workshop.claim()
        let filesBefore = Mutex<Set<Identifier<MediaFile>>>([])
        workshop.studio.change { [workshop, handler = workshop.handler] script in
            script.onRender = {
                workshop.studio.change { $0.onRender = nil }
                // The queue takes the job away while it renders, and another attempt completes it.
                try await workshop.store.write { writer in
                    guard var stored = try writer.jobs.find(job.hold.job) else { return }
                    try stored.interrupt(job.hold, because: .leaseExpired, at: job.job.createdAt)
                    try writer.jobWriter.update(stored)
                }
                let next = try await workshop.claim()
                try await workshop.end(next, as: await handler.run(next))
                filesBefore.withLock { $0 = workshop.studio.taken }
                workshop.studio.change { $0.taken = [] }
            }
        }
        #expect(await workshop.handler.run(job) == .cancelled)
        #expect(try workshop.details(task).task.status == .completed)
        #expect(filesBefore.withLock { $0.count } >= 2)
        #expect(workshop.studio.taken.isEmpty, "nothing was put in the place of what was announced")
    }

    @Test("C68: other captions for the same source are analysed anew")
    func cachesByTranscript() async throws {
        let upload = try await workshop.upload("talk.mp4")
        for text in ["alpha", "omega"] {
            workshop.studio.change { script in
                script.transcripts = [:]
                script.transcript = Transcript(
                    words: [Word(text: text, span: TimeSpan(start: 1, end: 2))], language: "en",
                    engine: "captions")
            }
            _ = try await workshop.submit(
                SubmitVideoTask.Command(source: .upload(upload.id), options: try ClipOptions()), by: .local)
            #expect(try await workshop.attempt() == .completed)
        }
        #expect(workshop.studio.asked("find") == 2)
    }

    @Test("C68: the same source with the same settings is transcribed and analysed once")
    func caches() async throws {
        let upload = try await workshop.upload("talk.mp4")
        for _ in 1...2 {
            _ = try await workshop.submit(
                SubmitVideoTask.Command(source: .upload(upload.id), options: try ClipOptions()), by: .local)
            #expect(try await workshop.attempt() == .completed)
        }
        #expect(workshop.studio.asked("transcribe") == 1)
        #expect(workshop.studio.asked("find") == 1)
    }

    @Test("a job that is given up without its handler fails its task; one called off cancels it")
    func followsItsJob() async throws {
        let lost = try await workshop.order()
        for _ in 1...Job.interruptionLimit {
            let job = try await workshop.claim()
            let turn = JobTurn(
                endings: [AttemptEnding(hold: job.hold, way: .interrupted(.ownerGone))], claim: nil,
                now: workshop.clock.now(), followers: JobFollowers([VideoTaskJobs()]))
            _ = try await workshop.store.write { try turn.take(in: $0) }
        }
        #expect(try workshop.details(lost).task.failure?.code == "interrupted_too_often")

        let unwanted = try await workshop.order()
        let job = try #require(try workshop.job(of: unwanted))
        _ = try await CancelJob(
            store: workshop.store, followers: JobFollowers([VideoTaskJobs()]), clock: workshop.clock)(
                job.id, by: .local)
        #expect(try workshop.details(unwanted).task.status == .cancelled)
    }

    @Test("a task that is resumed while its cancelled job still stops waits for it")
    func resumesWhileStopping() async throws {
        let task = try await workshop.order()
        let stopping = try await workshop.claim()
        _ = try await workshop.cancel(task.id, by: .local)
        _ = try await workshop.resume(task.id, by: .local)
        guard case .snoozed(let next) = try await workshop.attempt() else {
            Issue.record("the later job did not wait")
            return
        }
        try await workshop.end(stopping, as: .cancelled)
        #expect(try workshop.details(task).task.status == .queued)
        workshop.clock.advance(by: next - workshop.clock.now())
        #expect(try await workshop.attempt() == .completed)
    }
}

extension JobOutcome {
    var isFinalFailure: Bool {
        if case .failed(_, .never) = self { true } else { false }
    }
}
