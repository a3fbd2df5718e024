import Domain
import Testing

@Suite("The life of a task")
struct VideoTaskTests {
    static let now = Timestamp(milliseconds: 1_790_000_000_000)
    static let failure = TaskFailure(code: "not_media", message: "no", stage: .acquiring)
    static let source = SourceVideo(
        file: MediaFile(
            id: Identifier(high: 3, low: 3), bytes: 9,
            hash: ContentHash(bytes: Array(repeating: 7, count: 32))!),
        facts: MediaFacts(
            duration: 60, width: 640, height: 360, frameRate: 25, videoCodec: "h264", audioCodec: "aac",
            captions: []),
        filename: "fetched.mp4")

    enum Happening: String, CaseIterable, CustomTestStringConvertible {
        case rename, begin, enter, acquire, describe, finish, ready, complete, fail, cancel, resume

        var testDescription: String { rawValue }

        @discardableResult
        func happen(to task: inout VideoTask) throws(VideoTaskError) -> [VideoTaskEvent] {
            switch self {
            case .rename: try task.rename(to: "other")
            case .begin: return try task.begin(at: now)
            case .enter: return try task.enter(.transcribing)
            case .acquire: try task.acquire(source, title: nil)
            case .describe: try task.describe(summary: "about", keyTopics: ["a"])
            case .finish: try task.finish(.transcribing, after: 2)
            case .ready: return try task.ready(Identifier(high: 5, low: 5))
            case .complete: return try task.complete(at: now)
            case .fail: return try task.fail(failure, at: now)
            case .cancel: return try task.cancel(at: now)
            case .resume: return try task.resume(finished: [.acquiring])
            }
            return []
        }
    }

    /// A status to begin with, by how it is reached.
    enum Beginning: String, CaseIterable, CustomTestStringConvertible {
        case queued, begun, staged, completed, failed, cancelled

        var testDescription: String { rawValue }

        var name: VideoTask.Status.Name {
            switch self {
            case .queued: .queued
            case .begun, .staged: .running
            case .completed: .completed
            case .failed: .failed
            case .cancelled: .cancelled
            }
        }

        func task() throws -> VideoTask {
            var task = try VideoTaskTests.fresh()
            let steps: [Happening] =
                switch self {
                case .queued: []
                case .begun: [.begin]
                case .staged: [.begin, .enter]
                case .completed: [.begin, .complete]
                case .failed: [.begin, .enter, .fail]
                case .cancelled: [.begin, .enter, .cancel]
                }
            for step in steps { try step.happen(to: &task) }
            return task
        }
    }

    static func fresh(title: String? = "Talk") throws -> VideoTask {
        try VideoTask(
            id: Identifier(high: 1, low: 1), owner: User.local, title: title,
            source: .address("https://example.org/talk.mp4"), captions: nil, filename: "talk.mp4",
            options: try ClipOptions(), createdAt: now)
    }

    static let events: [Happening: [VideoTaskEvent]] = [
        .rename: [], .begin: [.statusChanged], .enter: [.statusChanged], .acquire: [], .describe: [],
        .finish: [], .ready: [.clipReady(Identifier(high: 5, low: 5))], .complete: [.closed(.completed)],
        .fail: [.closed(.failed)], .cancel: [.closed(.cancelled)], .resume: [.statusChanged],
    ]

    /// Where everything leads from everywhere: the whole machine.
    static func expected(_ beginning: Beginning, _ happening: Happening)
        -> Result<VideoTask.Status, VideoTaskError>
    {
        let staged = VideoTask.Status.running(.transcribing)
        let status: VideoTask.Status =
            switch beginning {
            case .queued: .queued
            case .begun: .running(nil)
            case .staged: staged
            case .completed: .completed
            case .failed: .failed(failure)
            case .cancelled: .cancelled
            }
        return switch (happening, beginning) {
        case (.rename, _): .success(status)
        case (.begin, .queued), (.begin, .begun), (.begin, .staged): .success(.running(nil))
        case (.fail, .queued), (.fail, .begun), (.fail, .staged): .success(.failed(failure))
        case (.cancel, .queued), (.cancel, .begun), (.cancel, .staged), (.cancel, .cancelled):
            .success(.cancelled)
        case (.begin, _), (.fail, _), (.cancel, _): .failure(.alreadyEnded(beginning.name))
        case (.resume, .failed), (.resume, .cancelled): .success(.queued)
        case (.resume, _): .failure(.notResumable(beginning.name))
        case (.enter, .begun), (.enter, .staged): .success(staged)
        case (.complete, .begun), (.complete, .staged): .success(.completed)
        case (.acquire, .begun), (.acquire, .staged), (.describe, .begun), (.describe, .staged),
            (.finish, .begun), (.finish, .staged), (.ready, .begun), (.ready, .staged):
            .success(status)
        case (.enter, _), (.complete, _), (.acquire, _), (.describe, _), (.finish, _), (.ready, _):
            .failure(.notRunning(beginning.name))
        }
    }

