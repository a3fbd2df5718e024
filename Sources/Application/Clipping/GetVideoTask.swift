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
    /// - Throws: ``Domain/AccessError``, ``NotFound/task``.
    public func callAsFunction(_ id: Identifier<VideoTask>, by caller: Caller) throws -> TaskDetails {
        try UseCase.getVideoTask.run { try find(id, by: caller) }
    }

    private func find(_ id: Identifier<VideoTask>, by caller: Caller) throws -> TaskDetails {
        try caller.require(.tasksRead)
        return try store.read { reader in
            TaskDetails(task: try reader.task(id, of: caller), clips: try reader.clips.all(of: id))
        }
    }
}

extension StoreReader {
    /// A task of the caller's own; someone else's is not there.
    ///
    /// - Throws: ``NotFound/task``.
    func task(_ id: Identifier<VideoTask>, of caller: Caller) throws -> VideoTask {
        guard let task = try tasks.find(id), caller.owns(task.owner) else { throw NotFound.task }
        return task
    }
}

/// What was asked for does not exist, or is someone else's, which are not told apart.
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
    /// There is no such setting, or none that can be changed.
    case setting
    /// There is no such revision of the configuration, any more or yet.
    case revision
    /// There is no such webhook.
    case webhook
    /// There is no such delivery.
    case delivery
    /// There is no such logger.
    case logger
    /// There is no such rule of alerts.
    case alert
    /// The program has no such part.
    case component
    /// The address is not banned, or not on the list of those that are allowed.
    case ban

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
        case .setting: "There is no such setting that administrators can change."
        case .revision: "There is no such revision, or it is forgotten."
        case .webhook: "There is no such webhook."
        case .delivery: "There is no such delivery."
        case .logger: "There is no such logger."
        case .alert: "There is no such rule of alerts."
        case .component: "There is no such component."
        case .ban: "The address is not on the list."
        }
    }
}
