/// A person's order: make clips of this source.
///
/// Its life is a pure state machine: each mutating method takes what happened and returns the events that
/// follow, or throws the rule that forbids it.
///
/// ```
/// queued ─▶ running ─▶ completed
///   ▲ │        │ ├───▶ failed ──┐
///   │ └────────┴─┴───▶ cancelled│
///   └───────────────resume──────┘
/// ```
public struct VideoTask: Hashable, Sendable {
    /// Where the source comes from.
    public enum Source: Hashable, Sendable {
        /// A file that was handed in before.
        case upload(Identifier<Upload>)
        /// An address to fetch.
        case address(String)
        /// A file on this machine; only the command line may say so.
        case path(String)
    }

    /// Where the task stands in its life.
    public enum Status: Hashable, Sendable {
        /// It waits for a worker.
        case queued
        /// A worker is at this stage; nil until the first one begins.
        case running(Stage?)
        /// It is done; at least one clip is there.
        case completed
        /// It ended without a result, and why.
        case failed(TaskFailure)
        /// A person stopped it.
        case cancelled

        /// Whether nothing more happens by itself.
        public var isFinal: Bool {
            switch self {
            case .queued, .running: false
            case .completed, .failed, .cancelled: true
            }
        }

        /// The status without its data.
        public var name: Name {
            switch self {
            case .queued: .queued
            case .running: .running
            case .completed: .completed
            case .failed: .failed
            case .cancelled: .cancelled
            }
        }

        /// The names under which clients know the statuses.
        public enum Name: String, CaseIterable, Sendable {
            case queued, running, completed, failed, cancelled
        }
    }

    /// How many characters a title may have.
    public static let titleLength = 1...200

    /// Its identifier.
    public let id: Identifier<VideoTask>
    /// Whose it is.
    public let owner: Identifier<User>
    /// What people call it.
    public private(set) var title: String
    /// Where the source comes from.
    public let source: Source
    /// Captions that were handed in with the source.
    public let captions: Identifier<Upload>?
    /// The source's file name, for showing.
    public private(set) var filename: String
    /// The source once it is here: its file and what was found in it.
    public private(set) var acquired: SourceVideo?
    /// What is wanted.
    public let options: ClipOptions
    /// Where it stands.
    public private(set) var status: Status
    /// How far it is, 0–100 over all stages; it falls only on ``resume(at:)``.
    public private(set) var progress: Double
    /// What is being done, in a few words.
    public private(set) var message: String
    /// How often a worker has begun it.
    public private(set) var attempts: Int
    /// How many seconds each finished stage took.
    public private(set) var timings: [Stage: Double]
    /// What the source is about, once analysed.
    public private(set) var summary: String?
    /// The topics it turns on, once analysed.
    public private(set) var keyTopics: [String]
    /// When it was ordered.
    public let createdAt: Timestamp
    /// When a worker first began it.
    public private(set) var startedAt: Timestamp?
    /// When it ended, nil while it has not.
    public private(set) var completedAt: Timestamp?
    /// How often it has changed; a store refuses to overwrite a later version.
    public private(set) var version: Int

    /// Orders clips of a source.
    ///
    /// - Parameter title: Nil takes the file's name.
    /// - Throws: ``VideoTaskError/title`` when the title has not 1–200 characters.
    public init(
        id: Identifier<VideoTask>, owner: Identifier<User>, title: String?, source: Source,
        captions: Identifier<Upload>?, filename: String, options: ClipOptions, createdAt: Timestamp
    ) throws(VideoTaskError) {
        self.id = id
        self.owner = owner
        if let title {
            self.title = try Self.checked(title: title)
        } else {
            self.title = String(filename.prefix(Self.titleLength.upperBound))
        }
        self.source = source
        self.captions = captions
        self.filename = filename
        self.options = options
        self.createdAt = createdAt
        acquired = nil
        status = .queued
        progress = 0
        message = "waiting for a worker"
        attempts = 0
        timings = [:]
        summary = nil
        keyTopics = []
        startedAt = nil
        completedAt = nil
        version = 0
    }

