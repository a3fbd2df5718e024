public import Domain

/// Reads jobs, those that have ended included.
public protocol JobReader {
    /// The job with that identifier, nil when there is none.
    func find(_ id: Identifier<Job>) throws -> Job?
    /// Up to `limit` jobs of that user enqueued before the one at `cursor`, newest first; with `owner` nil those of
    /// everyone, the server's own included.
    func page(
        of owner: Identifier<User>?, state: Job.State.Name?, limit: Int, before cursor: Identifier<Job>?
    ) throws -> Page<Job, Identifier<Job>>
    /// The number of jobs of that user in each state that has any; with `owner` nil those of everyone.
    func counts(of owner: Identifier<User>?) throws -> [Job.State.Name: Int]
    /// The jobs about that subject that have not ended, oldest first.
    func unfinished(of subject: Identifier<Job.Subject>) throws -> [Job]
    /// When the next of the jobs that wait in these queues is due: the earliest ``Domain/Job/dueAt`` of those
    /// scheduled or retryable, 0 milliseconds when one is available, nil when none waits.
    func nextDue(in queues: [String]) throws -> Timestamp?
    /// When the first job became due in the queue where it has waited longest for a worker; nil when none waits for one.
    func oldestAvailable() throws -> Timestamp?
    /// Up to `limit` of the jobs that wait in queues whose names begin with `prefix`.
    func waiting(inQueuesNamed prefix: String, limit: Int) throws -> [Job]
    /// The running jobs whose lease is that owner's, in the order of their identifiers.
    func held(by owner: Identifier<JobOwner>) throws -> [Job]
    /// The owners that have any lease.
    func owners() throws -> [Identifier<JobOwner>]
    /// Up to `limit` running jobs whose lease ended at `now` or before, the longest ago first.
    func expired(at now: Timestamp, limit: Int) throws -> [Job]
}

/// What a worker asks of a queue.
public struct JobClaim: Hashable, Sendable {
    /// The queues to take from.
    public let queues: [String]
    /// How many jobs to take at most.
    public let limit: Int
    /// Who takes them.
    public let owner: Identifier<JobOwner>
    /// The present moment.
    public let now: Timestamp
    /// When the leases end unless they are renewed.
    public let until: Timestamp

    /// A claim.
    public init(
        queues: [String], limit: Int, owner: Identifier<JobOwner>, now: Timestamp, until: Timestamp
    ) {
        self.queues = queues
        self.limit = limit
        self.owner = owner
        self.now = now
        self.until = until
    }
}

/// Changes jobs.
///
/// A store keeps what ended apart from what waits and runs, so that the queue stays quick however long its
/// history grows; readers see both.
public protocol JobWriter {
    /// Adds a job, unless another one claims its unique key; see ``Domain/Job/claimsUniqueKey``.
    ///
    /// - Returns: The job that was added, or the one that was there.
    @discardableResult
    func insert(_ job: Job) throws -> Job
    /// Takes the due jobs of the lowest ``Domain/Job/rank``, of equals the lowest identifier, in one step that
    /// does to each what ``Domain/Job/claim(by:at:until:)`` does.
    ///
    /// - Returns: The jobs as they are now, in the order of their ranks.
    func claim(_ claim: JobClaim) throws -> [Job]
    /// Moves the end of leases, as ``Domain/Job/renew(_:until:)`` does.
    ///
    /// - Returns: The holds that are still good; the others are lost.
    func renew(_ holds: [JobHold], until moment: Timestamp) throws -> Set<JobHold>
    /// Replaces a job by what became of it in this unit of work; does nothing when it was deleted.
    ///
    /// - Throws: ``PortError/conflict(_:)`` when it would be the second one to claim its unique key.
    func update(_ job: Job) throws
    /// Notes how far a job is; does nothing when the hold is lost.
    func record(_ progress: JobProgress, by hold: JobHold) throws
    /// Removes all jobs about that subject, running ones included.
    func delete(about subject: Identifier<Job.Subject>) throws
    /// Forgets up to `limit` jobs that ended before `moment`; returns how many.
    func forget(endedBefore moment: Timestamp, limit: Int) throws -> Int
}
