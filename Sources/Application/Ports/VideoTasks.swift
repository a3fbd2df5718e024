public import Domain

/// One line of the list of tasks.
public struct TaskListing: Hashable, Sendable {
    /// The task.
    public let task: VideoTask
    /// How many clips it has, failed ones included.
    public let clipCount: Int

    /// A line of the list.
    public init(task: VideoTask, clipCount: Int) {
        self.task = task
        self.clipCount = clipCount
    }
}

/// How much is stored.
public struct StoreStatistics: Hashable, Sendable {
    /// The number of tasks in each status that has any.
    public let tasks: [VideoTask.Status.Name: Int]
    /// The number of rendered clips.
    public let clips: Int
    /// The number of uploads.
    public let uploads: Int
    /// The bytes of all uploads and rendered clips.
    public let mediaBytes: Int64

    /// How much is stored.
    public init(tasks: [VideoTask.Status.Name: Int], clips: Int, uploads: Int, mediaBytes: Int64) {
        self.tasks = tasks
        self.clips = clips
        self.uploads = uploads
        self.mediaBytes = mediaBytes
    }
}

/// Reads tasks.
public protocol VideoTaskReader {
    /// The task with that identifier, nil when there is none.
    func find(_ id: Identifier<VideoTask>) throws -> VideoTask?
    /// Up to `limit` tasks of that user created before the one at `cursor`, newest first.
    func page(
        of owner: Identifier<User>, status: VideoTask.Status.Name?, limit: Int,
        before cursor: Identifier<VideoTask>?
    ) throws -> Page<TaskListing, Identifier<VideoTask>>
    /// How far the tasks are that run now.
    func running() throws -> [TaskSnapshot]
    /// Whether a task other than `task` uses this upload as its source or captions.
    func uses(_ upload: Identifier<Upload>, otherThan task: Identifier<VideoTask>) throws -> Bool
    /// How much of that user's is stored; with `owner` nil how much in all.
    func statistics(of owner: Identifier<User>?) throws -> StoreStatistics
}

/// Changes tasks.
public protocol VideoTaskWriter {
    /// Adds a task.
    func insert(_ task: VideoTask) throws
    /// Replaces a task by a later version of it.
    ///
    /// - Throws: ``PortError/conflict(_:)`` when the stored version is not before the task's.
    func update(_ task: VideoTask) throws
    /// Notes how far a running task is, without making a version of it; does nothing for one that is not
    /// running.
    func record(progress: Double, message: String, of id: Identifier<VideoTask>) throws
    /// Removes a task with its clips, documents and notices; files stay and are the caller's to remove.
    func delete(_ id: Identifier<VideoTask>) throws
}

/// Reads clips.
public protocol ClipReader {
    /// The clips of a task, by rank.
    func all(of task: Identifier<VideoTask>) throws -> [Clip]
    /// A clip of a task, nil when the task has none with that identifier.
    func find(_ id: Identifier<Clip>, of task: Identifier<VideoTask>) throws -> Clip?
}

/// Changes clips.
public protocol ClipWriter {
    /// Adds a clip; one of the same task and rank is replaced.
    func put(_ clip: Clip) throws
}

/// Reads uploads.
public protocol UploadReader {
    /// The upload with that identifier, nil when there is none.
    func find(_ id: Identifier<Upload>) throws -> Upload?
    /// Up to `limit` uploads of that user, oldest first.
    func oldest(of owner: Identifier<User>, limit: Int) throws -> [Upload]
    /// Up to `limit` uploads of that user that were handed in after the one at `cursor`, oldest first.
    func page(of owner: Identifier<User>, limit: Int, after cursor: Identifier<Upload>?) throws -> [Upload]
}

/// Changes uploads.
public protocol UploadWriter {
    /// Adds an upload.
    func insert(_ upload: Upload) throws
    /// Removes an upload; its file stays and is the caller's to remove.
    func delete(_ id: Identifier<Upload>) throws
}

/// Reads what the stages of a task have found out: their artefacts, by which a retry knows where to go on.
public protocol TaskDocumentReader {
    /// The transcript of a task's source, nil while that stage has not finished.
    func transcript(of task: Identifier<VideoTask>) throws -> Transcript?
    /// How a task's source looks, nil while nobody has looked.
    func pictures(of task: Identifier<VideoTask>) throws -> PictureTrack?
    /// What was found in a task's source, nil while that stage has not finished.
    func analysis(of task: Identifier<VideoTask>) throws -> Analysis?
}

/// Keeps what the stages of a task have found out.
public protocol TaskDocumentWriter {
    /// Keeps a transcript; an earlier one is replaced.
    func put(_ transcript: Transcript, of task: Identifier<VideoTask>) throws
    /// Keeps how a source looks; an earlier look is replaced.
    func put(_ pictures: PictureTrack, of task: Identifier<VideoTask>) throws
    /// Keeps an analysis; an earlier one is replaced.
    func put(_ analysis: Analysis, of task: Identifier<VideoTask>) throws
}
