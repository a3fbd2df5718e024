import Domain

/// What is counted as it changes, so that statistics cost the same however much is stored.
///
/// The numbers are part of the schema.
enum Total: Int {
    case completedTasks = 1
    case failedTasks
    case cancelledTasks
    case renderedClips
    case uploads
    case mediaBytes
    case completedJobs
    case cancelledJobs
    case discardedJobs

    /// The tasks that have ended in a status; nil for a status in which they have not: those are few, and
    /// counted when someone asks.
    init?(_ status: VideoTask.Status.Name) {
        switch status {
        case .completed: self = .completedTasks
        case .failed: self = .failedTasks
        case .cancelled: self = .cancelledTasks
        case .queued, .running: return nil
        }
    }

    /// The jobs that have ended in a state; nil for a state in which they have not, as with tasks.
    init?(_ state: Job.State.Name) {
        switch state {
        case .completed: self = .completedJobs
        case .cancelled: self = .cancelledJobs
        case .discarded: self = .discardedJobs
        case .available, .scheduled, .retryable, .running: return nil
        }
    }
}

extension Session {
    /// All counters.
    func totals() throws -> [Total: Int] {
        let rows = try all("SELECT counter, amount FROM totals") { row in
            (row.next(Int.self), row.next(Int.self))
        }
        return rows.reduce(into: [:]) { totals, row in
            if let total = Total(rawValue: row.0) { totals[total] = row.1 }
        }
    }

    /// Adds to a counter.
    func count(_ total: Total?, by difference: Int) throws {
        guard let total, difference != 0 else { return }
        try run(
            """
            INSERT INTO totals (counter, amount) VALUES (?1, ?2)
            ON CONFLICT (counter) DO UPDATE SET amount = amount + ?2
            """, total.rawValue, difference)
    }
}
