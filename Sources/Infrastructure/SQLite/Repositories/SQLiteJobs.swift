import Application
import Domain

/// The queue in SQLite: what waits and runs in one table, what has ended in another.
struct SQLiteJobs: JobReader {
    let session: SQLiteSession

    /// The columns that both tables have.
    private static let shared: StaticString = """
        id, state, queue, priority, due_at, attempt, failures, interruptions, failure_limit, progress, stage,
        kind, subject, unique_key, created_at, arguments, log
        """
    static let columns = SharedColumns(
        live: "lease_owner, lease_since, lease_until, is_cancelling", ended: "ended_at", both: shared)

    /// What a statement selects from each table.
    struct SharedColumns {
        let live: StaticString
        let ended: StaticString
        let both: StaticString
    }

    static let findLive = SQL("SELECT", shared, ",", columns.live, "FROM jobs WHERE id = ?")
    static let findEnded = SQL("SELECT", shared, ",", columns.ended, "FROM job_history WHERE id = ?")
    static let newestLive = SQL(
        "SELECT", shared, ",", columns.live, "FROM jobs WHERE id < ? ORDER BY id DESC LIMIT ?")
    static let newestEnded = SQL(
        "SELECT", shared, ",", columns.ended, "FROM job_history WHERE id < ? ORDER BY id DESC LIMIT ?")
    static let newestLiveInState = SQL(
        "SELECT", shared, ",", columns.live,
        "FROM jobs WHERE state = ? AND id < ? ORDER BY id DESC LIMIT ?")
    static let newestCompleted = SQL(
        "SELECT", shared, ",", columns.ended,
        "FROM job_history WHERE state = 'completed' AND id < ? ORDER BY id DESC LIMIT ?")
    static let newestUnfinished = SQL(
        "SELECT", shared, ",", columns.ended,
        "FROM job_history WHERE state = ? AND state <> 'completed' AND id < ? ORDER BY id DESC LIMIT ?")
    static let ofSubject = SQL(
        "SELECT", shared, ",", columns.live, "FROM jobs WHERE subject = ? ORDER BY id")
    static let readyInQueues = SQL(
        "SELECT", shared, ",", columns.live,
        "FROM jobs WHERE ready = 1 AND queue >= ?1 AND queue < ?1 || char(1114111) ORDER BY queue LIMIT ?2")
    static let waitingInQueues = SQL(
        "SELECT", shared, ",", columns.live,
        """
        FROM jobs WHERE (state = 'scheduled' OR state = 'retryable') AND ready = 0
            AND queue >= ?1 AND queue < ?1 || char(1114111) ORDER BY queue LIMIT ?2
        """)
    static let ofOwner = SQL(
        "SELECT", shared, ",", columns.live,
        "FROM jobs WHERE state = 'running' AND lease_owner = ? ORDER BY id")
    static let withExpiredLease = SQL(
        "SELECT", shared, ",", columns.live,
        "FROM jobs WHERE state = 'running' AND lease_until <= ? ORDER BY lease_until, id LIMIT ?")

    func find(_ id: Identifier<Job>) throws -> Job? {
        try session.first(Self.findLive, id, as: Job.init(live:))
            ?? session.first(Self.findEnded, id, as: Job.init(ended:))
    }

    func page(state: Job.State.Name?, limit: Int, before cursor: Identifier<Job>?) throws
        -> Page<Job, Identifier<Job>>
    {
        let cursor = cursor ?? .last
        var jobs: [Job]
        switch state {
        case nil:
            jobs = try session.all(Self.newestLive, cursor, limit + 1, as: Job.init(live:))
            jobs += try session.all(Self.newestEnded, cursor, limit + 1, as: Job.init(ended:))
            jobs.sort { $0.id > $1.id }
        case .completed:
            jobs = try session.all(Self.newestCompleted, cursor, limit + 1, as: Job.init(ended:))
        case let state? where state.isFinal:
            jobs = try session.all(
                Self.newestUnfinished, state.rawValue, cursor, limit + 1, as: Job.init(ended:))
        case let state?:
            jobs = try session.all(
                Self.newestLiveInState, state.rawValue, cursor, limit + 1, as: Job.init(live:))
        }
        return Page(upTo: limit, of: Array(jobs.prefix(limit + 1))) { $0.id }
    }

    func counts() throws -> [Job.State.Name: Int] {
        let totals = try session.totals()
        var counts: [Job.State.Name: Int] = [
            .running: try session.value("SELECT count(*) FROM jobs WHERE state = 'running'") ?? 0,
            .completed: totals[.completedJobs, default: 0],
            .cancelled: totals[.cancelledJobs, default: 0],
            .discarded: totals[.discardedJobs, default: 0],
        ]
        let waiting = try session.all(
            """
            SELECT state, count(*) FROM jobs INDEXED BY jobs_waiting
            WHERE (state = 'scheduled' OR state = 'retryable') GROUP BY state
            """
        ) { row in (try RecordReader.named(row.next()) as Job.State.Name, row.next(Int.self)) }
        for (state, count) in waiting { counts[state] = count }
        let others = [.running, .scheduled, .retryable].reduce(0) { $0 + counts[$1, default: 0] }
        counts[.available] = totals[.liveJobs, default: 0] - others
        return counts.filter { $0.value > 0 }
    }

    func unfinished(of subject: Identifier<Job.Subject>) throws -> [Job] {
        try session.all(Self.ofSubject, subject, as: Job.init(live:))
    }

    func nextDue(in queues: [String]) throws -> Timestamp? {
        var next: Timestamp?
        for queue in queues {
            let isAvailable = try session.value(
                "SELECT 1 FROM jobs WHERE queue = ? AND ready = 1 AND state = 'available' LIMIT 1", queue,
                as: Bool.self)
            if isAvailable == true { return Timestamp(milliseconds: 0) }
            for ready in [true, false] {
                let due = try session.value(
                    """
                    SELECT due_at FROM jobs
                    WHERE queue = ? AND ready = ? AND (state = 'scheduled' OR state = 'retryable')
                    ORDER BY due_at LIMIT 1
                    """, queue, ready, as: Timestamp.self)
                next = [next, due].compactMap { $0 }.min()
            }
        }
        return next
    }

    func waiting(inQueuesNamed prefix: String, limit: Int) throws -> [Job] {
        let ready = try session.all(Self.readyInQueues, prefix, limit, as: Job.init(live:))
        let others = try session.all(Self.waitingInQueues, prefix, limit, as: Job.init(live:))
        return Array((ready + others).prefix(limit))
    }

    func held(by owner: Identifier<JobOwner>) throws -> [Job] {
        try session.all(Self.ofOwner, owner, as: Job.init(live:))
    }

    func owners() throws -> [Identifier<JobOwner>] {
        try session.all(
            "SELECT DISTINCT lease_owner FROM jobs WHERE state = 'running' ORDER BY lease_owner"
        ) { $0.next() }
    }

    func expired(at now: Timestamp, limit: Int) throws -> [Job] {
        try session.all(Self.withExpiredLease, now, limit, as: Job.init(live:))
    }
}
