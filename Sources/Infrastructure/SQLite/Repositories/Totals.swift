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
    // Credits by the kind of entry that moved them, of the whole server alone.
    case grantedCredits = 32
    case heldCredits
    case capturedCredits
    case releasedCredits
    case refundedCredits
    case adjustedCredits
    case expiredCredits

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

    /// The credits that entries of a kind have moved.
    init(_ kind: CreditEntry.Kind.Name) {
        self =
            switch kind {
            case .grant: .grantedCredits
            case .hold: .heldCredits
            case .capture: .capturedCredits
            case .release: .releasedCredits
            case .refund: .refundedCredits
            case .adjust: .adjustedCredits
            case .expire: .expiredCredits
            }
    }
}

/// Amounts of what is counted; an array, since an order reads them, and hashing would take half of that.
struct Totals {
    private static let capacity = 1 + (Total.allCases.map(\.rawValue).max() ?? 0)

    private var amounts = [Int](repeating: 0, count: Totals.capacity)

    subscript(total: Total) -> Int {
        get { amounts[total.rawValue] }
        set { amounts[total.rawValue] = newValue }
    }

    /// What is not zero.
    var all: [(total: Total, amount: Int)] {
        Total.allCases.compactMap { self[$0] == 0 ? nil : ($0, self[$0]) }
    }

    static func += (totals: inout Totals, others: Totals) {
        for index in totals.amounts.indices { totals.amounts[index] += others.amounts[index] }
    }
}

extension SQLiteSession {
    /// All counters of an owner, with what the present transaction has counted; with `owner` nil those of everything
    /// there is.
    func totals(of owner: Identifier<User>?) throws -> Totals {
        func counter(_ row: inout Row) -> (Int, Int) { (row.next(Int.self), row.next(Int.self)) }
        let rows =
            if let owner {
                try all("SELECT counter, amount FROM owner_totals WHERE owner = ?", owner, as: counter)
            } else {
                try all("SELECT counter, amount FROM totals", as: counter)
            }
        var totals = Totals()
        for (counter, amount) in rows {
            if let total = Total(rawValue: counter) { totals[total] = amount }
        }
        if owner == nil {
            for tallied in tallies.values { totals += tallied }
        } else if let tallied = tallies[owner] {
            totals += tallied
        }
        return totals
    }

    /// Adds to a counter of an owner and to that of the server.
    func count(_ total: Total, of owner: Identifier<User>?, by difference: Int) {
        tallies[owner, default: Totals()][total] += difference
    }

    /// Writes what was counted in the transaction.
    func writeTallies() throws(SQLiteError) {
        var sums = Totals()
        for (owner, tallied) in tallies {
            sums += tallied
            guard let owner else { continue }
            for (total, difference) in tallied.all {
                try run(
                    """
                    INSERT INTO owner_totals (owner, counter, amount) VALUES (?1, ?2, ?3)
                    ON CONFLICT (owner, counter) DO UPDATE SET amount = amount + ?3
                    """, owner, total.rawValue, difference)
            }
        }
        for (total, difference) in sums.all {
            try run(
                """
                INSERT INTO totals (counter, amount) VALUES (?1, ?2)
                ON CONFLICT (counter) DO UPDATE SET amount = amount + ?2
                """, total.rawValue, difference)
        }
        tallies = [:]
    }
}
