import Domain

extension Job {
    /// Reads a row of the hot table: the shared columns, then the lease.
    init(live row: inout Row) throws {
        let fields = try SharedFields(row: &row)
        let owner = row.next(Identifier<JobOwner>?.self)
        let since = row.next(Timestamp?.self)
        let until = row.next(Timestamp?.self)
        let isCancelling = row.next(Bool.self)
        let state: State =
            switch (fields.state, owner, since, until) {
            case (.running, let owner?, let since?, let until?):
                .running(Lease(owner: owner, since: since, until: until, isCancelling: isCancelling))
            case (.scheduled, _, _, _): .scheduled
            case (.retryable, _, _, _): .retryable
            default: .available
            }
        self.init(fields, state: state)
    }

    /// Reads a row of the history: the shared columns, then the end.
    init(ended row: inout Row) throws {
        let fields = try SharedFields(row: &row)
        let endedAt = row.next(Timestamp.self)
        let state: State =
            switch fields.state {
            case .cancelled: .cancelled(at: endedAt)
            case .discarded: .discarded(at: endedAt)
            default: .completed(at: endedAt)
            }
        self.init(fields, state: state)
    }

    private init(_ fields: SharedFields, state: State) {
        self.init(
            id: fields.id, owner: fields.owner, kind: fields.kind, subject: fields.subject,
            arguments: fields.arguments,
            queue: fields.queue, priority: fields.priority, uniqueKey: fields.uniqueKey,
            failureLimit: fields.failureLimit, createdAt: fields.createdAt, dueAt: fields.dueAt, state: state,
            attempt: fields.attempt, failures: fields.failures, interruptions: fields.interruptions,
            progress: fields.progress, log: fields.log)
    }
}

/// The columns that both tables have, in the order in which every statement selects them.
private struct SharedFields {
    let id: Identifier<Job>
    let state: Job.State.Name
    let queue: String
    let priority: Int
    let dueAt: Timestamp
    let attempt: Int
    let failures: Int
    let interruptions: Int
    let failureLimit: Int
    let progress: JobProgress
    let kind: String
    let subject: Identifier<Job.Subject>?
    let uniqueKey: String?
    let createdAt: Timestamp
    let arguments: [UInt8]
    let log: [JobAttempt]
    let owner: Identifier<User>?

    init(row: inout Row) throws {
        id = row.next()
        state = try RecordReader.named(row.next())
        queue = row.next()
        priority = row.next()
        dueAt = row.next()
        attempt = row.next()
        failures = row.next()
        interruptions = row.next()
        failureLimit = row.next()
        progress = JobProgress(percent: row.next(), stage: row.next())
        kind = row.next()
        subject = row.next()
        uniqueKey = row.next()
        createdAt = row.next()
        arguments = row.next()
        log = try row.next([UInt8]?.self).map { try JobLogRecord(record: $0).attempts } ?? []
        owner = row.next()
    }
}
