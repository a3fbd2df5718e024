import Domain
import Testing

@Suite("Plans and what they allow")
struct TierTests {
    @Test("A9: free has 10 credits, a minute and 3 tasks a day; premium 100, five minutes and no limit")
    func numbers() {
        #expect((Tier.free.monthlyCredits, Tier.premium.monthlyCredits) == (10, 100))
        #expect((Tier.free.longestSource, Tier.premium.longestSource) == (.seconds(60), .seconds(300)))
        #expect((Tier.free.tasksPerDay, Tier.premium.tasksPerDay) == (3, nil))
        #expect(Tier.premium.priority < Tier.free.priority)
    }

    static func tier(
        monthlyCredits: Int = 10, longestSource: Duration? = nil, tasksPerDay: Int? = nil,
        concurrentTasks: Int = 2, storage: Int64 = 1000, priority: Int = 5
    ) throws(TierError) -> Tier {
        try Tier(
            name: Tier.Name("studio"), monthlyCredits: monthlyCredits, longestSource: longestSource,
            tasksPerDay: tasksPerDay, concurrentTasks: concurrentTasks, storage: storage, priority: priority)
    }

    @Test(
        "A9: the plans that are there from the start keep the rules themselves",
        arguments: [Tier.free, .premium])
    func builtIn(_ tier: Tier) throws {
        let again = try Tier(
            name: Tier.Name(tier.name.text), monthlyCredits: tier.monthlyCredits,
            longestSource: tier.longestSource, tasksPerDay: tier.tasksPerDay,
            concurrentTasks: tier.concurrentTasks, storage: tier.storage, priority: tier.priority)
        #expect(again == tier)
    }

    @Test("A9: each number of a plan lies within its bounds")
    func bounds() {
        #expect(throws: TierError.monthlyCredits) { try Self.tier(monthlyCredits: -1) }
        #expect(throws: TierError.monthlyCredits) { try Self.tier(monthlyCredits: 1_000_001) }
        #expect(throws: TierError.longestSource) { try Self.tier(longestSource: .zero) }
        #expect(throws: TierError.longestSource) { try Self.tier(longestSource: .seconds(86_401)) }
        #expect(throws: TierError.tasksPerDay) { try Self.tier(tasksPerDay: 0) }
        #expect(throws: TierError.concurrentTasks) { try Self.tier(concurrentTasks: 0) }
        #expect(throws: TierError.storage) { try Self.tier(storage: 0) }
        #expect(throws: TierError.priority) { try Self.tier(priority: 10) }
    }

    @Test(
        "a plan's name has 1–30 lower-case letters, digits and hyphens, a letter first",
        arguments: ["", "Free", "9lives", "-a", "a b", "ä", String(repeating: "x", count: 31)])
    func names(_ name: String) {
        #expect(throws: TierError.name) { try Tier.Name(name) }
    }

    @Test("A22: a source is as long as the plan allows at most")
    func length() throws {
        try Tier.free.require(sourceOf: .seconds(60))
        #expect(throws: QuotaError.sourceTooLong(limit: .seconds(60))) {
            try Tier.free.require(sourceOf: .milliseconds(60_001))
        }
        try Self.tier().require(sourceOf: .seconds(999_999))
    }

    @Test("no more tasks wait or run at once than the plan allows")
    func concurrency() throws {
        try Self.tier().require(oneMoreThan: 1)
        #expect(throws: QuotaError.tooManyTasks(limit: 2)) { try Self.tier().require(oneMoreThan: 2) }
    }

    @Test("no more bytes are kept than the plan allows")
    func storage() throws {
        try Self.tier().require(roomFor: 400, beside: 600)
        for added in [401, Int64.max] {
            #expect(throws: QuotaError.storageFull(limit: 1000)) {
                try Self.tier().require(roomFor: added, beside: 600)
            }
        }
    }
}

@Suite("Tasks of a day")
struct DailyAllowanceTests {
    /// A day that begins so many hours after some midnight and lasts 24 hours, or as many as are said.
    static func day(_ startHour: Int, lasting hours: Int = 24) throws -> UserDay {
        let start = People.now + .seconds(startHour * 3600)
        return try #require(UserDay(start: start, end: start + .seconds(hours * 3600)))
    }

