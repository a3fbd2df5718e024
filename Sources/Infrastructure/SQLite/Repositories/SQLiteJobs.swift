import Application
import Domain

/// The queue in SQLite: what waits and runs in one table, what has ended in another.
struct SQLiteJobs: JobReader {
    let session: SQLiteSession

    /// The columns that both tables have.
    private static let shared: StaticString = """
        id, state, queue, priority, due_at, attempt, failures, interruptions, failure_limit, progress, stage,
        kind, subject, unique_key, created_at, arguments, log, owner
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

    func oldestAvailable() throws -> Timestamp? {
        var oldest: Timestamp?
        var queue = ""
        // From queue to queue, whose heads the index has at hand; there are few, however much waits in them.
        while let head = try session.first(Self.firstAfter, queue, as: Self.head) {
            queue = head.queue
            oldest = min(oldest ?? head.due, head.due)
        }
        return oldest
    }

    private static let firstAfter: SQL =
        "SELECT queue, due_at FROM jobs WHERE ready = 1 AND queue > ? ORDER BY queue, rank, id LIMIT 1"

    private static func head(row: inout Row) throws -> (queue: String, due: Timestamp) {
        (row.next(), row.next())
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
