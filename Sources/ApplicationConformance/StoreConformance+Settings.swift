import Application
import Domain

extension StoreConformance {
    static let settings: [ConformanceRule<any Store>] = [
        ConformanceRule("what was set is read back as it was written, by name; a later value takes its place")
        {
            store in
            func setting(_ name: String, _ sealed: [UInt8], overrides: Bool, by user: Int) -> StoredSetting {
                StoredSetting(
                    name: name, sealed: sealed, overrides: overrides, changedAt: Sample.now + .seconds(user),
                    changedBy: Sample.id(user))
            }
            let first = setting("sign_up", [0, 255, 7], overrides: true, by: 1)
            let second = setting("chat_key", [1], overrides: false, by: 2)
            try await store.write { writer in
                try writer.settingWriter.put(first)
                try writer.settingWriter.put(second)
            }
            try expect(try store.read { try $0.settings.all() }, is: [second, first], "the settings")
            try expect(try store.read { try $0.settings.find("sign_up") }, is: first, "one of them")
            try expect(try store.read { try $0.settings.find("nothing") }, is: nil, "one that nobody set")
            let later = setting("sign_up", [9], overrides: false, by: 3)
            try await store.write { try $0.settingWriter.put(later) }
            try expect(try store.read { try $0.settings.all() }, is: [second, later], "the settings later")
        },
        ConformanceRule("what is removed is no longer set, and what was not set can be removed as well") {
            store in
            let setting = StoredSetting(
                name: "chat_key", sealed: [1, 2], overrides: false, changedAt: Sample.now,
                changedBy: Sample.id(1))
            try await store.write { try $0.settingWriter.put(setting) }
            try await store.write { writer in
                try writer.settingWriter.remove("nothing")
                try writer.settingWriter.remove("chat_key")
            }
            try expect(try store.read { try $0.settings.all() }, is: [], "the settings")
        },
        ConformanceRule("users are counted by their plans, deleted ones left out") { store in
            let users = try Sample.usersInEveryState() + [Sample.user(9)]
            try await store.write { writer in
                for user in users { try writer.userWriter.insert(user) }
            }
            try expect(
                try store.read { try $0.users.countsByTier() }, is: [.free: 2, .premium: 3], "the counts")
        },
        ConformanceRule(
            "the totals of all ledgers say what their entries say, and what was taken back does not count"
        ) {
            store in
            struct Refusal: Error {}
            try expect(
                try store.read { CreditTotals(try $0.credits.totals()) }, is: CreditTotals([:]),
                "the totals of nobody")
            for number in 1...2 {
                try await store.write { writer in
                    var ledger = CreditLedger(of: Sample.id(number))
                    var entries = try ledger.renew(
                        for: CreditPeriod(containing: Sample.now), upTo: 10, at: Sample.now)
                    entries.append(try ledger.grant(20, at: Sample.now))
                    entries.append(try ledger.adjust(by: -3, because: "a mistake", at: Sample.now))
                    var (hold, entry) = try ledger.hold(
                        9, as: Sample.id(number), for: Sample.id(number), at: Sample.now)
                    entries.append(entry)
                    entries.append(try ledger.capture(4, of: &hold, at: Sample.now))
                    entries += try ledger.release(2, of: &hold, at: Sample.now)
                    entries.append(try ledger.refund(1, of: &hold, at: Sample.now))
                    try writer.creditWriter.append(entries, leadingTo: ledger)
                    try writer.creditWriter.put(hold)
                }
            }
            try await expect(throws: { $0 is Refusal }, "a refusal was lost") {
                try await store.write { writer in
                    var ledger = try writer.credits.ledger(of: Sample.id(1))
                    let entry = try ledger.grant(1000, at: Sample.now)
                    try writer.creditWriter.append([entry], leadingTo: ledger)
                    throw Refusal()
                }
            }
            try store.read { reader in
                let totals = CreditTotals(try reader.credits.totals())
                let ledgers = try (1...2).map { try reader.credits.ledger(of: Sample.id($0)) }
                try expect(totals.granted, is: 60, "what was granted")
                try expect(totals.adjusted, is: -6, "what was adjusted")
                try expect(totals.captured, is: 8, "what was captured")
                try expect(totals.refunded, is: 2, "what was refunded")
                try expect(totals.held, is: ledgers.reduce(0) { $0 + $1.held.total }, "what is held")
                try expect(
                    totals.available, is: ledgers.reduce(0) { $0 + $1.available.total }, "what is available")
            }
        },
    ]
}
