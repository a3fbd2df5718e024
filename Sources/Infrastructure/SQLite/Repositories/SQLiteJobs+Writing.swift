import Application
import Domain

extension SQLiteJobs: JobWriter {
    /// How many jobs whose time has come one claim makes ready: a long backlog becomes ready in steps.
    private static let mostPromoted = 1000

    private static let claimDue = SQL(
        """
        UPDATE jobs SET state = 'running', ready = 0, attempt = attempt + 1,
            lease_owner = ?3, lease_since = ?1, lease_until = ?4
        WHERE id IN (
            SELECT id FROM jobs
            WHERE queue = ?5 AND ready = 1 AND (state = 'available' OR due_at <= ?1)
            ORDER BY rank, id LIMIT ?2)
        RETURNING
        """, columns.both, ",", columns.live)
    private static let claimOne = SQL(
        """
        UPDATE jobs SET state = 'running', ready = 0, attempt = attempt + 1,
            lease_owner = ?3, lease_since = ?1, lease_until = ?4
        WHERE id = ?2
        RETURNING
        """, columns.both, ",", columns.live)
    private static let claimant = SQL(
        "SELECT", columns.both, ",", columns.live,
        "FROM jobs WHERE unique_key = ? AND is_cancelling = 0")

    @discardableResult
    func insert(_ job: Job) throws -> Job {
        if try add(job) { return job }
        guard let present = try claimant(of: job) else {
            throw PortError.conflict("the job exists already")
        }
        return present
    }

    func claim(_ claim: JobClaim) throws -> [Job] {
        for queue in claim.queues { try promoteDue(in: queue, at: claim.now) }
        guard let queue = claim.queues.first, claim.queues.count == 1 else {
            return try claimFromSeveral(claim)
        }
        return try session.all(
            Self.claimDue, claim.now, claim.limit, claim.owner, claim.until, queue, as: Job.init(live:)
        ).sorted { ($0.rank, $0.id) < ($1.rank, $1.id) }
    }

    func renew(_ holds: [JobHold], until moment: Timestamp) throws -> Set<JobHold> {
        var good: Set<JobHold> = []
        for hold in holds {
            let renewed = try session.run(
                "UPDATE jobs SET lease_until = ? WHERE id = ? AND attempt = ? AND state = 'running'", moment,
                hold.job, hold.attempt)
            if renewed == 1 { good.insert(hold) }
        }
        return good
    }

    func update(_ job: Job) throws {
        if job.claimsUniqueKey, let other = try claimant(of: job), other.id != job.id {
            throw PortError.conflict("another job claims the unique key of this one")
        }
        guard try removeLive(job) || removeEnded(job.id) else { return }
        guard try add(job) else { throw PortError.conflict("another job claims the unique key of this one") }
    }

    func record(_ progress: JobProgress, by hold: JobHold) throws {
        try session.run(
            "UPDATE jobs SET progress = ?, stage = ? WHERE id = ? AND attempt = ? AND state = 'running'",
            progress.percent, progress.stage, hold.job, hold.attempt)
    }

    func delete(about subject: Identifier<Job.Subject>) throws {
        let owners = try session.all("DELETE FROM jobs WHERE subject = ? RETURNING owner", subject) {
            $0.next(Identifier<User>?.self)
        }
        for owner in owners { session.count(.liveJobs, of: owner, by: -1) }
        try countRemoved(
            session.all(
                "DELETE FROM job_history WHERE subject = ? RETURNING state, owner", subject, as: Self.ended))
    }

    func forget(endedBefore moment: Timestamp, limit: Int) throws -> Int {
        try countRemoved(
            session.all(
                """
                DELETE FROM job_history WHERE id IN (
                    SELECT id FROM job_history WHERE ended_at < ? ORDER BY ended_at LIMIT ?)
                RETURNING state, owner
                """, moment, limit, as: Self.ended))
    }

    /// Removes a job from the hot table; false when it is not there.
    private func removeLive(_ job: Job) throws -> Bool {
        let removed = try session.run("DELETE FROM jobs WHERE id = ?", job.id)
        session.count(.liveJobs, of: job.owner, by: -removed)
        return removed > 0
    }

