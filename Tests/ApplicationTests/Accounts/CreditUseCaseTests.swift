import Application
import Domain
import Testing

@Suite("Credits of a user")
struct CreditUseCaseTests {
    private let registry = Registry()
    private var credits: GetCredits { GetCredits(desk: registry.desk) }

    /// Some days into the next month.
    private func nextMonth() {
        let month = CreditPeriod(containing: registry.clock.now())
        while CreditPeriod(containing: registry.clock.now()) == month {
            registry.clock.advance(by: .seconds(86_400))
        }
    }

    @Test("A11: a new month's credits come in with the first look, once, and what was left expires")
    func months() async throws {
        let (user, _) = try await registry.member()
        nextMonth()
        let caller = Caller(user: user.id, role: .user, means: .session(registry.desk.anyIdentifier()))
        let first = try await registry.writes {
            let available = try await credits(by: caller).ledger.available
            #expect(available == CreditParts(monthly: 10, bought: 0))
        }
        let second = try await registry.writes { _ = try await credits(by: caller) }
        #expect(first == 1 && second == 0)
        let page = try ListCreditEntries(desk: registry.desk)(by: caller, limit: 2)
        #expect(page.items.map(\.kind.name) == [.grant, .expire])
        let rest = try ListCreditEntries(desk: registry.desk)(by: caller, limit: 2, before: page.next)
        #expect(rest.items.map(\.number) == [1])
        let grants = try registry.trail(.creditsGranted)
        #expect(grants.count == 2 && grants.contains { $0.initiator == .server && $0.address == nil })
    }

    @Test("A10: moving to a plan with more brings in the difference at once, moving back and forth nothing")
    func tiers() async throws {
        let (user, caller) = try await registry.member()
        let admin = try await registry.administrator()
        _ = try await registry.adjust(of: user.id, by: 7, because: "present", by: admin, from: Registry.home)
        for _ in 1...3 {
            _ = try await registry.changeTier(user.id, to: .premium, by: admin, from: Registry.home)
            #expect(try registry.ledger(user.id).available == CreditParts(monthly: 100, bought: 7))
            _ = try await registry.changeTier(user.id, to: .free, by: admin, from: Registry.home)
            #expect(try registry.ledger(user.id).available == CreditParts(monthly: 100, bought: 7))
        }
        #expect(try registry.trail(.tierChanged).first?.detail?.contains("→") == true)
        nextMonth()
        let later = try await credits(by: caller).ledger.available
        #expect(later == CreditParts(monthly: 10, bought: 7))
    }

    @Test("A10: the month that was due on the former plan is not lost by moving")
    func dueMonth() async throws {
        let (user, _) = try await registry.member()
        let admin = try await registry.administrator()
        _ = try await registry.changeTier(user.id, to: .premium, by: admin, from: Registry.home)
        nextMonth()
        _ = try await registry.changeTier(user.id, to: .free, by: admin, from: Registry.home)
        #expect(try registry.ledger(user.id).available.monthly == 100)
    }

    @Test("A11: an administrator corrects a balance for a reason, never below nothing")
    func adjusting() async throws {
        let (user, caller) = try await registry.member()
        let admin = try await registry.administrator()
        func adjust(_ amount: Int, _ reason: String = "a mistake") async throws -> Int {
            try await registry.adjust(
                of: user.id, by: amount, because: reason, by: admin, from: Registry.home
            ).ledger.available.total
        }
        #expect(try await adjust(5) == 15)
        #expect(try await adjust(-15) == 0)
        let writes = await registry.writes {
            await #expect(throws: CreditError.insufficient(needed: 1, available: 0)) { try await adjust(-1) }
            await #expect(throws: CreditError.amount) { try await adjust(0) }
            await #expect(throws: CreditError.reason) { try await adjust(1, " ") }
        }
        #expect(writes == 0)
        #expect(try registry.trail(.creditsAdjusted).map(\.detail) == ["a mistake", "a mistake"])
        let entries = try ListCreditEntries(desk: registry.desk)(by: caller).items
        #expect(try CreditLedger(of: user.id, replaying: entries.reversed()) == registry.ledger(user.id))
    }

    @Test("what is held is shown with what it is held for")
    func holds() async throws {
        let (user, caller) = try await registry.member()
        let task = Identifier<VideoTask>(high: 1, low: 1)
        let now = registry.clock.now()
        let hold = try await registry.store.write { writer in
            var ledger = try writer.credits.ledger(of: user.id)
            let (hold, entry) = try ledger.hold(4, as: Identifier(high: 2, low: 2), for: task, at: now)
            try writer.creditWriter.append([entry], leadingTo: ledger)
            try writer.creditWriter.put(hold)
            return hold
        }
        let statement = try await credits(by: caller)
        #expect(statement.holds == [hold])
        #expect(statement.ledger.available.total == 6 && statement.ledger.held.total == 4)
    }

    @Test("a program sees credits with the scope for it alone")
    func scopes() async throws {
        let (_, caller) = try await registry.member()
        let issued = try await registry.issueKey(
            name: "ci", scopes: [.tasksRead], by: caller, from: Registry.home)
        let program = try registry.identify(.apiKey(issued.token.text))
        let refusal = AccessError.missingScope(.creditsRead)
        await #expect(throws: refusal) { try await credits(by: program) }
        #expect(throws: refusal) { try ListCreditEntries(desk: registry.desk)(by: program) }
    }

    @Test(
        "A18, A60: every change is told once in the outbox and once in the audit trail, versions without a gap"
    )
    func told() async throws {
        let (user, caller) = try await registry.member()
        let admin = try await registry.administrator()
        var edit = ProfileEdit()
        edit.firstName = "Ada"
        edit.username = "lovelace"
        _ = try await registry.update(
            edit, password: Registry.password, by: caller, from: Registry.home)
        _ = try await registry.changeTier(user.id, to: .premium, by: admin, from: Registry.home)
        _ = try await registry.adjust(of: user.id, by: 5, because: "gift", by: admin, from: Registry.home)
        _ = try await registry.suspend(user.id, because: "spam", by: admin, from: Registry.home)
        _ = try await UnsuspendUser(desk: registry.desk)(user.id, by: admin, from: Registry.home)
        try await DeleteUser(desk: registry.desk, removal: registry.removal)(
            user.id, by: admin, from: Registry.home)
        let events = try registry.events()
        // That the first administrator got what was the local user's is no change of a user.
        let lines = try registry.trail().filter { $0.action != .ownershipHandedOver }
        func count(_ actions: [AuditAction]) -> [AuditAction: Int] {
            Dictionary(actions.map { ($0, 1) }, uniquingKeysWith: +)
        }
        #expect(count(events.map(\.change.action)) == count(lines.map(\.action)))
        let own: Set<AuditAction> = [
            .userRegistered, .usernameChanged, .profileChanged, .tierChanged, .userSuspended,
            .userUnsuspended, .userDeleted,
        ]
        let versions = events.filter { $0.user == user.id && own.contains($0.change.action) }.map(\.version)
        #expect(versions == Array(1...versions.count) && versions.count == 7)
        #expect(try registry.user(user.id)?.version == versions.count)
    }
}
