import Domain
import Testing

@Suite("The life of a user")
struct UserTests {
    static let now = People.now
    static let end = now + .seconds(600)

    /// Something that can happen to a user.
    enum Happening: String, CaseIterable, CustomTestStringConvertible {
        case activate, deactivate, suspend, unsuspend, delete, promote, upgrade, rename, changeNames,
            changeEmail, changeTimeZone, verify

        var testDescription: String { rawValue }

        func happen(to user: inout User, at now: Timestamp = UserTests.now) throws -> [AccountEvent] {
            switch self {
            case .activate: try user.activate(at: now)
            case .deactivate: try user.deactivate(otherAdministrators: 1, at: now)
            case .suspend: try user.suspend(because: "spam", until: end, otherAdministrators: 1, at: now)
            case .unsuspend: try user.unsuspend(at: now)
            case .delete: try user.delete(otherAdministrators: 1, at: now)
            case .promote: try user.change(role: .admin, otherAdministrators: 1, at: now)
            case .upgrade: try user.change(tier: .premium, at: now)
            case .rename: try user.rename(to: try Username("grace"), at: now)
            case .changeNames: try user.change(firstName: try PersonName("Ada"), lastName: nil, at: now)
            case .changeEmail: try user.change(email: try EmailAddress("grace@example.org"), at: now)
            case .changeTimeZone: try user.change(timeZone: try TimeZoneName("Europe/Berlin"), at: now)
            case .verify: try user.verify(try EmailAddress("ada@example.org"), at: now)
            }
        }

        var change: AccountChange {
            switch self {
            case .activate: .activated
            case .deactivate: .deactivated
            case .suspend: .suspended(until: end)
            case .unsuspend: .unsuspended
            case .delete: .deleted
            case .promote: .roleChanged(.admin)
            case .upgrade: .tierChanged(from: .free, to: .premium)
            case .rename: .usernameChanged
            case .changeNames, .changeTimeZone: .profileChanged
            case .changeEmail: .emailChanged
            case .verify: .emailVerified
            }
        }
    }

    /// A state to begin with; `lapsed` is a suspension whose end has come.
    enum Beginning: String, CaseIterable, CustomTestStringConvertible {
        case active, inactive, suspended, barred, lapsed, deleted

        var testDescription: String { rawValue }

        func user() throws -> User {
            var user = try People.user()
            let before = UserTests.now - .seconds(60)
            switch self {
            case .active: break
            case .inactive: _ = try user.deactivate(otherAdministrators: 0, at: before)
            case .suspended:
                _ = try user.suspend(because: "spam", until: end, otherAdministrators: 0, at: before)
            case .barred:
                _ = try user.suspend(because: "fraud", until: nil, otherAdministrators: 0, at: before)
            case .lapsed:
                _ = try user.suspend(
                    because: "spam", until: UserTests.now, otherAdministrators: 0, at: before)
            case .deleted: _ = try user.delete(otherAdministrators: 0, at: before)
            }
            return user
        }

        /// Where a user of this state stands.
        var standing: User.State.Name {
            switch self {
            case .active, .lapsed: .active
            case .inactive: .inactive
            case .suspended, .barred: .suspended
            case .deleted: .deleted
            }
        }
    }

    /// Where everything leads from everywhere: the whole machine.
    static func expected(_ beginning: Beginning, _ happening: Happening)
        -> Result<User.State.Name, UserError>
    {
        let suspended = UserError.suspended(until: beginning == .suspended ? end : nil)
        return switch (happening, beginning.standing) {
        case (.delete, .active), (.delete, .inactive), (.delete, .suspended): .success(.deleted)
        case (_, .deleted): .failure(.deleted)
        case (.activate, .inactive): .success(.active)
        case (.activate, .active): .failure(.alreadyActive)
        case (.suspend, .active), (.suspend, .suspended): .success(.suspended)
        case (.unsuspend, .suspended): .success(.active)
        case (.unsuspend, .active), (.unsuspend, .inactive): .failure(.notSuspended)
        case (.deactivate, .active), (.deactivate, .suspended): .success(.inactive)
        case (_, .inactive): .failure(.inactive)
        case (_, .suspended): .failure(suspended)
        case (_, .active): .success(.active)
        }
    }

