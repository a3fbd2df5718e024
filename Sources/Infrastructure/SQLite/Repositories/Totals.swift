import Domain

/// What is counted as it changes, so that statistics cost the same however much is stored.
///
/// The numbers are part of the schema.
enum Total: Int, CaseIterable {
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
    case activeUsers
    case inactiveUsers
    case suspendedUsers
    case deletedUsers

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

    /// The users in a state.
    init(_ state: User.State.Name) {
        self =
            switch state {
            case .active: .activeUsers
            case .inactive: .inactiveUsers
            case .suspended: .suspendedUsers
            case .deleted: .deletedUsers
            }
    }
}

/// What one owner, or the server itself, has of what is counted.
struct Tally: Hashable {
    let total: Total
    /// Nil for what is nobody's.
    let owner: Identifier<User>?
}

extension SQLiteSession {
    /// All counters of an owner, with what the present transaction has counted; with `owner` nil those of everything
    /// there is.
    func totals(of owner: Identifier<User>?) throws -> [Total: Int] {
        func counter(_ row: inout Row) -> (Int, Int) { (row.next(Int.self), row.next(Int.self)) }
        let rows =
            if let owner {
                try all("SELECT counter, amount FROM owner_totals WHERE owner = ?", owner, as: counter)
            } else {
                try all("SELECT counter, amount FROM totals", as: counter)
            }
        var totals: [Total: Int] = [:]
        for (counter, amount) in rows {
            if let total = Total(rawValue: counter) { totals[total] = amount }
        }
        if let owner {
            for total in Total.allCases {
                guard let difference = tallies[Tally(total: total, owner: owner)] else { continue }
                totals[total, default: 0] += difference
            }
        } else {
            for (tally, difference) in tallies { totals[tally.total, default: 0] += difference }
        }
        return totals
    }

    /// Adds to a counter of an owner and to that of the server.
    func count(_ total: Total, of owner: Identifier<User>?, by difference: Int) {
        tallies[Tally(total: total, owner: owner), default: 0] += difference
    }

    /// Writes what was counted in the transaction.
    func writeTallies() throws(SQLiteError) {
        var sums: [Total: Int] = [:]
        for (tally, difference) in tallies where difference != 0 {
            sums[tally.total, default: 0] += difference
            guard let owner = tally.owner else { continue }
            try run(
                """
                INSERT INTO owner_totals (owner, counter, amount) VALUES (?1, ?2, ?3)
                ON CONFLICT (owner, counter) DO UPDATE SET amount = amount + ?3
                """, owner, tally.total.rawValue, difference)
        }
        for (total, difference) in sums where difference != 0 {
            try run(
                """
                INSERT INTO totals (counter, amount) VALUES (?1, ?2)
                ON CONFLICT (counter) DO UPDATE SET amount = amount + ?2
                """, total.rawValue, difference)
        }
        tallies = [:]
    }
}
