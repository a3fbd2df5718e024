import Application
import Domain

extension StoreConformance {
    static let credits: [ConformanceRule<any Store>] = [
        ConformanceRule(
            "every kind of entry is read back, newest first and in pages, and leads to the summary"
        ) {
            store in
            let user = Sample.id(1, User.self)
            let written = try await fill(store, user)
            try store.read { reader in
                let ledger = try reader.credits.ledger(of: user)
                var entries: [CreditEntry] = []
                var cursor: Int?
                repeat {
                    let page = try reader.credits.entries(of: user, limit: 3, before: cursor)
                    entries += page.items
                    cursor = page.next
                } while cursor != nil
                try expect(entries, is: written.reversed(), "the entries")
                try expect(Set(entries.map(\.kind.name)).count, is: 7, "how many kinds there are")
                try expect(try CreditLedger(of: user, replaying: written), is: ledger, "the replayed summary")
                let nobody = Sample.id(2, User.self)
                try expect(
                    try reader.credits.ledger(of: nobody), is: CreditLedger(of: nobody), "a new user's ledger"
                )
                let none = try reader.credits.entries(of: nobody, limit: 3, before: nil)
                try expect(none, is: Page(items: [], next: nil), "a new user's entries")
            }
        },
        ConformanceRule("entries that do not go on where the ledger ends are refused, and change nothing") {
            store in
            let user = Sample.id(1, User.self)
            _ = try await fill(store, user)
            let ledger = try store.read { try $0.credits.ledger(of: user) }
            var next = ledger
            let entry = try next.grant(5, at: Sample.now)
            var twice = next
            let second = try twice.grant(6, at: Sample.now)
            var fresh = CreditLedger(of: user)
            let first = try fresh.grant(7, at: Sample.now)
            var other = CreditLedger(of: Sample.id(2))
            let foreign = try other.grant(8, at: Sample.now)
            for (entries, summary) in [
                ([second], twice), ([first], fresh), ([entry], twice), ([second, entry], twice),
                ([entry, foreign], twice),
            ] {
                try await expect(throws: isConflict, "entries with a gap were taken") {
                    try await store.write { try $0.creditWriter.append(entries, leadingTo: summary) }
                }
            }
            try await store.write { [ledger] in try $0.creditWriter.append([], leadingTo: ledger) }
            try expect(try store.read { try $0.credits.ledger(of: user) }, is: ledger, "the summary")
            try await store.write { [next] in try $0.creditWriter.append([entry], leadingTo: next) }
            try expect(try store.read { try $0.credits.ledger(of: user) }, is: next, "the next summary")
        },
        ConformanceRule("holds are found by task and user while they are open, and afterwards by task") {
            store in
            let user = Sample.id(1, User.self)
            var ledger = CreditLedger(of: user)
            _ = try ledger.renew(for: CreditPeriod(containing: Sample.now), upTo: 5, at: Sample.now)
            _ = try ledger.grant(100, at: Sample.now)
            var former = try ledger.hold(10, as: Sample.id(1), for: Sample.id(11), at: Sample.now).hold
            let other = try ledger.hold(20, as: Sample.id(2), for: Sample.id(12), at: Sample.now).hold
            let rival = try ledger.hold(30, as: Sample.id(3), for: Sample.id(11), at: Sample.now).hold
            try await store.write { [former] writer in
                try writer.creditWriter.put(former)
                try writer.creditWriter.put(other)
            }
            try store.read { reader in
                try expect(try reader.credits.hold(former.id), is: former, "the hold")
                try expect(try reader.credits.openHold(of: former.task), is: former, "the task's open hold")
                try expect(try reader.credits.openHolds(of: user), is: [other, former], "the user's holds")
                try expect(try reader.credits.openHold(of: Sample.id(13)), is: nil, "another task's hold")
            }
            try await expect(throws: isConflict, "a task has two open holds") {
                try await store.write { try $0.creditWriter.put(rival) }
            }
            _ = try ledger.capture(4, of: &former, at: Sample.now)
            _ = try ledger.release(of: &former, at: Sample.now + .seconds(1))
            _ = try ledger.refund(2, of: &former, at: Sample.now + .seconds(2))
            try await store.write { [former] in try $0.creditWriter.put(former) }
            try store.read { reader in
                try expect(try reader.credits.openHold(of: former.task), is: nil, "the task's ended hold")
                try expect(try reader.credits.latestHold(of: former.task), is: former, "the latest hold")
                try expect(try reader.credits.openHolds(of: user), is: [other], "the user's open holds")
            }
            try await store.write { try $0.creditWriter.put(rival) }
            try store.read { reader in
                try expect(try reader.credits.openHold(of: former.task), is: rival, "the task's next hold")
                try expect(try reader.credits.latestHold(of: former.task), is: rival, "the later hold")
                let holds = try reader.credits.holds(of: former.task)
                try expect(holds, is: [former, rival], "the task's holds")
                try expect(try reader.credits.holds(of: Sample.id(13)), is: [], "another task's holds")
                try expect(try reader.credits.hold(former.id), is: former, "the earlier hold")
            }
        },
        ConformanceRule("64 concurrent creations by one user never overdraw") { store in
            let user = Sample.id(1, User.self)
            try await store.write { writer in
                var ledger = try writer.credits.ledger(of: user)
                let month = CreditPeriod(containing: Sample.now)
                let monthly = try ledger.renew(for: month, upTo: 10, at: Sample.now)
                let bought = try ledger.grant(90, at: Sample.now)
                try writer.creditWriter.append(monthly + [bought], leadingTo: ledger)
            }
            let outcomes = await withTaskGroup(of: CreditError?.self, returning: [CreditError?].self) {
                group in
                for number in 0..<64 {
                    group.addTask {
                        do {
                            try await store.write { try order(number, of: 7, by: user, in: $0) }
                            return nil
                        } catch {
                            return error as? CreditError ?? .overdrawn
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            // 14 times 7 are 98 of the 100.
            try expect(outcomes.count { $0 == nil }, is: 14, "how many tasks were ordered")
            let refusal = CreditError.insufficient(needed: 7, available: 2)
            try expect(outcomes.count { $0 == refusal }, is: 50, "how many were refused for want of credits")
            try store.read { reader in
                let ledger = try reader.credits.ledger(of: user)
                try expect(ledger.available.total, is: 2, "what is left")
                try expect(ledger.held.total, is: 98, "what is held")
                let entries = try reader.credits.entries(of: user, limit: 100, before: nil).items
                try expect(
                    entries.allSatisfy { $0.available >= 0 && $0.held >= 0 }, "a balance was overdrawn")
                let replayed = try CreditLedger(of: user, replaying: entries.reversed())
                try expect(replayed, is: ledger, "the sum of the entries")
                let holds = try reader.credits.openHolds(of: user)
                try expect(holds.reduce(0) { $0 + $1.remaining.total }, is: 98, "the sum of the holds")
                try expect(try reader.jobs.counts(of: nil), is: [.available: 14], "the jobs")
            }
        },
        ConformanceRule("a unit of work that throws leaves no user, no credit and no trace of one") { store in
            struct Abandoned: Error {}
            let user = Sample.id(1, User.self)
            let kept = try await fill(store, user)
            try await expect(throws: { $0 is Abandoned }, "the error was swallowed") {
                try await store.write { writer in
                    try writer.userWriter.insert(Sample.user(1))
                    try order(9, of: 7, by: user, in: writer)
                    try writer.auditWriter.append(Sample.line(1))
                    try writer.accountEventWriter.append(Sample.accountEvents)
                    throw Abandoned()
                }
            }
            try store.read { reader in
                try expect(try reader.users.find(user), is: nil, "the user")
                try expect(try reader.users.counts(), is: [:], "the number of users")
                let ledger = try CreditLedger(of: user, replaying: kept)
                try expect(try reader.credits.ledger(of: user), is: ledger, "the ledger")
                try expect(try reader.credits.openHolds(of: user), is: [], "the holds")
                let entries = try reader.credits.entries(of: user, limit: 100, before: nil)
                try expect(entries.items, is: kept.reversed(), "the entries")
                let lines = try reader.audit.page(AuditFilter(), limit: 1, before: nil)
                try expect(lines.items, is: [], "the audit trail")
                try expect(try reader.accountEvents.events(after: 0, limit: 1), is: [], "the events")
            }
        },
        ConformanceRule("reasons go from the entries of one user, and nothing else of an entry") { store in
            let users = [try Sample.user(1), try Sample.user(2)]
            func entries(_ user: User) throws -> [CreditEntry] {
                try store.read { try $0.credits.entries(of: user.id, limit: 9, before: nil).items }
            }
            for user in users {
                var ledger = CreditLedger(of: user.id)
                let entries = [
                    try ledger.adjust(by: 5, because: "a present for Ada", at: Sample.now),
                    try ledger.adjust(by: -2, because: "a mistake", at: Sample.now),
                ]
                try await store.write { [ledger] writer in
                    try writer.userWriter.insert(user)
                    try writer.creditWriter.append(entries, leadingTo: ledger)
                }
            }
            let (before, others) = (try entries(users[0]), try entries(users[1]))
            for _ in 1...2 {
                try await store.write { try $0.creditWriter.forgetReasons(of: users[0].id) }
            }
            try expect(
                try entries(users[0]), is: before.map(\.withoutReason), "the entries without reasons")
            try expect(try entries(users[1]), is: others, "the entries of another")
        },
        ConformanceRule("a user's allowance is kept, one for each user") { store in
            let day = UserDay(start: Sample.now, end: Sample.now + .seconds(82_800))
            let allowances = [
                DailyAllowance(day: day, ordered: 3), DailyAllowance(),
                DailyAllowance(day: day, ordered: 4),
            ]
            for allowance in allowances {
                try await store.write { try $0.creditWriter.put(allowance, of: Sample.id(1)) }
                try store.read { reader in
                    try expect(try reader.credits.allowance(of: Sample.id(1)), is: allowance, "the allowance")
                    let other = try reader.credits.allowance(of: Sample.id(2))
                    try expect(other, is: DailyAllowance(), "another user's allowance")
                }
            }
        },
        ConformanceRule(
            "the free and the premium plan are there from the start; plans are added and replaced"
        ) {
            store in
            try store.read { reader in
                try expect(try reader.tiers.all(), is: [.free, .premium], "the plans at first")
                try expect(try reader.tiers.find(.premium), is: .premium, "the premium plan")
            }
            func plan(_ name: String, credits: Int) throws -> Tier {
                try Tier(
                    name: Tier.Name(name), monthlyCredits: credits, longestSource: nil, tasksPerDay: 7,
                    concurrentTasks: 2, storage: 1 << 40, priority: 9)
            }
            let (studio, free) = (try plan("a-studio", credits: 5), try plan("free", credits: 0))
            try await store.write { writer in
                try writer.tierWriter.put(studio)
                try writer.tierWriter.put(free)
            }
            try store.read { reader in
                try expect(try reader.tiers.all(), is: [studio, free, .premium], "the plans, by name")
                try expect(try reader.tiers.find(.free), is: free, "the plan that was replaced")
                try expect(try reader.tiers.find(Tier.Name("none")), is: nil, "a plan that nobody made")
            }
        },
    ]

    /// Enters something of every kind and answers the entries.
    private static func fill(_ store: any Store, _ user: Identifier<User>) async throws -> [CreditEntry] {
        try await store.write { writer in
            let month = CreditPeriod(containing: Sample.now)
            var ledger = try writer.credits.ledger(of: user)
            var entries = try ledger.renew(for: month, upTo: 10, at: Sample.now)
            entries.append(try ledger.grant(50, at: Sample.now))
            var (hold, held) = try ledger.hold(20, as: Sample.id(1), for: Sample.id(2), at: Sample.now)
            entries.append(held)
            entries.append(try ledger.capture(12, of: &hold, at: Sample.now))
            entries += try ledger.release(of: &hold, at: Sample.now)
            entries.append(try ledger.refund(3, of: &hold, at: Sample.now))
            entries.append(try ledger.adjust(by: -5, because: "“Oh”", at: Sample.now))
            entries.append(try ledger.adjust(by: 6, because: "été", at: Sample.now))
            try writer.creditWriter.append(entries, leadingTo: ledger)
            // Once more, behind what is there: next month begins with what has expired.
            var more = [try ledger.expire(1, at: Sample.now)]
            more += try ledger.renew(for: month.next, upTo: 10, at: Sample.now + .seconds(1))
            try writer.creditWriter.append(more, leadingTo: ledger)
            try writer.creditWriter.put(hold)
            return entries + more
        }
    }

    /// Holds the price of a task and makes its job, as one.
    private static func order(
        _ number: Int, of price: Int, by user: Identifier<User>, in writer: any StoreWriter
    )
        throws
    {
        var ledger = try writer.credits.ledger(of: user)
        let (hold, entry) = try ledger.hold(
            price, as: Sample.id(number), for: Sample.id(number), at: Sample.now)
        try writer.creditWriter.append([entry], leadingTo: ledger)
        try writer.creditWriter.put(hold)
        try writer.put(Sample.job(number))
    }
}
