/// A user's credits: what can be spent and what is held, as they follow from the entries so far.
///
/// A store keeps this summary beside the entries, so that an operation costs the same however long the history
/// is: each command takes what happened, changes the summary and returns the entries to append, or throws the
/// rule that forbids it and changes nothing.
///
/// Credits of a month's grant expire with the month; credits that were bought or given, and refunds, do not.
/// What expires first is held and captured first.
public struct CreditLedger: Hashable, Sendable {
    /// How many credits one command may move.
    public static let amounts = 1...1_000_000
    /// The most credits that a user can have, held ones included.
    public static let largestBalance = 1_000_000_000
    /// How many Unicode scalars the reason of an adjustment has.
    public static let reasonLength = 1...200

    /// Whose credits they are.
    public let user: Identifier<User>
    /// What can be spent.
    public private(set) var available: CreditParts
    /// What is set aside.
    public private(set) var held: CreditParts
    /// The latest month for which the plan's credits came in; nil before the first.
    public private(set) var period: CreditPeriod?
    /// How many came in for that month.
    public private(set) var grantedInPeriod: Int
    /// The number of the latest entry; a store refuses to overwrite a later version.
    public private(set) var version: Int

    /// The ledger of a new user: nothing in it.
    public init(of user: Identifier<User>) {
        self.init(
            of: user, available: .none, held: .none, period: nil, grantedInPeriod: 0, version: 0)
    }

    /// Restores a summary as a store kept it.
    public init(
        of user: Identifier<User>, available: CreditParts, held: CreditParts, period: CreditPeriod?,
        grantedInPeriod: Int, version: Int
    ) {
        self.user = user
        self.available = available
        self.held = held
        self.period = period
        self.grantedInPeriod = grantedInPeriod
        self.version = version
    }

    /// Brings in the plan's credits for a month, once: what has come in for that month already counts.
    ///
    /// What is left of an earlier month's grant expires. Moving to a plan with more brings in the difference;
    /// moving to one with less takes nothing away. Asking again, or for an earlier month, changes nothing, so
    /// it is asked before every look at the balance and needs no clock of its own.
    ///
    /// - Parameter monthly: The credits of the plan, 0 or more.
    public mutating func renew(for period: CreditPeriod, upTo monthly: Int, at now: Timestamp)
        throws(CreditError) -> [CreditEntry]
    {
        let isNew = self.period.map { $0 < period } ?? true
        guard isNew || self.period == period else { return [] }
        var next = self
        var entries: [CreditEntry] = []
        if isNew, available.monthly > 0 {
            entries.append(
                try next.append(.expire, CreditParts(monthly: available.monthly, bought: 0), at: now))
        }
        // Who has nearly as much as anyone can have gets what there is room for.
        let room = Self.largestBalance - next.available.total - next.held.total
        let missing = min(isNew ? monthly : monthly - grantedInPeriod, room)
        if missing > 0 {
            let grant = CreditParts(monthly: try Self.checked(missing), bought: 0)
            entries.append(try next.append(.monthlyGrant(period), grant, at: now))
        }
        self = next
        return entries
    }

    /// Brings in credits that do not expire: bought ones, or a present.
    public mutating func grant(_ amount: Int, at now: Timestamp) throws(CreditError) -> CreditEntry {
        try append(.grant, CreditParts(monthly: 0, bought: try Self.checked(amount)), at: now)
    }

    /// Sets credits aside for a task.
    ///
    /// - Throws: ``CreditError/insufficient(needed:available:)`` when there are fewer.
    public mutating func hold(
        _ amount: Int, as id: Identifier<CreditHold>, for task: Identifier<VideoTask>, at now: Timestamp
    ) throws(CreditError) -> (hold: CreditHold, entry: CreditEntry) {
        let amount = try Self.checked(amount)
        guard amount <= available.total else {
            throw .insufficient(needed: amount, available: available.total)
        }
        let parts = available.first(amount)
        let hold = CreditHold(
            id: id, user: user, task: task, parts: parts, period: parts.monthly > 0 ? period : nil,
            remaining: parts, captured: 0, refunded: 0, createdAt: now, endedAt: nil)
        return (hold, try append(.hold(id), parts, at: now))
    }

    /// Spends credits that are held.
    public mutating func capture(_ amount: Int, of hold: inout CreditHold, at now: Timestamp)
        throws(CreditError) -> CreditEntry
    {
        let parts = hold.remaining.first(try checked(amount, of: hold))
        let entry = try append(.capture(hold.id), parts, at: now)
        hold.take(parts, at: now)
        hold.captured += parts.total
        return entry
    }

