import Application
import Domain
import Testing

@Suite("What administrators take home and count")
struct AuditExportTests {
    private let registry = Registry()

    @Test("A60, A62: an export hands out each line once, in pieces, and stands in the trail itself")
    func pieces() async throws {
        let admin = try await registry.administrator()
        let start = registry.clock.now()
        let id: Identifier<User> = registry.desk.anyIdentifier()
        try await registry.store.write { writer in
            for number in 0..<1203 {
                // Many of one moment, so that only identifiers tell where a piece ends.
                try writer.auditWriter.append(
                    AuditEntry(
                        id: Identifier(high: 9, low: UInt64(number)), at: start + .milliseconds(number / 400),
                        action: .profileChanged, initiator: .user(id), subject: .user(id), address: nil,
                        isSuccess: true))
            }
        }
        var filter = AuditFilter()
        filter.initiator = id
        var lines = try await ExportAudit(desk: registry.desk)(
            filter, as: "csv", by: admin, from: Registry.home)
        var pieces: [[AuditEntry]] = []
        while true {
            let piece = try lines.next()
            guard !piece.isEmpty else { break }
            pieces.append(piece)
            // What is written meanwhile is not handed out.
            let number = UInt64(5000 + pieces.count)
            try await registry.store.write { writer in
                try writer.auditWriter.append(
                    AuditEntry(
                        id: Identifier(high: 9, low: number), at: start + .seconds(60),
                        action: .profileChanged, initiator: .user(id), subject: .user(id), address: nil,
                        isSuccess: true))
            }
        }
        #expect(pieces.map(\.count) == [500, 500, 203])
        let all = pieces.flatMap { $0 }
        #expect(Set(all.map(\.id)).count == 1203)
        #expect(zip(all, all.dropFirst()).allSatisfy { ($0.at, $0.id) > ($1.at, $1.id) })
        let line = try #require(try registry.trail(.auditExported).first)
        #expect(line.initiator == .user(admin.user) && line.detail == "csv")
        #expect(line.address == Registry.home.address)
        #expect(try lines.next().isEmpty)
    }

    @Test("A60: an export goes on when the line at which a piece ended is forgotten meanwhile")
    func forgottenMeanwhile() async throws {
        let admin = try await registry.administrator()
        let start = registry.clock.now()
        try await registry.store.write { writer in
            for number in 0..<1100 {
                try writer.auditWriter.append(
                    AuditEntry(
                        id: Identifier(high: 9, low: UInt64(number)), at: start + .milliseconds(number),
                        action: .signInFailed,
                        initiator: (600..<650).contains(number) ? .anonymous : .server, subject: .server,
                        address: nil, isSuccess: false))
            }
        }
        var filter = AuditFilter()
        filter.isSuccess = false
        var lines = try await ExportAudit(desk: registry.desk)(
            filter, as: "csv", by: admin, from: Registry.home)
        #expect(try lines.next().count == 500)
        // The first piece ended at the 600th.
        let forgotten = try await registry.store.write {
            try $0.auditWriter.forgetAnonymous(before: start + .milliseconds(650), limit: 100)
        }
        #expect(forgotten == 50)
        #expect(try lines.next().count == 500)
        #expect(try lines.next().count == 100)
        #expect(try lines.next().isEmpty)
    }

    @Test("A60: the trail is read by who did something, and by what it was done to")
    func filters() async throws {
        let (user, caller) = try await registry.member()
        let admin = try await registry.administrator()
        _ = try await registry.suspend(user.id, because: "spam", by: admin, from: Registry.home)
        let issued = try await registry.issueKey(
            name: "ci", scopes: [.tasksRead], by: admin, from: Registry.home)
        let list = ListAudit(desk: registry.desk)
        var filter = AuditFilter()
        filter.initiator = admin.user
        #expect(
            Set(try list(filter, by: admin).items.map(\.action)) == [
                .userSuspended, .sessionRevoked, .keyIssued,
            ])
        filter.object = "\(user.id)"
        #expect(Set(try list(filter, by: admin).items.map(\.action)) == [.userSuspended, .sessionRevoked])
        filter = AuditFilter()
        filter.object = "\(issued.key.id)"
        #expect(try list(filter, by: admin).items.map(\.action) == [.keyIssued])
        #expect(caller.user == user.id)
    }

    @Test("A61: the numbers of a server count users, plans and credits of everyone")
    func statistics() async throws {
        let admin = try await registry.administrator()
        let (ada, _) = try await registry.member("Ada")
        let (bob, _) = try await registry.member("Bob")
        _ = try await registry.changeTier(ada.id, to: .premium, by: admin, from: Registry.home)
        _ = try await registry.adjust(
            of: ada.id, by: -30, because: "a mistake", by: admin, from: Registry.home)
        _ = try await registry.suspend(bob.id, because: "spam", by: admin, from: Registry.home)
        let statistics = try GetServerStatistics(store: registry.store)(by: admin)
        #expect(statistics.users == [.active: 2, .suspended: 1])
        #expect(statistics.tiers == [.free: 2, .premium: 1])
        #expect(statistics.credits.granted == 120 && statistics.credits.adjusted == -30)
        #expect(statistics.credits.available == 90 && statistics.credits.held == 0)
    }

    @Test(
        "A18: what an administrator does to a user is told in the outbox, each change with the next version")
    func events() async throws {
        let (user, _) = try await registry.member()
        let admin = try await registry.administrator()
        let home = Registry.home
        _ = try await registry.suspend(user.id, because: "spam", by: admin, from: home)
        _ = try await UnsuspendUser(desk: registry.desk)(user.id, by: admin, from: home)
        _ = try await DeactivateUser(desk: registry.desk)(user.id, by: admin, from: home)
        _ = try await ActivateUser(desk: registry.desk)(user.id, by: admin, from: home)
        _ = try await registry.changeTier(user.id, to: .premium, by: admin, from: home)
        let own = try registry.events().filter { event in
            switch event.change {
            case .registered, .suspended, .unsuspended, .deactivated, .activated, .tierChanged:
                event.user == user.id
            default: false
            }
        }
        #expect(
            own.map(\.change) == [
                .registered, .suspended(until: nil), .unsuspended, .deactivated, .activated,
                .tierChanged(from: .free, to: .premium),
            ])
        #expect(own.map(\.version) == [1, 2, 3, 4, 5, 6])
    }

    @Test("A10: an upgrade adds what the plan has more, a downgrade keeps what was bought and what came in")
    func plans() async throws {
        let (user, _) = try await registry.member()
        let admin = try await registry.administrator()
        _ = try await registry.adjust(
            of: user.id, by: 7, because: "a present", by: admin, from: Registry.home)
        _ = try await registry.changeTier(user.id, to: .premium, by: admin, from: Registry.home)
        #expect(try registry.ledger(user.id).available == CreditParts(monthly: 100, bought: 7))
        _ = try await registry.changeTier(user.id, to: .free, by: admin, from: Registry.home)
        #expect(try registry.ledger(user.id).available == CreditParts(monthly: 100, bought: 7))
        _ = try await registry.changeTier(user.id, to: .premium, by: admin, from: Registry.home)
        #expect(try registry.ledger(user.id).available == CreditParts(monthly: 100, bought: 7))
    }
}
