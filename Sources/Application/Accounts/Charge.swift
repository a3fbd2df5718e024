import Domain

/// What a user's plan and credits say to one more task, before anything is written.
struct Charge {
    /// Whose plan and credits.
    let user: Identifier<User>
    /// The plan.
    let tier: Tier
    /// What the task costs.
    let quote: CreditQuote
    /// How many credits have to be held: the price, less what was paid for the task before.
    let amount: Int
    /// The credits as they are in the present month.
    let ledger: CreditLedger
    /// What is still to be entered for that month.
    let entries: [CreditEntry]
    /// The day's count with this task; nil when it does not count, or the plan sets no limit.
    let allowance: DailyAllowance?
    /// Everything that the plan, and last the credits, do not allow.
    let refusals: [OrderRefusal]
}

extension StoreReader {
    /// Somebody who has an account and may work now; nil for the local user, and where there are no accounts.
    ///
    /// - Throws: ``Domain/UserError``.
    func account(of id: Identifier<User>, at now: Timestamp) throws -> User? {
        guard id != User.local, let user = try users.find(id) else { return nil }
        try user.requireActive(at: now)
        return user
    }

    /// What one more task would mean for a user.
    ///
    /// - Parameters:
    ///   - length: How long the source is; nil before it is here.
    ///   - paid: What was paid for the task before.
    ///   - calendar: Says in which of the user's days the order counts; nil when it does not.
    func charge(
        _ user: User, for options: ClipOptions, of length: Duration?, paid: Int = 0,
        in calendar: (any Calendar)?, by tariff: Tariff, at now: Timestamp
    ) throws -> Charge {
        let tier = try tier(user.tier)
        let quote = tariff.quote(for: options, of: length, on: tier)
        let amount = max(0, quote.price.credits - paid)
        var ledger = try credits.ledger(of: user.id)
        let entries = try ledger.renew(
            for: CreditPeriod(containing: now), upTo: tier.monthlyCredits, at: now)
        var allowance: DailyAllowance?
        let stored = try tasks.statistics(of: user.id)

        var refusals: [OrderRefusal] = []
        func check(_ rule: () throws(QuotaError) -> Void) {
            do throws(QuotaError) { try rule() } catch { refusals.append(.quota(error)) }
        }
        if let length { check { () throws(QuotaError) in try tier.require(sourceOf: length) } }
        if let limit = tier.tasksPerDay, let calendar {
            let today = try calendar.today(of: user, at: now)
            var counted = try credits.allowance(of: user.id)
            check { () throws(QuotaError) in try counted.take(in: today, limit: limit, at: now) }
            allowance = counted
        }
        check { () throws(QuotaError) in try tier.require(oneMoreThan: stored.unfinishedTasks) }
        check { () throws(QuotaError) in try tier.require(roomFor: 1, beside: stored.mediaBytes) }
        if amount > ledger.available.total {
            refusals.append(.credits(quote, needed: amount, available: ledger.available.total))
        }
        return Charge(
            user: user.id, tier: tier, quote: quote, amount: amount, ledger: ledger, entries: entries,
            allowance: allowance, refusals: refusals)
    }
}

extension StoreStatistics {
    /// How many tasks wait or run.
    var unfinishedTasks: Int { tasks[.queued, default: 0] + tasks[.running, default: 0] }
}

extension StoreWriter {
    /// Holds what a task costs and counts it, unless something is refused; nothing has been written then.
    ///
    /// - Throws: ``OrderRefusal``.
    func hold(
        _ charge: Charge, for task: Identifier<VideoTask>, as id: Identifier<CreditHold>, at now: Timestamp
    ) throws {
        if let refusal = charge.refusals.first { throw refusal }
        var (ledger, entries) = (charge.ledger, charge.entries)
        if charge.amount > 0 {
            let (hold, entry) = try ledger.hold(charge.amount, as: id, for: task, at: now)
            entries.append(entry)
            try creditWriter.put(hold)
        }
        try move(entries, leadingTo: ledger)
        if let allowance = charge.allowance { try creditWriter.put(allowance, of: charge.user) }
    }

