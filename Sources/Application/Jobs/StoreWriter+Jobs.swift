public import Domain

extension StoreWriter {
    /// Adds a job to the queue, unless another one claims its unique key; returns the one that is there.
    @discardableResult
    public func enqueue(_ job: Job) throws -> Job {
        try jobWriter.insert(job)
    }

    /// Calls off all jobs about something: those that wait at once, those that run as soon as their workers
    /// notice.
    public func cancelJobs<Subject>(of subject: Identifier<Subject>, at now: Timestamp) throws {
        for var job in try jobs.unfinished(of: Identifier<Job.Subject>(subject)) {
            guard try job.requestCancellation(at: now) != nil else { continue }
            try jobWriter.update(job)
        }
    }

    /// Removes all jobs about something; the workers of those that run stop.
    public func deleteJobs<Subject>(of subject: Identifier<Subject>) throws {
        try jobWriter.delete(about: Identifier<Job.Subject>(subject))
    }
}
