public import Domain

/// How much of the plan somebody uses.
public struct Usage: Hashable, Sendable {
    /// What is left of a day.
    public struct Allowance: Hashable, Sendable {
        /// How many tasks may still be ordered.
        public let remaining: Int
        /// When the day ends, and the count begins anew.
        public let until: Timestamp
    }

    /// The plan.
    public let tier: Tier
    /// How many more tasks may be ordered today; nil for any number.
    public let today: Allowance?
    /// How many tasks wait or run.
    public let unfinishedTasks: Int
    /// How many bytes of uploads and clips are kept.
    public let storedBytes: Int64
}

/// Shows callers how much of their plan they use.
public struct GetUsage: Sendable {
    private let desk: AccountDesk
    private let calendar: any Calendar

    /// The use case over its ports.
    public init(desk: AccountDesk, calendar: any Calendar) {
        self.desk = desk
        self.calendar = calendar
    }

    /// The use now.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/user``.
    public func callAsFunction(by caller: Caller) throws -> Usage {
        try caller.require(.creditsRead)
        let now = desk.clock.now()
        return try desk.store.read { reader in
            let user = try reader.user(caller.user)
            let tier = try reader.tier(user.tier)
            let today = try calendar.today(of: user, at: now)
            let left = try reader.credits.allowance(of: user.id)
                .remaining(in: today, limit: tier.tasksPerDay, at: now)
            let stored = try reader.tasks.statistics(of: user.id)
            return Usage(
                tier: tier, today: left.map { Usage.Allowance(remaining: $0.count, until: $0.until) },
                unfinishedTasks: stored.unfinishedTasks,
                storedBytes: stored.mediaBytes)
        }
    }
}

extension Calendar {
    /// The day of a user; that of UTC when the user's time zone is no longer known.
    ///
    /// - Throws: ``PortError/unavailable(_:retryAfter:)`` when not even that is known.
    func today(of user: User, at now: Timestamp) throws(PortError) -> UserDay {
        let zone = user.profile?.timeZone ?? .utc
        guard let day = day(containing: now, in: zone) ?? day(containing: now, in: .utc) else {
            throw .unavailable("no time zone is known")
        }
        return day
    }
}