    @Test(
        "every happening leads from every status where the table says, or is refused and changes nothing",
        arguments: Beginning.allCases, Happening.allCases)
    func transition(_ beginning: Beginning, _ happening: Happening) throws {
        let before = try beginning.task()
        var task = before
        switch Self.expected(beginning, happening) {
        case .success(let status):
            let events = try happening.happen(to: &task)
            #expect(task.status == status)
            let isRepeated = beginning == .cancelled && happening == .cancel
            #expect(events == (isRepeated ? [] : Self.events[happening]))
            #expect(task.version == before.version + (isRepeated || happening == .ready ? 0 : 1))
            #expect((task.completedAt != nil) == task.status.isFinal)
        case .failure(let error):
            #expect(throws: error) { try happening.happen(to: &task) }
            #expect(task == before)
        }
    }

    @Test("progress rises through the stages to 100 and falls only when the task is resumed")
    func progress() throws {
        var task = try Self.fresh()
        _ = try task.begin(at: Self.now)
        var last = task.progress
        for stage in Stage.allCases {
            _ = try task.enter(stage)
            for fraction in [-1, 0, 0.5, 1, 2] {
                let progress = task.progress(at: stage, fraction: fraction)
                #expect(progress >= last)
                #expect(stage.progressRange.contains(progress))
            }
            try task.finish(stage, after: 1)
            #expect(task.progress == stage.progressRange.upperBound)
            last = task.progress
        }
        _ = try task.fail(Self.failure, at: Self.now)
        _ = try task.resume(finished: [.acquiring, .transcribing])
        #expect(task.progress == Stage.transcribing.progressRange.upperBound)
        _ = try task.cancel(at: Self.now)
        _ = try task.resume(finished: [])
        #expect(task.progress == 0)
        _ = try task.begin(at: Self.now)
        _ = try task.complete(at: Self.now)
        #expect(task.progress == 100)
    }

    @Test("the time of a stage that is taken twice is the sum of both")
    func timings() throws {
        var task = try Beginning.staged.task()
        try task.finish(.transcribing, after: 2)
        try task.finish(.transcribing, after: 3)
        #expect(task.timings == [.transcribing: 5])
    }

    @Test("a task keeps when it was first begun and counts how often")
    func attempts() throws {
        var task = try Self.fresh()
        _ = try task.begin(at: Self.now)
        _ = try task.begin(at: Self.now + .seconds(5))
        #expect(task.attempts == 2)
        #expect(task.startedAt == Self.now)
    }

    @Test(
        "a title has 1–200 characters that are not all blank",
        arguments: ["", " ", "\t\n", String(repeating: "é", count: 201)])
    func badTitle(_ title: String) throws {
        #expect(throws: VideoTaskError.title) { try Self.fresh(title: title) }
        var task = try Self.fresh()
        #expect(throws: VideoTaskError.title) { try task.rename(to: title) }
        #expect(task.title == "Talk")
    }

    @Test(
        "a task without a title takes the fetched one, one with a title keeps it",
        arguments: [(nil, "Found"), ("Talk", "Talk")])
    func title(_ given: String?, _ expected: String) throws {
        var task = try Self.fresh(title: given)
        _ = try task.begin(at: Self.now)
        try task.acquire(Self.source, title: "Found")
        #expect(task.title == expected)
        #expect(task.filename == "fetched.mp4")
    }
}