    /// Removes a job from the history; false when it is not there.
    private func removeEnded(_ id: Identifier<Job>) throws -> Bool {
        try countRemoved(
            session.all(
                "DELETE FROM job_history WHERE id = ? RETURNING state, owner", id, as: Self.ended)) > 0
    }

    /// Counts jobs that were taken out of the history, by the states they were in and whose they were.
    @discardableResult
    private func countRemoved(_ jobs: [(state: Job.State.Name, owner: Identifier<User>?)]) -> Int {
        for job in jobs { session.count(Total(job.state), of: job.owner, by: -1) }
        return jobs.count
    }

    private static func ended(row: inout Row) throws -> (state: Job.State.Name, owner: Identifier<User>?) {
        (try RecordReader.named(row.next()), row.next())
    }

    /// Marks the jobs whose time has come as ready.
    private func promoteDue(in queue: String, at now: Timestamp) throws {
        try session.run(
            """
            UPDATE jobs SET ready = 1 WHERE id IN (
                SELECT id FROM jobs
                WHERE queue = ? AND ready = 0 AND due_at <= ? AND (state = 'scheduled' OR state = 'retryable')
                ORDER BY due_at LIMIT ?)
            """, queue, now, Self.mostPromoted)
    }

    private func claimFromSeveral(_ claim: JobClaim) throws -> [Job] {
        var candidates: [(rank: Int64, id: Identifier<Job>)] = []
        for queue in claim.queues {
            candidates += try session.all(
                """
                SELECT rank, id FROM jobs
                WHERE queue = ? AND ready = 1 AND (state = 'available' OR due_at <= ?)
                ORDER BY rank, id LIMIT ?
                """, queue, claim.now, claim.limit
            ) { (rank: $0.next(), id: $0.next()) }
        }
        return try candidates.sorted { ($0.rank, $0.id) < ($1.rank, $1.id) }.prefix(claim.limit).compactMap {
            try session.first(
                Self.claimOne, claim.now, $0.id, claim.owner, claim.until, as: Job.init(live:))
        }
    }

    private func claimant(of job: Job) throws -> Job? {
        try session.first(Self.claimant, job.uniqueKey, as: Job.init(live:))
    }

    /// Writes a job to the table where its state belongs; false when its key or identifier is taken there.
    private func add(_ job: Job) throws -> Bool {
        if let endedAt = job.endedAt {
            try addEnded(job, at: endedAt)
            return true
        }
        return try addLive(job)
    }

    private func addLive(_ job: Job) throws -> Bool {
        let lease = job.lease
        let added = try session.run(
            """
            INSERT INTO jobs (
                id, state, queue, priority, due_at, attempt, failures, interruptions, failure_limit, progress,
                stage, kind, subject, unique_key, created_at, arguments, log, lease_owner, lease_since,
                lease_until, is_cancelling, rank, ready, owner)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            job.id, job.state.name.rawValue, job.queue, job.priority, job.dueAt, job.attempt, job.failures,
            job.interruptions, job.failureLimit, job.progress.percent, job.progress.stage, job.kind,
            job.subject, job.uniqueKey, job.createdAt, job.arguments, job.logRecord, lease?.owner,
            lease?.since, lease?.until, lease?.isCancelling ?? false, job.rank, job.state.name == .available,
            job.owner)
        session.count(.liveJobs, of: job.owner, by: added)
        return added == 1
    }

    private func addEnded(_ job: Job, at endedAt: Timestamp) throws {
        try session.run(
            """
            INSERT INTO job_history (
                id, state, queue, priority, due_at, attempt, failures, interruptions, failure_limit, progress,
                stage, kind, subject, unique_key, created_at, arguments, log, ended_at, owner)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            job.id, job.state.name.rawValue, job.queue, job.priority, job.dueAt, job.attempt, job.failures,
            job.interruptions, job.failureLimit, job.progress.percent, job.progress.stage, job.kind,
            job.subject, job.uniqueKey, job.createdAt, job.arguments, job.logRecord, endedAt, job.owner)
        session.count(Total(job.state.name), of: job.owner, by: 1)
    }
}

extension Job {
    /// The attempts for their column; nil, as with most jobs, when none has failed.
    fileprivate var logRecord: [UInt8]? {
        log.isEmpty ? nil : JobLogRecord(log).record
    }
}
