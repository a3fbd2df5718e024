/// How far a task is, as streams tell it.
public struct TaskSnapshot: Hashable, Sendable {
    /// The task.
    public let task: Identifier<VideoTask>
    /// Where it stands.
    public let status: VideoTask.Status.Name
    /// The stage it is at, nil while none runs.
    public let stage: Stage?
    /// How far it is, 0–100.
    public let progress: Double
    /// What is being done, in a few words.
    public let message: String

    /// A snapshot of a task.
    public init(
        task: Identifier<VideoTask>, status: VideoTask.Status.Name, stage: Stage?, progress: Double,
        message: String
    ) {
        self.task = task
        self.status = status
        self.stage = stage
        self.progress = progress
        self.message = message
    }
}

extension VideoTask {
    /// The stage that is being done, nil while none is.
    public var stage: Stage? {
        if case .running(let stage) = status { stage } else { nil }
    }

    /// Why it failed, nil unless it did.
    public var failure: TaskFailure? {
        if case .failed(let failure) = status { failure } else { nil }
    }

    /// How far it is now.
    public var snapshot: TaskSnapshot {
        TaskSnapshot(task: id, status: status.name, stage: stage, progress: progress, message: message)
    }
}

/// What is told about a task and kept as long as the task lives.
public enum TaskNotice: Hashable, Sendable {
    /// Its status or stage changed to this.
    case status(TaskSnapshot)
    /// A clip is there to be shown.
    case clipReady(Identifier<Clip>)
    /// It ended with this status; nothing follows unless it is resumed.
    case closed(VideoTask.Status.Name)
}

/// A notice with its place in the order of all notices.
public struct NumberedNotice: Hashable, Sendable {
    /// Its number: greater than that of every notice before it, of any task.
    public let number: Int64
    /// The task it is about.
    public let task: Identifier<VideoTask>
    /// What is told.
    public let notice: TaskNotice

    /// A notice as a store keeps it.
    public init(number: Int64, task: Identifier<VideoTask>, notice: TaskNotice) {
        self.number = number
        self.task = task
        self.notice = notice
    }
}
