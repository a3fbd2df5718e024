/// Something that happened and that receivers are told about.
///
/// It tells little on purpose: what it is about is asked for when it is needed, and is then as it is at that moment.
public struct WebhookEvent: Hashable, Sendable {
    /// What happened, by the names under which receivers know it.
    public enum Kind: String, CaseIterable, Sendable {
        /// A task is done.
        case taskCompleted = "task.completed"
        /// A task has ended without a result.
        case taskFailed = "task.failed"
        /// A task was stopped.
        case taskCancelled = "task.cancelled"
        /// A clip is whole.
        case clipReady = "clip.ready"
        /// Nothing happened: someone tries whether events arrive.
        case ping = "webhook.ping"

        /// What a webhook can ask for.
        public static let subscribable = Set(allCases).subtracting([.ping])

        /// What the end of a task is called; nil for a status that is no end.
        public init?(endingAs status: VideoTask.Status.Name) {
            switch status {
            case .queued, .running: return nil
            case .completed: self = .taskCompleted
            case .failed: self = .taskFailed
            case .cancelled: self = .taskCancelled
            }
        }
    }

    /// What is told of a task.
    public struct TaskFacts: Hashable, Sendable {
        /// The task.
        public let id: Identifier<VideoTask>
        /// Where it stood.
        public let status: VideoTask.Status.Name
        /// How many clips of it were whole.
        public let clips: Int
        /// The stable code of its failure; nil unless it failed.
        public let failure: String?

        /// Facts about a task.
        public init(
            id: Identifier<VideoTask>, status: VideoTask.Status.Name, clips: Int, failure: String? = nil
        ) {
            self.id = id
            self.status = status
            self.clips = clips
            self.failure = failure
        }
    }

    /// What an event is about.
    public enum Subject: Hashable, Sendable {
        /// A task.
        case task(TaskFacts)
        /// A clip of a task.
        case clip(Identifier<Clip>, of: TaskFacts)
        /// The webhook itself.
        case webhook(Identifier<Webhook>)
    }

    /// Its identifier: the same in every delivery of it, so that a receiver can tell what it has had already.
    public let id: Identifier<WebhookEvent>
    /// What happened.
    public let kind: Kind
    /// When.
    public let at: Timestamp
    /// What it is about.
    public let subject: Subject

    /// An event.
    public init(id: Identifier<WebhookEvent>, kind: Kind, at moment: Timestamp, subject: Subject) {
        self.id = id
        self.kind = kind
        at = moment
        self.subject = subject
    }
}

extension WebhookEvent {
    /// The end of a task, or nil while it has not ended.
    ///
    /// - Parameter clips: How many clips of it are whole.
    public init?(endOf task: VideoTask, clips: Int) {
        guard let kind = Kind(endingAs: task.status.name), let moment = task.completedAt else { return nil }
        // A task that is resumed ends again, in a later version.
        self.init(
            id: .derived(from: [task.id.high, task.id.low, UInt64(task.version)], at: moment), kind: kind,
            at: moment,
            subject: .task(
                TaskFacts(
                    id: task.id, status: task.status.name, clips: clips, failure: task.failure?.code)))
    }

    /// A clip that has become whole.
    ///
    /// - Parameter clips: How many clips of its task are whole now.
    public init(ready clip: Identifier<Clip>, of task: VideoTask, clips: Int, at moment: Timestamp) {
        self.init(
            id: .derived(from: [clip.high, clip.low], at: moment), kind: .clipReady, at: moment,
            subject: .clip(clip, of: TaskFacts(id: task.id, status: task.status.name, clips: clips)))
    }
}

extension Identifier {
    /// An identifier that follows from others and a moment: the same ones lead to the same.
    ///
    /// What happens in a unit of work, which may run twice, gets its identifiers so. The bits are mixed by the
    /// finisher of SplitMix64 (Steele, Lea and Flood, 2014).
    public static func derived(from words: [UInt64], at moment: Timestamp) -> Self {
        var state: (UInt64, UInt64) = (0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F)
        for word in words {
            state.0 = mixed(state.0 ^ word)
            state.1 = mixed(state.1 &+ word)
        }
        return Identifier(at: moment, randomness: state)
    }

    private static func mixed(_ word: UInt64) -> UInt64 {
        var bits = word &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}
