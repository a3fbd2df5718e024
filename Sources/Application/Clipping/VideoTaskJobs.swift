public import Domain

/// Keeps a task in step with its job where the job ends without its handler: called off through the queue, or
/// given up because its workers were lost too often.
public struct VideoTaskJobs: JobFollower {
    /// A follower of the jobs that run tasks.
    public init() {}

    /// The kind of jobs that run tasks.
    public var kind: String { RunVideoTask.jobKind }

    /// Cancels the task of a job that was called off, and fails that of one that was given up.
    public func follow(_ event: JobEvent, of job: Job, in writer: any StoreWriter, at now: Timestamp) throws {
        guard let id = job.subject?.of(VideoTask.self), var task = try writer.tasks.find(id),
            !task.status.isFinal,
            // A resumed task belongs to its latest job.
            try writer.jobs.unfinished(of: Identifier(id)).isEmpty
        else { return }
        let events: [VideoTaskEvent]
        switch event {
        case .cancelled:
            events = try task.cancel(at: now)
        case .discarded(let failure):
            events = try task.fail(
                TaskFailure(
                    code: failure?.code ?? "interrupted_too_often",
                    message: failure?.message
                        ?? "The task's worker was lost \(Job.interruptionLimit) times in the same stage.",
                    stage: task.stage),
                at: now)
        case .claimed, .snoozed, .retried, .interrupted, .cancellationRequested, .revived, .completed:
            return
        }
        try writer.taskWriter.update(task)
        try writer.announce(events, of: task)
        try writer.settle(task, at: now)
    }
}