    /// Restores a task as a store kept it.
    public init(
        id: Identifier<VideoTask>, owner: Identifier<User>, title: String, source: Source,
        captions: Identifier<Upload>?, filename: String, acquired: SourceVideo?, options: ClipOptions,
        status: Status, progress: Double, message: String, attempts: Int, timings: [Stage: Double],
        summary: String?, keyTopics: [String], createdAt: Timestamp, startedAt: Timestamp?,
        completedAt: Timestamp?, version: Int
    ) {
        self.id = id
        self.owner = owner
        self.title = title
        self.source = source
        self.captions = captions
        self.filename = filename
        self.acquired = acquired
        self.options = options
        self.status = status
        self.progress = progress
        self.message = message
        self.attempts = attempts
        self.timings = timings
        self.summary = summary
        self.keyTopics = keyTopics
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.completedAt = completedAt
        self.version = version
    }

    /// Gives it another title.
    public mutating func rename(to title: String) throws(VideoTaskError) {
        self.title = try Self.checked(title: title)
        version += 1
    }

    /// A worker begins it, for the first time or again.
    public mutating func begin(at now: Timestamp) throws(VideoTaskError) -> [VideoTaskEvent] {
        switch status {
        case .queued, .running: break
        case .completed, .failed, .cancelled: throw .alreadyEnded(status.name)
        }
        status = .running(nil)
        message = "starting"
        attempts += 1
        startedAt = startedAt ?? now
        version += 1
        return [.statusChanged]
    }

    /// The worker turns to a stage.
    public mutating func enter(_ stage: Stage) throws(VideoTaskError) -> [VideoTaskEvent] {
        try requireRunning()
        status = .running(stage)
        message = stage.rawValue
        progress = max(progress, stage.progressRange.lowerBound)
        version += 1
        return [.statusChanged]
    }

    /// The source is here.
    public mutating func acquire(_ source: SourceVideo, title: String?) throws(VideoTaskError) {
        try requireRunning()
        acquired = source
        if case .address = self.source {
            if self.title == filename, let title, !title.isEmpty {
                self.title = String(title.prefix(Self.titleLength.upperBound))
            }
            filename = source.filename
        }
        version += 1
    }

    /// The analysis is here.
    public mutating func describe(summary: String?, keyTopics: [String]) throws(VideoTaskError) {
        try requireRunning()
        self.summary = summary
        self.keyTopics = keyTopics
        version += 1
    }

    /// A stage ended after that many seconds.
    public mutating func finish(_ stage: Stage, after seconds: Double) throws(VideoTaskError) {
        try requireRunning()
        timings[stage, default: 0] += seconds
        progress = max(progress, stage.progressRange.upperBound)
        version += 1
    }

    /// Where the bar stands when `fraction` (0–1) of `stage` is done; it never moves back.
    public func progress(at stage: Stage, fraction: Double) -> Double {
        let range = stage.progressRange
        let share = min(max(fraction, 0), 1)
        return max(progress, range.lowerBound + (range.upperBound - range.lowerBound) * share)
    }

    /// A clip of it is whole, or has failed for good.
    public func ready(_ clip: Identifier<Clip>) throws(VideoTaskError) -> [VideoTaskEvent] {
        try requireRunning()
        return [.clipReady(clip)]
    }

    /// Everything is done.
    public mutating func complete(at now: Timestamp) throws(VideoTaskError) -> [VideoTaskEvent] {
        try requireRunning()
        return end(as: .completed, message: "done", at: now)
    }

    /// It cannot be done.
    public mutating func fail(_ failure: TaskFailure, at now: Timestamp) throws(VideoTaskError)
        -> [VideoTaskEvent]
    {
        switch status {
        case .queued, .running: break
        case .completed, .failed, .cancelled: throw .alreadyEnded(status.name)
        }
        return end(as: .failed(failure), message: failure.message, at: now)
    }

