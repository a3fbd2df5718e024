package import Domain

/// How one attempt ended, as its worker will have it stored.
package struct AttemptEnding: Sendable {
    /// How it ended.
    package enum Way: Sendable {
        /// The handler said so.
        case outcome(JobOutcome, policy: RetryPolicy, chance: UInt64)
        /// The worker hands it back.
        case interrupted(JobInterruption)
    }

    /// Which attempt.
    package let hold: JobHold
    /// How it ended.
    package let way: Way

    /// How an attempt ended.
    package init(hold: JobHold, way: Way) {
        self.hold = hold
        self.way = way
    }
}

/// One step of a worker as one unit of work: what has ended is stored, and as much is claimed as there is room
/// for.
package struct JobTurn: Sendable {
    /// What came of a step.
    package struct Result: Sendable {
        /// The changes of the jobs that ended; those whose lease was lost are missing.
        package let ended: [JobChange]
        /// The jobs that were claimed.
        package let claimed: [Job]
    }

    /// What has ended since the last step.
    package let endings: [AttemptEnding]
    /// What to claim; nil when there is no room.
    package let claim: JobClaim?
    /// The present moment.
    package let now: Timestamp
    /// Who draws the consequences.
    package let followers: JobFollowers

    /// A step.
    package init(endings: [AttemptEnding], claim: JobClaim?, now: Timestamp, followers: JobFollowers) {
        self.endings = endings
        self.claim = claim
        self.now = now
        self.followers = followers
    }

    /// Takes the step.
    package func take(in writer: any StoreWriter) throws -> Result {
        var ended: [JobChange] = []
        ended.reserveCapacity(endings.count)
        for ending in endings {
            if let change = try end(ending, in: writer) { ended.append(change) }
        }
        let claimed = try claim.map { try writer.jobWriter.claim($0) } ?? []
        return Result(ended: ended, claimed: claimed)
    }

    private func end(_ ending: AttemptEnding, in writer: any StoreWriter) throws -> JobChange? {
        guard var job = try writer.jobs.find(ending.hold.job) else { return nil }
        let event: JobEvent
        do throws(JobError) {
            event =
                switch ending.way {
                case .outcome(let outcome, let policy, let chance):
                    try job.end(ending.hold, as: outcome, at: now, policy: policy, chance: chance)
                case .interrupted(let reason):
                    try job.interrupt(ending.hold, because: reason, at: now)
                }
        } catch {
            // The fence: the job has another worker by now, or has ended.
            return nil
        }
        let change = JobChange(job: job, event: event)
        try followers.keep(change, in: writer, at: now)
        return change
    }
}