    /// Gives credits back that are held; all that remain when no amount is said.
    ///
    /// What came from the grant of a month that is over expires at once: it would have, had it not been held.
    public mutating func release(_ amount: Int? = nil, of hold: inout CreditHold, at now: Timestamp)
        throws(CreditError) -> [CreditEntry]
    {
        let parts = hold.remaining.last(try checked(amount ?? hold.remaining.total, of: hold))
        var next = self
        var entries = [try next.append(.release(hold.id), parts, at: now)]
        if parts.monthly > 0, hold.period != period {
            entries.append(try next.append(.expire, CreditParts(monthly: parts.monthly, bought: 0), at: now))
        }
        self = next
        hold.take(parts, at: now)
        return entries
    }

    /// Gives credits back that were spent; they do not expire, wherever they came from.
    public mutating func refund(_ amount: Int, of hold: inout CreditHold, at now: Timestamp)
        throws(CreditError) -> CreditEntry
    {
        guard hold.user == user else { throw .otherLedger }
        let amount = try Self.checked(amount)
        guard amount <= hold.captured - hold.refunded else {
            throw .refundTooLarge(refundable: hold.captured - hold.refunded)
        }
        let entry = try append(.refund(hold.id), CreditParts(monthly: 0, bought: amount), at: now)
        hold.refunded += amount
        return entry
    }

    /// Corrects the balance by hand: more credits that do not expire, or fewer, bought ones first.
    ///
    /// - Parameters:
    ///   - amount: Below zero to take credits away; never more than are available.
    ///   - reason: 1–200 characters, for the user and the audit trail.
    public mutating func adjust(by amount: Int, because reason: String, at now: Timestamp)
        throws(CreditError) -> CreditEntry
    {
        let reason = reason.trimmed
        guard Self.reasonLength.contains(reason.unicodeScalars.count) else { throw .reason }
        guard amount < 0 else {
            let parts = CreditParts(monthly: 0, bought: try Self.checked(amount))
            return try append(.adjust(reason: reason), parts, at: now)
        }
        // The magnitude, since the least integer has no opposite.
        let taken = try Self.checked(Int(clamping: amount.magnitude))
        guard taken <= available.total else {
            throw .insufficient(needed: taken, available: available.total)
        }
        return try append(.adjust(reason: reason), -available.last(taken), at: now)
    }

    /// Ends credits that do not expire by themselves, because an administrator says so.
    public mutating func expire(_ amount: Int, at now: Timestamp) throws(CreditError) -> CreditEntry {
        let amount = try Self.checked(amount)
        guard amount <= available.bought else {
            throw .insufficient(needed: amount, available: available.bought)
        }
        return try append(.expire, CreditParts(monthly: 0, bought: amount), at: now)
    }

    private static func checked(_ amount: Int) throws(CreditError) -> Int {
        guard amounts.contains(amount) else { throw .amount }
        return amount
    }

    private func checked(_ amount: Int, of hold: CreditHold) throws(CreditError) -> Int {
        guard hold.user == user else { throw .otherLedger }
        guard hold.remaining.total > 0 else { throw .holdEnded }
        let amount = try Self.checked(amount)
        guard amount <= hold.remaining.total else {
            throw .holdTooSmall(remaining: hold.remaining.total)
        }
        return amount
    }
}

extension CreditLedger {
    /// Writes an entry after it has been found to keep every balance within its bounds.
    private mutating func append(_ kind: CreditEntry.Kind, _ parts: CreditParts, at now: Timestamp)
        throws(CreditError) -> CreditEntry
    {
        var next = self
        try next.apply(kind, parts)
        self = next
        return CreditEntry(
            user: user, number: version, at: now, kind: kind, parts: parts, available: available.total,
            held: held.total)
    }

    /// What an entry means for the balances: the only place that says so.
    mutating func apply(_ kind: CreditEntry.Kind, _ parts: CreditParts) throws(CreditError) {
        switch kind {
        case .monthlyGrant(let month):
            available = available + parts
            grantedInPeriod = (month == period ? grantedInPeriod : 0) + parts.monthly
            period = month
        case .grant, .refund, .adjust:
            available = available + parts
        case .hold:
            available = available - parts
            held = held + parts
        case .capture:
            held = held - parts
        case .release:
            held = held - parts
            available = available + parts
        case .expire:
            available = available - parts
        }
        guard available.isCovered, held.isCovered else { throw .overdrawn }
        guard available.total + held.total <= Self.largestBalance else { throw .balanceTooLarge }
        version += 1
    }
}
