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
        ConformanceRule(
            "revisions of the configuration are numbered without a gap, and so many are remembered"
        ) {
            store in
            @Sendable func revision(_ number: Int64) -> ConfigurationRevision {
                ConfigurationRevision(
                    number: number, checksum: "0123456789abcdef",
                    author: number % 2 == 0 ? nil : Sample.id(1),
                    cause: .imported, at: Sample.now + .seconds(number),
                    changes: [
                        SettingChange(name: "b", kind: .added, old: nil, new: "\(number)"),
                        SettingChange(name: "a", kind: .removed, old: "", new: nil),
                    ])
            }
            @Sendable func setting(_ number: Int64) -> StoredSetting {
                StoredSetting(
                    name: "b", sealed: [UInt8(truncatingIfNeeded: number)], overrides: true,
                    changedAt: Sample.now, changedBy: Sample.id(2))
            }
            try expect(try store.read { try $0.revisions.latest() }, is: nil, "the first state")
            let last = ConfigurationRevision.remembered + 2
            for number in 1...last {
                try await store.write {
                    try $0.revisionWriter.append(
                        revision(number), of: number == last ? [] : [setting(number)])
                }
            }
            for wrong in [last, last + 2] {
                try await expect(throws: { $0 is PortError }, "revision \(wrong) after \(last)") {
                    try await store.write { try $0.revisionWriter.append(revision(wrong), of: []) }
                }
            }
            try expect(try store.read { try $0.revisions.latest() }, is: revision(last), "the newest")
            try expect(
                try store.read { try $0.revisions.newest(1000) },
                is: (3...last).reversed().map(revision), "what is remembered")
            try expect(
                try store.read { try $0.revisions.newest(2) }, is: [revision(last), revision(last - 1)],
                "the newest two")
            try expect(try store.read { try $0.revisions.settings(of: 2) }, is: nil, "a forgotten one")
            try expect(try store.read { try $0.revisions.settings(of: 3) }, is: [setting(3)], "an old one")
            try expect(try store.read { try $0.revisions.settings(of: last) }, is: [], "one without settings")
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
