public import Domain

/// Removes the tasks and uploads of a user who was deleted, with all their files and what was found out about them: a
/// use case whose caller is the queue.
///
/// Files go before the rows that name them. Whenever an attempt breaks off, the next one finds by the rows what is
/// left, and removes it once more.
public struct RemoveBelongings: JobHandler {
    /// The kind of its jobs.
    public static let jobKind = "remove_belongings"
    /// How many tasks or uploads are removed in one unit of work, so that nobody waits long behind it.
    static let batch = 20
    /// As often as it takes: at five minutes each these are days, in which somebody frees or mends the disk.
    private static let failureLimit = 1000

    /// The kind of its jobs.
    public var kind: String { Self.jobKind }

    private let store: any Store
    private let media: any MediaStore
    private let cache: any ArtefactCache
    private let feed: TaskFeed

    /// The handler over its ports.
    public init(store: any Store, media: any MediaStore, cache: any ArtefactCache, feed: TaskFeed) {
        self.store = store
        self.media = media
        self.cache = cache
        self.feed = feed
    }

    /// The job that removes what a user had; it is the server's own, and goes before other work.
    static func job(for user: Identifier<User>, id: Identifier<Job>, at now: Timestamp) -> Job {
        Job(
            id: id, kind: jobKind, subject: Identifier(user), priority: Job.priorities.lowerBound,
            uniqueKey: "\(jobKind) \(user)", failureLimit: failureLimit, now: now)
    }

    /// Removes what is left.
    public func run(_ job: RunningJob) async -> JobOutcome {
        guard let user = job.job.subject?.of(User.self) else {
            return .failed(JobFailure(code: "malformed", message: "The job names no user."), retry: .never)
        }
        do {
            try await job.write { try $0.answerWriter.forgetAll(of: user) }
            while try await removeTasks(of: user, by: job) {}
            while try await removeUploads(of: user, by: job) {}
            // Last, when no worker makes anything for the user any more.
            try await cache.forgetAll(of: user)
            return .completed
        } catch {
            if job.stopReason != nil || error as? JobError == .calledOff { return .cancelled }
            return .failed(
                JobFailure(code: "removal_failed", message: "What a user had is not all removed: \(error)"),
                retry: .byPolicy)
        }
    }

    /// Removes some tasks; false when none were left.
    private func removeTasks(of user: Identifier<User>, by job: RunningJob) async throws -> Bool {
        let tasks = try await job.write { writer in
            let page = try writer.tasks.page(of: user, status: nil, limit: Self.batch, before: nil)
            // From here on no worker keeps anything for these tasks.
            for listing in page.items { try writer.deleteJobs(of: listing.task.id) }
            return page.items.map(\.task)
        }
        guard !tasks.isEmpty else { return false }
        try await media.remove(tasks.flatMap { $0.clipFiles + $0.fetchedFiles })
        try await job.checkpoint { writer in
            for task in tasks { try writer.taskWriter.delete(task.id) }
        }
        for task in tasks { feed.close(task.id) }
        return true
    }

    /// Removes some uploads; false when none were left.
    private func removeUploads(of user: Identifier<User>, by job: RunningJob) async throws -> Bool {
        let uploads = try store.read { try $0.uploads.oldest(of: user, limit: Self.batch) }
        guard !uploads.isEmpty else { return false }
        try await media.remove(uploads.map(\.file.id))
        try await job.checkpoint { writer in
            for upload in uploads { try writer.uploadWriter.delete(upload.id) }
        }
        return true
    }
}