    /// Holds what a task costs that goes on after it had ended, less what was paid for clips that it has.
    ///
    /// It is no new order, and so not counted as one of the day.
    ///
    /// - Returns: The priority of its job.
    /// - Throws: ``OrderRefusal``, ``Domain/UserError``.
    func holdAgain(
        for task: VideoTask, as id: Identifier<CreditHold>, by tariff: Tariff, at now: Timestamp
    ) throws -> Int {
        guard let user = try account(of: task.owner, at: now) else { return Job.ordinaryPriority }
        let charge = try charge(
            user, for: task.options, of: try length(of: task),
            paid: try credits.holds(of: task.id).reduce(0) { $0 + $1.captured }, in: nil, by: tariff, at: now)
        try hold(charge, for: task.id, as: id, at: now)
        return charge.tier.priority
    }

    /// Holds a source that has just been fetched against its owner's plan, and gives back what was held beyond its
    /// price.
    ///
    /// What was uploaded was held against it when the task was ordered. A task never costs more than was held for
    /// it.
    ///
    /// - Throws: ``Domain/QuotaError/sourceTooLong(limit:)``.
    func reprice(_ task: VideoTask, by tariff: Tariff, at now: Timestamp) throws {
        guard task.owner != User.local, task.uploadedSource == nil, let facts = task.acquired?.facts else {
            return
        }
        let holds = try credits.holds(of: task.id)
        guard var hold = holds.first(where: { $0.endedAt == nil }) else { return }
        let tier = try tier(try user(task.owner).tier)
        try tier.require(sourceOf: facts.countedLength)
        let quote = tariff.quote(for: task.options, of: facts.countedLength, on: tier)
        let paid = holds.reduce(0) { $0 + $1.captured }
        var ledger = try credits.ledger(of: hold.user)
        let entries = try ledger.reduce(&hold, to: quote.price.credits - paid, at: now)
        guard !entries.isEmpty else { return }
        try creditWriter.put(hold)
        try move(entries, leadingTo: ledger)
    }

    /// Ends what is held for a task that has ended or goes: spent as far as clips were made, the rest comes back.
    func settle(_ task: VideoTask, at now: Timestamp) throws {
        guard task.owner != User.local else { return }
        let holds = try credits.holds(of: task.id)
        guard var hold = holds.first(where: { $0.endedAt == nil }) else { return }
        let made = try clips.all(of: task.id).count { !$0.renditions.isEmpty }
        let planned = made > 0 ? try documents.analysis(of: task.id)?.highlights.count ?? made : 0
        let paid = holds.reduce(0) { $0 + $1.captured }
        var ledger = try credits.ledger(of: hold.user)
        let entries = try ledger.settle(
            &hold, due: hold.due(made: made, of: planned, paid: paid), at: now)
        try creditWriter.put(hold)
        try move(entries, leadingTo: ledger)
    }

    /// Keeps what a task moved in a ledger, and tells it.
    ///
    /// The audit trail has lines about what months bring and take, and none about holds: the ledger's entries are
    /// numbered and never changed.
    private func move(_ entries: [CreditEntry], leadingTo ledger: CreditLedger) throws {
        guard !entries.isEmpty else { return }
        try creditWriter.append(entries, leadingTo: ledger)
        try accountEventWriter.append(entries.map(\.event))
        for entry in entries where entry.kind.hold == nil { try auditWriter.append(AuditEntry(entry)) }
    }
}

extension StoreReader {
    /// How long the source of a task is; nil before it is here.
    fileprivate func length(of task: VideoTask) throws -> Duration? {
        if let facts = task.acquired?.facts { return facts.countedLength }
        guard let id = task.uploadedSource else { return nil }
        return try upload(id, of: task.owner)?.length
    }
}

extension Upload {
    /// How long the video is; nil for captions.
    var length: Duration? {
        if case .video(let facts) = content { facts.countedLength } else { nil }
    }
}

extension AuditEntry {
    /// The line about what comes about by itself in a ledger.
    ///
    /// An entry is known by its user and number, and so is its line: 62 random bits of the user, each number at a
    /// place of its own among them.
    fileprivate init(_ entry: CreditEntry) {
        let number = UInt64(entry.number)
        self.init(
            id: Identifier(
                at: entry.at, randomness: (number, entry.user.low &+ number &* 0x9E37_79B9_7F4A_7C15)),
            at: entry.at, action: entry.kind.name.action, initiator: .server, subject: .user(entry.user),
            address: nil, isSuccess: true, detail: entry.event.detail)
    }
}
