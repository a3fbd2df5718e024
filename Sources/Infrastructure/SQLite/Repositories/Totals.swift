import Domain

/// What is counted as it changes, so that statistics cost the same however much is stored.
///
/// The numbers are part of the schema.
enum Total: Int {
    case queuedTasks = 1
    case runningTasks
    case completedTasks
    case failedTasks
    case cancelledTasks
    case renderedClips
    case uploads
    case mediaBytes
    /// The jobs that have not ended.
    case liveJobs
    case completedJobs
    case cancelledJobs
    case discardedJobs

    /// The tasks in a status.
    init(_ status: VideoTask.Status.Name) {
        self =
            switch status {
            case .queued: .queuedTasks
            case .running: .runningTasks
            case .completed: .completedTasks
            case .failed: .failedTasks
            case .cancelled: .cancelledTasks
            }
    }

    /// The jobs in a state, or all that have not ended.
    init(_ state: Job.State.Name) {
        self =
            switch state {
            case .available, .scheduled, .retryable, .running: .liveJobs
            case .completed: .completedJobs
            case .cancelled: .cancelledJobs
            case .discarded: .discardedJobs
            }
    }
}

extension SQLiteSession {
    /// All counters.
    func totals() throws -> [Total: Int] {
        try writeTallies()
        let rows = try all("SELECT counter, amount FROM totals") { row in
            (row.next(Int.self), row.next(Int.self))
        }
        return rows.reduce(into: [:]) { totals, row in
            if let total = Total(rawValue: row.0) { totals[total] = row.1 }
        }
    }

    /// Adds to a counter.
    func count(_ total: Total, by difference: Int) {
        tallies[total.rawValue, default: 0] += difference
    }

    /// Writes what was counted in the transaction.
    func writeTallies() throws(SQLiteError) {
        for (counter, difference) in tallies where difference != 0 {
            try run(
                """
                INSERT INTO totals (counter, amount) VALUES (?1, ?2)
                ON CONFLICT (counter) DO UPDATE SET amount = amount + ?2
                """, counter, difference)
        }
        tallies = [:]
    }
}
