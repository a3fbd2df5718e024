import Application
import Domain

/// Knows from what was answered so far what may be answered next, and complains about anything else.
struct QueueOracle {
    struct Complaint: Error {
        let text: String
    }

    private struct Record {
        let uniqueKey: String?
        var attempt = 0
        var completions = 0
        var isCalledOff = false
        var leases: [Int: (owner: Identifier<JobOwner>, until: Timestamp)] = [:]
    }

    private var records: [Identifier<Job>: Record] = [:]
    /// The jobs that were accepted, in order.
    private(set) var accepted: [Identifier<Job>] = []

    // MARK: What happens

    mutating func enqueued(_ job: Job, answer: Job, before jobs: [Job]) throws {
        let rivals = jobs.filter { job.uniqueKey != nil && claims($0, key: job.uniqueKey) }
        if answer.id == job.id {
            try check(rivals.isEmpty, "\(job.id) was accepted beside \(rivals.map(\.id)) with its unique key")
            accepted.append(job.id)
            records[job.id] = Record(uniqueKey: job.uniqueKey)
        } else {
            try check(rivals.map(\.id) == [answer.id], "\(answer.id) was answered instead of \(rivals)")
        }
    }

    mutating func claimed(_ jobs: [Job], by claim: JobClaim, leaving others: [Job]) throws {
        let places = jobs.map(place)
        try check(places == places.sorted(), "jobs were claimed out of order: \(jobs.map(\.id))")
        let due = others.filter { $0.isDue(at: claim.now) }.map(place)
        if let first = due.min() {
            try check(jobs.count == claim.limit, "the due job \(first.id) was left though there was room")
            if let last = places.last {
                try check(last < first, "\(first.id) was passed over for \(last.id)")
            }
        }
        for job in jobs {
            try change(job.id) { record in
                record.attempt += 1
                try check(job.attempt == record.attempt, "\(job.id) was claimed as attempt \(job.attempt)")
                try check(!record.isCalledOff, "the cancelled job \(job.id) was claimed")
                record.leases[job.attempt] = (claim.owner, claim.until)
            }
        }
    }

    mutating func ended(_ change: JobChange, by hold: JobHold) throws {
        try self.change(hold.job) { record in
            try check(
                record.attempt == hold.attempt,
                "attempt \(hold.attempt) of \(hold.job) was ended while attempt \(record.attempt) has it")
            guard change.event == .completed else { return }
            record.completions += 1
            try check(record.completions == 1, "\(hold.job) was completed twice")
            try check(!record.isCalledOff, "the cancelled job \(hold.job) was completed")
        }
    }

    mutating func renewed(_ hold: JobHold, until moment: Timestamp) throws {
        try change(hold.job) { record in
            try check(record.attempt == hold.attempt, "a lost lease of \(hold.job) was renewed")
            record.leases[hold.attempt]?.until = moment
        }
    }

    func wrote(_ hold: JobHold) throws {
        guard let record = records[hold.job] else { throw Complaint(text: "\(hold.job) is unknown") }
        try check(
            record.attempt == hold.attempt && !record.isCalledOff,
            "attempt \(hold.attempt) of \(hold.job) wrote while it was not its turn")
    }

    func rescued(_ change: JobChange, at now: Timestamp, isGone: (Identifier<JobOwner>) throws -> Bool) throws
    {
        let job = change.job
        guard let record = records[job.id], let lease = record.leases[job.attempt] else {
            throw Complaint(text: "\(job.id) was rescued though nobody had it")
        }
        switch job.log.last?.ending {
        case .interrupted(.leaseExpired):
            try check(lease.until <= now, "the lease of \(job.id) was taken away before its end")
        case .interrupted(.ownerGone):
            try check(try isGone(lease.owner), "\(job.id) was taken from an owner that is alive")
        default:
            throw Complaint(text: "\(job.id) was rescued for no reason")
        }
    }

    mutating func calledOff(_ id: Identifier<Job>) throws {
        try change(id) { $0.isCalledOff = true }
    }

    mutating func retried(_ id: Identifier<Job>) throws {
        try change(id) { $0.isCalledOff = false }
    }

    // MARK: What must hold

    /// What must hold after every step.
    func inspect(_ jobs: [Job]) throws {
        try check(Set(jobs.map(\.id)) == Set(accepted), "jobs were lost or came from nowhere")
        let keys = jobs.compactMap { job in
            records[job.id]?.uniqueKey.flatMap { claims(job, key: $0) ? $0 : nil }
        }
        try check(Set(keys).count == keys.count, "two jobs claim the same unique key")
    }

    /// What must hold once everything has had its time.
    func inspectEnd(_ jobs: [Job]) throws {
        try inspect(jobs)
        for job in jobs {
            switch job.state {
            case .available, .scheduled, .retryable:
                throw Complaint(text: "\(job.id) is \(job.state.name.rawValue) for ever")
            case .running:
                throw Complaint(text: "the lease of \(job.id) is held for ever")
            case .completed:
                try check(records[job.id]?.completions == 1, "\(job.id) is completed though nobody did it")
            case .cancelled:
                continue
            case .discarded:
                try check(job.failures > 0, "\(job.id) was given up without a failure")
            }
        }
    }

    /// Whether the job claims that key, going by the key that it was enqueued with.
    private func claims(_ job: Job, key: String?) -> Bool {
        guard records[job.id]?.uniqueKey == key else { return false }
        return !job.state.name.isFinal && job.lease?.isCancelling != true
    }

    private func place(_ job: Job) -> Place {
        Place(rank: job.rank, id: job.id)
    }

    private struct Place: Comparable {
        let rank: Int64
        let id: Identifier<Job>

        static func < (first: Self, second: Self) -> Bool {
            (first.rank, first.id) < (second.rank, second.id)
        }
    }

    private mutating func change(_ id: Identifier<Job>, _ body: (inout Record) throws -> Void) throws {
        guard var record = records[id] else { throw Complaint(text: "\(id) is unknown") }
        try body(&record)
        records[id] = record
    }
}

private func check(_ condition: Bool, _ complaint: @autoclosure () -> String) throws {
    guard condition else { throw QueueOracle.Complaint(text: complaint()) }
}
