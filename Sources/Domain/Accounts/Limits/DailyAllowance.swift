/// A day in some time zone, as it lies in UTC: from midnight to the next, so 23–25 hours long.
public struct UserDay: Hashable, Sendable {
    /// Its midnight.
    public let start: Timestamp
    /// The midnight after it, which is no longer part of it.
    public let end: Timestamp

    /// A day between two midnights; nil when the second is not later.
    public init?(start: Timestamp, end: Timestamp) {
        guard start < end else { return nil }
        self.start = start
        self.end = end
    }
}

/// How many tasks a user has ordered today.
///
/// Nobody has to clear it: it belongs to a day and counts from nothing once that day is over. The day that was
/// begun goes on to its own end even when the user moves to another time zone, and farther where the day there
/// had begun before that end, so that moving brings no second allowance, however often. Deleting a task does not
/// give its place back.
public struct DailyAllowance: Hashable, Sendable {
    /// The day that is counted; nil before the first task.
    public private(set) var day: UserDay?
    /// How many tasks were ordered in it.
    public private(set) var ordered: Int

    /// Nothing ordered yet.
    public init() {
        day = nil
        ordered = 0
    }

    /// Restores a count as a store kept it.
    public init(day: UserDay?, ordered: Int) {
        self.day = day
        self.ordered = ordered
    }

    /// Counts one more task.
    ///
    /// - Parameters:
    ///   - today: The day in the user's time zone that contains `now`.
    ///   - limit: How many are allowed in a day; nil for any number.
    /// - Throws: ``QuotaError/dailyLimit(_:until:)``; then nothing is counted.
    public mutating func take(in today: UserDay, limit: Int?, at now: Timestamp) throws(QuotaError) {
        let counted = current(today, at: now)
        if let limit, counted.ordered >= limit { throw .dailyLimit(limit, until: counted.day.end) }
        day = counted.day
        ordered = counted.ordered + 1
    }

    /// How many more are allowed now, and when the count begins anew; nil for any number.
    public func remaining(in today: UserDay, limit: Int?, at now: Timestamp)
        -> (count: Int, until: Timestamp)?
    {
        guard let limit else { return nil }
        let counted = current(today, at: now)
        return (max(0, limit - counted.ordered), counted.day.end)
    }

    /// The day that counts now, and what was ordered in it.
    private func current(_ today: UserDay, at now: Timestamp) -> (day: UserDay, ordered: Int) {
        // A day that lies ahead was begun by a clock that was wrong.
        guard let day, day.start <= now else { return (today, 0) }
        if now < day.end { return (day, ordered) }
        guard today.start < day.end, let longer = UserDay(start: day.start, end: today.end) else {
            return (today, 0)
        }
        return (longer, ordered)
    }
}