    /// A person stops it; stopping it twice changes nothing.
    public mutating func cancel(at now: Timestamp) throws(VideoTaskError) -> [VideoTaskEvent] {
        switch status {
        case .queued, .running: return end(as: .cancelled, message: "cancelled", at: now)
        case .cancelled: return []
        case .completed, .failed: throw .alreadyEnded(status.name)
        }
    }

    /// A person wants a failed or cancelled task to go on where it stopped.
    ///
    /// - Parameter finished: The stages whose artefacts are there; progress falls back to their end.
    public mutating func resume(finished: Set<Stage>) throws(VideoTaskError) -> [VideoTaskEvent] {
        switch status {
        case .failed, .cancelled: break
        case .queued, .running, .completed: throw .notResumable(status.name)
        }
        status = .queued
        progress = finished.max()?.progressRange.upperBound ?? 0
        message = "waiting for a worker"
        completedAt = nil
        version += 1
        return [.statusChanged]
    }

    private mutating func end(as status: Status, message: String, at now: Timestamp) -> [VideoTaskEvent] {
        self.status = status
        self.message = message
        if status == .completed { progress = 100 }
        completedAt = now
        version += 1
        return [.closed(status.name)]
    }

    private func requireRunning() throws(VideoTaskError) {
        guard case .running = status else { throw .notRunning(status.name) }
    }

    private static func checked(title: String) throws(VideoTaskError) -> String {
        guard titleLength.contains(title.count), title.contains(where: { !$0.isWhitespace }) else {
            throw .title
        }
        return title
    }
}

/// The source of a task once it is here.
public struct SourceVideo: Hashable, Sendable {
    /// Where its bytes are.
    public let file: MediaFile
    /// What was found in it.
    public let facts: MediaFacts
    /// Its name, for showing.
    public let filename: String
    /// Captions that came with it from the same address, already stored.
    public let captions: MediaFile?

    /// A source that is here.
    public init(file: MediaFile, facts: MediaFacts, filename: String, captions: MediaFile? = nil) {
        self.file = file
        self.facts = facts
        self.filename = filename
        self.captions = captions
    }

    /// Every file that it consists of.
    public var files: [Identifier<MediaFile>] {
        [file.id] + (captions.map { [$0.id] } ?? [])
    }
}

/// Why a task, or one clip of it, ended without a result.
public struct TaskFailure: Hashable, Sendable {
    /// A stable code such as `source_too_short`.
    public let code: String
    /// A sentence for a person.
    public let message: String
    /// The stage in which it happened, nil before the first.
    public let stage: Stage?

    /// A failure in a stage.
    public init(code: String, message: String, stage: Stage?) {
        self.code = code
        self.message = message
        self.stage = stage
    }
}

/// What happened to a task, in the order in which it happened.
public enum VideoTaskEvent: Hashable, Sendable {
    /// Its status or stage changed.
    case statusChanged
    /// A clip is there to be shown.
    case clipReady(Identifier<Clip>)
    /// It ended, with this status.
    case closed(VideoTask.Status.Name)
}

/// The rules of a task's life.
public enum VideoTaskError: CodedError, Equatable {
    /// A title has 1–200 characters that are not all blank.
    case title
    /// What was asked needs a task that has not ended.
    case alreadyEnded(VideoTask.Status.Name)
    /// What was asked needs a failed or cancelled task.
    case notResumable(VideoTask.Status.Name)
    /// What was asked needs a running task.
    case notRunning(VideoTask.Status.Name)

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .title: "validation_failed"
        case .alreadyEnded, .notResumable, .notRunning: "conflict"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .title: "A title has 1–200 characters that are not all blank."
        case .alreadyEnded(let status):
            "The task is \(status.rawValue); only an unfinished one can be changed so."
        case .notResumable(let status):
            "The task is \(status.rawValue); only a failed or cancelled one can be resumed."
        case .notRunning(let status): "The task is \(status.rawValue), not running."
        }
    }
}
