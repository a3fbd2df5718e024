import Application
import Domain

extension StoreConformance {
    static let audit: [ConformanceRule<any Store>] = [
        ConformanceRule("a line of the audit trail is read back as it was written, whoever did whatever") {
            store in
            let (ada, bob) = (Sample.id(1, User.self), Sample.id(2, User.self))
            let lines = [
                Sample.line(1, by: .user(ada), to: .user(bob)),
                Sample.line(2, by: .anonymous, to: .thing(kind: "session", id: "7", owner: ada)),
                Sample.line(3, by: .server, to: .thing(kind: "setting", id: "x", owner: nil)),
                Sample.line(4, by: .user(bob), to: .server, isSuccess: false),
                AuditEntry(
                    id: Sample.id(5), at: Sample.now, action: .signInFailed, initiator: .anonymous,
                    subject: .server, address: nil, isSuccess: false, detail: nil),
            ]
            try await store.write { writer in
                for line in lines { try writer.auditWriter.append(line) }
            }
            try await expect(throws: isConflict, "a line was written twice") {
                try await store.write { try $0.auditWriter.append(lines[0]) }
            }
            let page = try store.read { try $0.audit.page(AuditFilter(), limit: 10, before: nil) }
            try expect(page, is: Page(items: lines.reversed(), next: nil), "the trail")
        },
        ConformanceRule("the audit trail is filtered, by each thing and by all at once, and paged") { store in
            let (ada, bob) = (Sample.id(1, User.self), Sample.id(2, User.self))
            let subjects: [AuditEntry.Subject] = [
                .user(ada), .server, .thing(kind: "session", id: "7", owner: ada),
                .thing(kind: "session", id: "8", owner: bob), .thing(kind: "setting", id: "7", owner: nil),
            ]
            // Identifiers run against the moments for some, so that only the moments can explain the order.
            let lines = (0..<24).map { number in
                Sample.line(
                    number % 4 == 0 ? 50 - number : number, number % 3 == 0 ? .keyIssued : .profileChanged,
                    by: number % 2 == 0 ? .user(ada) : .user(bob), to: subjects[number % 5],
                    at: Sample.now + .seconds(number / 2), isSuccess: number % 7 != 0)
            }
            try await store.write { writer in
                for line in lines { try writer.auditWriter.append(line) }
            }
            let ordered = lines.sorted { ($0.at, $0.id) > ($1.at, $1.id) }
            let (since, until) = (Sample.now + .seconds(2), Sample.now + .seconds(9))
            let changes: [(inout AuditFilter) -> Void] = [
                { $0.action = .keyIssued }, { $0.user = ada }, { $0.since = since }, { $0.until = until },
                { $0.isSuccess = true }, { $0.initiator = bob }, { $0.object = "7" },
                { $0.object = "\(ada)" },
            ]
            for choice in 0..<(1 << changes.count) {
                var filter = AuditFilter()
                for (number, change) in changes.enumerated() where choice >> number & 1 == 1 {
                    change(&filter)
                }
                let expected = ordered.filter { line in
                    (filter.action == nil || line.action == .keyIssued)
                        && (filter.user == nil || line.concerns(ada))
                        && (filter.since == nil || line.at >= since)
                        && (filter.until == nil || line.at < until)
                        && (filter.isSuccess == nil || line.isSuccess)
                        && (filter.initiator == nil || line.initiator == .user(bob))
                        && (filter.object == nil
                            || line.subject == .thing(kind: "session", id: "7", owner: ada)
                            || filter.object == "7" && line.subject == subjects[4]
                            || filter.object == "\(ada)" && line.subject == .user(ada))
                }
                var (found, cursor): ([AuditEntry], Identifier<AuditEntry>?) = ([], nil)
                repeat {
                    let page = try store.read { try $0.audit.page(filter, limit: 3, before: cursor) }
                    found += page.items
                    cursor = page.next
                } while cursor != nil && found.count <= lines.count
                try expect(found.map(\.id), is: expected.map(\.id), "what \(filter) finds")
            }
            let newest = try store.read { try $0.audit.lines(AuditFilter(), limit: 100, before: nil) }
            for line in newest {
                // The other is no line any more.
                for id in [line.id, Identifier<AuditEntry>(high: .max, low: 0)] {
                    let place = AuditPlace(of: id, at: line.at)
                    let rest = newest.filter { ($0.at, $0.id) < (place.at, place.id) }
                    try expect(
                        try store.read { try $0.audit.lines(AuditFilter(), limit: 2, before: place) },
                        is: Array(rest.prefix(2)), "the lines before a place")
                }
            }
            let lost = try store.read { try $0.audit.page(AuditFilter(), limit: 3, before: Sample.id(99)) }
            try expect(lost, is: Page(items: [], next: nil), "what follows a line that is not there")
        },
        ConformanceRule("what is personal of a deleted user goes from the audit trail, the lines stay") {
            store in
            let (ada, bob) = (Sample.id(1, User.self), Sample.id(2, User.self))
            let lines = [
                Sample.line(1, by: .user(ada), to: .server), Sample.line(2, by: .server, to: .user(ada)),
                Sample.line(3, by: .user(bob), to: .thing(kind: "task", id: "1", owner: ada)),
                Sample.line(4, by: .user(bob), to: .user(bob)),
            ]
            try await store.write { writer in
                for line in lines { try writer.auditWriter.append(line) }
                try writer.auditWriter.forget(ada)
            }
            let page = try store.read { try $0.audit.page(AuditFilter(), limit: 10, before: nil) }
            try expect(page.items, is: lines.reversed().map { $0.forgetting(ada) }, "the trail")
            try expect(page.items.map(\.address), is: [Sample.address, nil, nil, nil], "the addresses")
        },
        ConformanceRule(
            "old lines about what nobody known did are forgotten, not more than asked, others stay"
        ) {
            store in
            let ada = Sample.id(1, User.self)
            let lines = [
                Sample.line(1, by: .anonymous, to: .user(ada), at: Sample.now - .seconds(3)),
                Sample.line(2, by: .anonymous, to: .server, at: Sample.now - .seconds(2)),
                Sample.line(3, by: .anonymous, to: .server, at: Sample.now - .seconds(1)),
                Sample.line(4, by: .anonymous, to: .server), Sample.line(5, at: Sample.now - .seconds(9)),
                Sample.line(6, by: .user(ada), to: .user(ada), at: Sample.now - .seconds(9)),
            ]
            let forgotten = try await store.write { writer in
                for line in lines { try writer.auditWriter.append(line) }
                return [
                    try writer.auditWriter.forgetAnonymous(before: Sample.now, limit: 2),
                    try writer.auditWriter.forgetAnonymous(before: Sample.now, limit: 2),
                ]
            }
            try expect(forgotten, is: [2, 1], "how many were forgotten")
            let left = try store.read { try $0.audit.page(AuditFilter(), limit: 10, before: nil) }
            try expect(Set(left.items), is: Set(lines[3...]), "what stays")
        },
        ConformanceRule("every event of an account is read back, in order, under a number of its own") {
            store in
            let events = Sample.accountEvents
            try expect(try store.read { try $0.accountEvents.latestNumber() }, is: 0, "a number before any")
            try await store.write { try $0.accountEventWriter.append(Array(events.prefix(5))) }
            try await store.write { try $0.accountEventWriter.append(Array(events.dropFirst(5))) }
            let all = try store.read { try $0.accountEvents.events(after: 0, limit: 100) }
            try expect(all.map(\.event), is: events, "the events")
            try expect(all.map(\.number), is: Array(1...Int64(events.count)), "the numbers")
            let some = try store.read { try $0.accountEvents.events(after: 3, limit: 2) }
            try expect(some, is: Array(all[3..<5]), "two events after the third")
            try expect(
                try store.read { try $0.accountEvents.latestNumber() }, is: Int64(events.count),
                "the latest number")
        },
        ConformanceRule("old events are forgotten, not more than asked, and no number is given twice") {
            store in
            let events = Array(Sample.accountEvents.prefix(4))
            try await store.write { try $0.accountEventWriter.append(events) }
            let forgotten = try await store.write { writer in
                [
                    try writer.accountEventWriter.forget(before: Sample.now + .milliseconds(3), limit: 2),
                    try writer.accountEventWriter.forget(before: Sample.now + .milliseconds(3), limit: 2),
                    try writer.accountEventWriter.forget(before: Sample.now + .milliseconds(4), limit: 2),
                ]
            }
            try expect(forgotten, is: [2, 1, 1], "how many were forgotten")
            try await store.write { try $0.accountEventWriter.append([events[0]]) }
            let left = try store.read { try $0.accountEvents.events(after: 0, limit: 10) }
            try expect(left.map(\.number), is: [5], "the number of the next event")
        },
    ]
}