    static func hour(_ hour: Int) -> Timestamp { People.now + .seconds(hour * 3600) }

    @Test("A12: the fourth task of a day is refused, and says until when")
    func limit() throws {
        var allowance = DailyAllowance()
        let today = try Self.day(0)
        for _ in 0..<3 { try allowance.take(in: today, limit: 3, at: Self.hour(1)) }
        let before = allowance
        #expect(throws: QuotaError.dailyLimit(3, until: today.end)) {
            try allowance.take(in: today, limit: 3, at: Self.hour(23))
        }
        #expect(allowance == before)
    }

    @Test("A12: the next day begins by itself, however long nobody looked", arguments: [24, 25, 24 * 365])
    func nextDay(_ hour: Int) throws {
        var allowance = DailyAllowance(day: try Self.day(0), ordered: 3)
        let tomorrow = try Self.day(hour / 24 * 24)
        #expect(allowance.remaining(in: tomorrow, limit: 3, at: Self.hour(hour))?.count == 3)
        try allowance.take(in: tomorrow, limit: 3, at: Self.hour(hour))
        #expect((allowance.day, allowance.ordered) == (tomorrow, 1))
    }

    @Test("A12: days of 23 and 25 hours end at their own midnight", arguments: [23, 25])
    func daylightSaving(_ hours: Int) throws {
        var allowance = DailyAllowance(day: try Self.day(0, lasting: hours), ordered: 3)
        let today = try Self.day(0, lasting: hours)
        let last = Self.hour(hours) - .milliseconds(1)
        #expect(throws: QuotaError.self) { try allowance.take(in: today, limit: 3, at: last) }
        try allowance.take(in: try Self.day(hours), limit: 3, at: Self.hour(hours))
    }

    @Test("A12: moving to another time zone brings no second allowance on the same day")
    func moving() throws {
        var allowance = DailyAllowance(day: try Self.day(0), ordered: 3)
        let elsewhere = try Self.day(5)
        #expect(throws: QuotaError.self) { try allowance.take(in: elsewhere, limit: 3, at: Self.hour(6)) }
        // The day there had begun before the counted one was over, so it is part of it.
        #expect(throws: QuotaError.dailyLimit(3, until: elsewhere.end)) {
            try allowance.take(in: elsewhere, limit: 3, at: Self.hour(24))
        }
        try allowance.take(in: try Self.day(29), limit: 3, at: Self.hour(29))
        #expect(allowance.day == (try Self.day(29)))
    }

    @Test("A12: hopping from zone to zone brings no more than a limit for each day")
    func hopping() throws {
        var allowance = DailyAllowance()
        var taken = 0
        for hour in 0..<240 {
            // The zone whose day ends with this hour.
            let today = try Self.day(hour - 23)
            while (try? allowance.take(in: today, limit: 3, at: Self.hour(hour))) != nil { taken += 1 }
        }
        #expect(taken <= 3 * 11)
    }

    @Test("A12: a day that a wrong clock began ahead of time does not count")
    func wrongClock() throws {
        var allowance = DailyAllowance(day: try Self.day(24 * 3650), ordered: 3)
        try allowance.take(in: try Self.day(0), limit: 3, at: Self.hour(1))
        #expect(allowance.ordered == 1)
    }

    @Test("A12: without a limit every task is counted and none refused")
    func unlimited() throws {
        var allowance = DailyAllowance()
        let today = try Self.day(0)
        for _ in 0..<100 { try allowance.take(in: today, limit: nil, at: Self.hour(1)) }
        #expect(allowance.ordered == 100)
        #expect(allowance.remaining(in: today, limit: nil, at: Self.hour(1)) == nil)
        #expect(allowance.remaining(in: today, limit: 3, at: Self.hour(1))?.count == 0)
    }

    @Test("a day ends after it begins")
    func order() {
        #expect(UserDay(start: People.now, end: People.now) == nil)
    }
}