    @Test(
        "A8: every happening leads from every state where the table says, or is refused and changes nothing",
        arguments: Beginning.allCases, Happening.allCases)
    func transition(_ beginning: Beginning, _ happening: Happening) throws {
        let before = try beginning.user()
        var user = before
        switch Self.expected(beginning, happening) {
        case .success(let state):
            let events = try happening.happen(to: &user)
            #expect(user.standing(at: Self.now) == state)
            #expect(user.version == before.version + 1)
            #expect(
                events == [
                    AccountEvent(
                        user: user.id, version: user.version, at: Self.now, change: happening.change)
                ])
        case .failure(let error):
            #expect(throws: error) { try happening.happen(to: &user) }
            #expect(user == before)
        }
    }

    @Test(
        "what the user is or has already changes nothing and tells nothing",
        arguments: [
            Happening.promote, .upgrade, .rename, .changeNames, .changeEmail, .changeTimeZone, .verify,
        ])
    func repeated(_ happening: Happening) throws {
        var user = try People.user()
        _ = try happening.happen(to: &user)
        let before = user
        #expect(try happening.happen(to: &user).isEmpty)
        #expect(user == before)
    }

    @Test("A4: a new user is active, ordinary, free, with an address that is not verified")
    func registration() throws {
        let (user, events) = User.register(id: People.ada, profile: try People.profile(), at: Self.now)
        #expect(user.standing(at: Self.now) == .active)
        #expect((user.role, user.tier, user.version) == (.user, .free, 1))
        #expect(user.profile?.isEmailVerified == false)
        #expect(
            events == [AccountEvent(user: People.ada, version: 1, at: Self.now, change: .registered)])
    }

    @Test("A8: a suspension keeps its reason, and ends by itself when its time has come")
    func suspensionEnds() throws {
        let user = try Beginning.suspended.user()
        let last = Self.end - .milliseconds(1)
        #expect(user.suspension(at: last)?.reason == "spam")
        #expect(user.standing(at: last) == .suspended)
        #expect(user.standing(at: Self.end) == .active)
        #expect(user.suspension(at: Self.end) == nil)
        try user.requireActive(at: Self.end)
        #expect(try Beginning.barred.user().standing(at: Self.end + .seconds(1_000_000_000)) == .suspended)
    }

    @Test("A8: who is suspended already gets the new reason and the new end")
    func suspendedAgain() throws {
        var user = try Beginning.suspended.user()
        _ = try user.suspend(because: " more spam ", until: nil, otherAdministrators: 0, at: Self.now)
        #expect(user.suspension(at: Self.end)?.reason == "more spam")
    }

    @Test(
        "A8: a suspension has a reason of 1–500 characters",
        arguments: ["", " \n", String(repeating: "x", count: 501)])
    func suspensionReason(_ reason: String) throws {
        var user = try People.user()
        let before = user
        #expect(throws: UserError.suspensionReason) {
            try user.suspend(because: reason, until: nil, otherAdministrators: 0, at: Self.now)
        }
        #expect(user == before)
    }

    @Test("A8: a suspension ends after it begins")
    func suspensionEnd() throws {
        var user = try People.user()
        #expect(throws: UserError.suspensionEnd) {
            try user.suspend(because: "spam", until: Self.now, otherAdministrators: 0, at: Self.now)
        }
    }

    @Test("A8: a suspended user gets no other plan and may be given no credits until the suspension ends")
    func nothingForTheSuspended() throws {
        var user = try Beginning.suspended.user()
        #expect(throws: UserError.suspended(until: Self.end)) {
            try user.change(tier: .premium, at: Self.now)
        }
        #expect(throws: UserError.suspended(until: Self.end)) { try user.requireActive(at: Self.now) }
        #expect(try user.change(tier: .premium, at: Self.end).count == 1)
    }

    @Test("A11: a deleted user leaves nothing personal, and frees name and address for another")
    func deletion() throws {
        var user = try People.user(role: .admin)
        _ = try user.change(tier: .premium, at: Self.now)
        let events = try user.delete(otherAdministrators: 1, at: People.later)
        #expect(user.profile == nil)
        #expect(
            user
                == User(
                    id: People.ada, profile: nil, role: .user, tier: .free,
                    state: .deleted(at: People.later), createdAt: Self.now, version: 3))
        #expect(!"\(user) \(events)".lowercased().contains("example.org"))
        #expect(!String(reflecting: user).contains("Ada"))
    }

    @Test(
        "the last active administrator stays one",
        arguments: [Happening.deactivate, .suspend, .delete, .promote])
    func lastAdministrator(_ happening: Happening) throws {
        func happen(to user: inout User, others: Int) throws {
            switch happening {
            case .deactivate: _ = try user.deactivate(otherAdministrators: others, at: Self.now)
            case .suspend:
                _ = try user.suspend(because: "x", until: nil, otherAdministrators: others, at: Self.now)
            case .delete: _ = try user.delete(otherAdministrators: others, at: Self.now)
            default: _ = try user.change(role: .user, otherAdministrators: others, at: Self.now)
            }
        }
        var user = try People.user(role: .admin)
        let before = user
        #expect(throws: UserError.lastAdministrator) { try happen(to: &user, others: 0) }
        #expect(user == before)
        try happen(to: &user, others: 1)
        #expect(user != before)
    }

    @Test(
        "A8: an administrator who is kept out can be demoted without being let in, also the only one",
        arguments: [Happening.suspend, .deactivate])
    func demotionOutside(_ closing: Happening) throws {
        var user = try People.user(role: .admin)
        _ = try closing.happen(to: &user)
        let standing = user.standing(at: Self.now)
        let events = try user.change(role: .user, otherAdministrators: 0, at: Self.now)
        #expect(events.map(\.change) == [.roleChanged(.user)])
        #expect((user.role, user.standing(at: Self.now)) == (.user, standing))
    }

    @Test("A7: a new address is not verified, and an old message does not verify it")
    func changedEmail() throws {
        var user = try People.user()
        let old = try EmailAddress("ada@example.org")
        _ = try user.verify(old, at: Self.now)
        #expect(user.profile?.isEmailVerified == true)
        _ = try user.change(email: try EmailAddress("new@example.org"), at: Self.now)
        #expect(user.profile?.isEmailVerified == false)
        #expect(throws: UserError.otherAddress) { try user.verify(old, at: Self.now) }
    }

    @Test("A2: two changes of the same version have the same next version, so that a store can refuse one")
    func versions() throws {
        let user = try People.user()
        var (first, second) = (user, user)
        _ = try first.change(tier: .premium, at: Self.now)
        _ = try second.rename(to: try Username("grace"), at: Self.now)
        #expect(first.version == second.version)
        #expect(first.version == user.version + 1)
    }

    @Test("any sequence of happenings leaves a user whole", arguments: 0..<20)
    func sequences(_ part: Int) throws {
        for seed in 0..<50 {
            var generator = SeededGenerator(seed: UInt64(part * 50 + seed))
            var user = try People.user()
            var now = Self.now
            for _ in 0..<40 {
                now = now + .seconds(Int.random(in: 0...300, using: &generator))
                let before = user
                let happening = Happening.allCases.randomElement(using: &generator)!
                let events = (try? happening.happen(to: &user, at: now)) ?? []
                #expect(user.version == before.version + events.count)
                #expect(events.isEmpty == (user == before))
                #expect((user.profile == nil) == (user.state.name == .deleted))
                if before.state.name == .deleted { #expect(user == before) }
            }
        }
    }
}
