import Application
import Domain

/// Pages and counts of the queue, of one owner's jobs or of all.
extension SQLiteJobs {
    static let newestLive = SQL(
        "SELECT", columns.both, ",", columns.live, "FROM jobs WHERE id < ? ORDER BY id DESC LIMIT ?")
    static let newestEnded = SQL(
        "SELECT", columns.both, ",", columns.ended,
        "FROM job_history WHERE id < ? ORDER BY id DESC LIMIT ?")
    static let newestLiveInState = SQL(
        "SELECT", columns.both, ",", columns.live,
        "FROM jobs WHERE state = ? AND id < ? ORDER BY id DESC LIMIT ?")
    static let newestCompleted = SQL(
        "SELECT", columns.both, ",", columns.ended,
        "FROM job_history WHERE state = 'completed' AND id < ? ORDER BY id DESC LIMIT ?")
    static let newestUnfinished = SQL(
        "SELECT", columns.both, ",", columns.ended,
        "FROM job_history WHERE state = ? AND state <> 'completed' AND id < ? ORDER BY id DESC LIMIT ?")

    static let newestLiveOfOwner = SQL(
        "SELECT", columns.both, ",", columns.live,
        "FROM jobs WHERE owner = ? AND id < ? ORDER BY id DESC LIMIT ?")
    static let newestEndedOfOwner = SQL(
        "SELECT", columns.both, ",", columns.ended,
        "FROM job_history WHERE owner = ? AND id < ? ORDER BY id DESC LIMIT ?")
    static let newestAvailableOfOwner = SQL(
        "SELECT", columns.both, ",", columns.live,
        "FROM jobs WHERE owner = ? AND state = 'available' AND id < ? ORDER BY id DESC LIMIT ?")
    static let newestNotAvailableOfOwner = SQL(
        "SELECT", columns.both, ",", columns.live,
        """
        FROM jobs WHERE owner = ? AND state = ? AND state <> 'available' AND id < ?
        ORDER BY id DESC LIMIT ?
        """)
    static let newestCompletedOfOwner = SQL(
        "SELECT", columns.both, ",", columns.ended,
        "FROM job_history WHERE owner = ? AND state = 'completed' AND id < ? ORDER BY id DESC LIMIT ?")
    static let newestUnfinishedOfOwner = SQL(
        "SELECT", columns.both, ",", columns.ended,
        """
        FROM job_history WHERE owner = ? AND state = ? AND state <> 'completed' AND id < ?
        ORDER BY id DESC LIMIT ?
        """)

    func page(
        of owner: Identifier<User>?, state: Job.State.Name?, limit: Int, before cursor: Identifier<Job>?
    ) throws -> Page<Job, Identifier<Job>> {
        let cursor = cursor ?? .last
        // One more than asked for tells whether there is a next page.
        let jobs =
            if let owner {
                try newest(of: owner, state, before: cursor, limit: limit + 1)
            } else {
                try newest(state, before: cursor, limit: limit + 1)
            }
        return Page(upTo: limit, of: jobs) { $0.id }
    }

    private func newest(_ state: Job.State.Name?, before cursor: Identifier<Job>, limit: Int) throws -> [Job]
    {
        switch state {
        case nil:
            Self.newest(
                try session.all(Self.newestLive, cursor, limit, as: Job.init(live:)),
                try session.all(Self.newestEnded, cursor, limit, as: Job.init(ended:)), limit: limit)
        case .completed:
            try session.all(Self.newestCompleted, cursor, limit, as: Job.init(ended:))
        case let state? where state.isFinal:
            try session.all(Self.newestUnfinished, state.rawValue, cursor, limit, as: Job.init(ended:))
        case let state?:
            try session.all(Self.newestLiveInState, state.rawValue, cursor, limit, as: Job.init(live:))
        }
    }

    private func newest(
        of owner: Identifier<User>, _ state: Job.State.Name?, before cursor: Identifier<Job>, limit: Int
    ) throws -> [Job] {
        switch state {
        case nil:
            Self.newest(
                try session.all(Self.newestLiveOfOwner, owner, cursor, limit, as: Job.init(live:)),
                try session.all(Self.newestEndedOfOwner, owner, cursor, limit, as: Job.init(ended:)),
                limit: limit)
        case .available:
            try session.all(Self.newestAvailableOfOwner, owner, cursor, limit, as: Job.init(live:))
        case .completed:
            try session.all(Self.newestCompletedOfOwner, owner, cursor, limit, as: Job.init(ended:))
        case let state? where state.isFinal:
            try session.all(
                Self.newestUnfinishedOfOwner, owner, state.rawValue, cursor, limit, as: Job.init(ended:))
        case let state?:
            try session.all(
                Self.newestNotAvailableOfOwner, owner, state.rawValue, cursor, limit, as: Job.init(live:))
        }
    }

    private static func newest(_ live: [Job], _ ended: [Job], limit: Int) -> [Job] {
        Array((live + ended).sorted { $0.id > $1.id }.prefix(limit))
    }

    func counts(of owner: Identifier<User>?) throws -> [Job.State.Name: Int] {
        let totals = try session.totals(of: owner)
        var counts = if let owner { try notAvailable(of: owner) } else { try notAvailable() }
        counts[.available] = totals[.liveJobs] - counts.values.reduce(0, +)
        counts[.completed] = totals[.completedJobs]
        counts[.cancelled] = totals[.cancelledJobs]
        counts[.discarded] = totals[.discardedJobs]
        return counts.filter { $0.value > 0 }
    }

    /// How many run, or wait for a later moment.
    private func notAvailable() throws -> [Job.State.Name: Int] {
        let waiting = try session.all(
            """
            SELECT state, count(*) FROM jobs INDEXED BY jobs_waiting
            WHERE (state = 'scheduled' OR state = 'retryable') GROUP BY state
            """, as: Self.count)
        let running = try session.value("SELECT count(*) FROM jobs WHERE state = 'running'", as: Int.self)
        return Dictionary(waiting + [(.running, running ?? 0)]) { first, _ in first }
    }

    /// How many of an owner run, or wait for a later moment.
    private func notAvailable(of owner: Identifier<User>) throws -> [Job.State.Name: Int] {
        let counted = try session.all(
            "SELECT state, count(*) FROM jobs WHERE owner = ? AND state <> 'available' GROUP BY state",
            owner, as: Self.count)
        return Dictionary(counted) { first, _ in first }
    }

    private static func count(row: inout Row) throws -> (Job.State.Name, Int) {
        (try RecordReader.named(row.next()), row.next())
    }
}
