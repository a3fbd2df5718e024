import Domain

extension StoreWriter {
    /// Adds a job in this unit of work.
    func enqueue(_ job: Job) throws {
        try jobWriter.insert(job)
    }

    /// Calls off the jobs about a task that have not ended.
    func cancelJobs(of task: Identifier<VideoTask>, at now: Timestamp) throws {
        for var job in try jobs.unfinished(of: Identifier(task)) {
            try job.requestCancellation(at: now)
            try jobWriter.update(job)
        }
    }
}
