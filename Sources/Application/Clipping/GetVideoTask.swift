public import Domain

/// A task with its clips.
public struct TaskDetails: Hashable, Sendable {
    /// The task.
    public let task: VideoTask
    /// Its clips, by rank.
    public let clips: [Clip]

    /// A task with its clips.
    public init(task: VideoTask, clips: [Clip]) {
        self.task = task
        self.clips = clips
    }
}

/// Shows one task.
public struct GetVideoTask: Sendable {
    private let store: any Store

    /// The use case over the store.
    public init(store: any Store) {
        self.store = store
    }

    /// The task and its clips.
    ///
    /// - Throws: ``NotFound/task``.
    public func callAsFunction(_ id: Identifier<VideoTask>) throws -> TaskDetails {
        try store.read { reader in
            guard let task = try reader.tasks.find(id) else { throw NotFound.task }
            return TaskDetails(task: task, clips: try reader.clips.all(of: id))
        }
    }
}

/// What was asked for does not exist.
public enum NotFound: CodedError, Equatable {
    /// There is no such task.
    case task
    /// The task has no such clip, or the clip no such file.
    case clip
    /// There is no such job.
    case job
    /// There is no such upload.
    case upload
    /// There is no such user.
    case user
    /// There is no such session.
    case session
    /// There is no such API key.
    case apiKey
    /// There is no such invitation.
    case invitation
    /// There is no such plan.
    case tier

    /// The stable code.
    public var code: String { "not_found" }

    /// What was not found.
    public var explanation: String {
        switch self {
        case .task: "There is no such task."
        case .clip: "The task has no such clip."
        case .job: "There is no such job."
        case .upload: "There is no such upload."
        case .user: "There is no such user."
        case .session: "There is no such session."
        case .apiKey: "There is no such API key."
        case .invitation: "There is no such invitation."
        case .tier: "There is no such plan."
        }
    }
}
