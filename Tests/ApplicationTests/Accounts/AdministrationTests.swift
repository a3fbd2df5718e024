import Application
import Domain
import Testing

@Suite("Looking after users")
struct AdministrationTests {
    private let registry = Registry()

    /// Something only an administrator may do.
    enum Duty: String, CaseIterable, CustomTestStringConvertible {
        case search, get, edit, suspend, unsuspend, activate, deactivate, changeTier, adjust, delete, audit,
            invite, listInvitations, withdrawInvitation, editTier, exportAudit, statistics, listSettings,
            showSetting, changeSetting, clearSetting

        var testDescription: String { rawValue }

        func perform(in registry: Registry, on id: Identifier<User>, by caller: Caller) async throws {
            let desk = registry.desk
            let home = Registry.home
            switch self {
            case .search: _ = try SearchUsers(desk: desk, input: registry.input)(by: caller)
            case .get: _ = try GetUser(desk: desk)(id, by: caller)
            case .edit:
                var edit = ProfileEdit()
                edit.username = "other"
                _ = try await EditUser(desk: desk, editor: registry.editor)(id, edit, by: caller, from: home)
            case .suspend: _ = try await registry.suspend(id, because: "spam", by: caller, from: home)
            case .unsuspend: _ = try await UnsuspendUser(desk: desk)(id, by: caller, from: home)
            case .activate: _ = try await ActivateUser(desk: desk)(id, by: caller, from: home)
            case .deactivate: _ = try await DeactivateUser(desk: desk)(id, by: caller, from: home)
            case .changeTier: _ = try await registry.changeTier(id, to: .premium, by: caller, from: home)
            case .adjust:
                _ = try await registry.adjust(of: id, by: 5, because: "gift", by: caller, from: home)
            case .delete:
                try await DeleteUser(desk: desk, removal: registry.removal)(id, by: caller, from: home)
            case .audit: _ = try ListAudit(desk: desk)(by: caller)
            case .invite: _ = try await registry.invite(by: caller, from: home)
            case .listInvitations: _ = try ListInvitations(desk: desk)(by: caller)
            case .withdrawInvitation:
                try await WithdrawInvitation(desk: desk)(desk.anyIdentifier(), by: caller, from: home)
            case .editTier: try await EditTier(desk: desk)(.premium, by: caller, from: home)
            case .exportAudit: _ = try await ExportAudit(desk: desk)(as: "csv", by: caller, from: home)
            case .statistics: _ = try GetServerStatistics(store: registry.store)(by: caller)
            case .listSettings: _ = try ListSettings(desk: desk, settings: registry.settings)(by: caller)
            case .showSetting: _ = try ListSettings(desk: desk, settings: registry.settings)("x", by: caller)
            case .changeSetting:
                _ = try await ChangeSetting(desk: desk, settings: registry.settings)(
                    "x", to: "y", by: caller, from: home)
            case .clearSetting:
                _ = try await ClearSetting(desk: desk, settings: registry.settings)(
                    "x", by: caller, from: home)
            }
        }

        /// What it says about a user who is not there.
        var missing: NotFound? {
            switch self {
            case .search, .audit, .invite, .listInvitations, .editTier, .exportAudit, .statistics,
                .listSettings:
                nil
            case .showSetting, .changeSetting, .clearSetting: .setting
            case .withdrawInvitation: .invitation
            default: .user
            }
        }
    }

    @Test(
        "A61: what administrators do is refused to users, and to keys without the scope",
        arguments: Duty.allCases)
    func duties(duty: Duty) async throws {
        let (user, caller) = try await registry.member()
        let admin = try await registry.administrator()
        let issued = try await registry.issueKey(
            name: "ci", scopes: Scope.forKeys.subtracting([.admin]), by: admin, from: Registry.home)
        let program = try registry.identify(.apiKey(issued.token.text))
        let writes = await registry.writes {
            for caller in [caller, program] {
                await #expect(throws: AccessError.missingScope(.admin)) {
                    try await duty.perform(in: registry, on: user.id, by: caller)
                }
            }
        }
        #expect(writes == 0)
    }

    @Test(
        "A61: no key of an administrator becomes a person: it changes no sign-in and no role, and invites none"
    )
    func programs() async throws {
        let (user, _) = try await registry.member()
        let admin = try await registry.administrator()
        let issued = try await registry.issueKey(
            name: "ops", scopes: [.admin], by: admin, from: Registry.home)
        let program = try registry.identify(.apiKey(issued.token.text))
        let edit = EditUser(desk: registry.desk, editor: registry.editor)
        var (address, name, harmless) = (ProfileEdit(), ProfileEdit(), ProfileEdit())
        address.email = "mallory@example.org"
        name.username = "mallory"
        harmless.firstName = "Ada"
        harmless.email = "ada@example.org"
        let writes = await registry.writes {
            for (id, change, role) in [
                (admin.user, address, nil), (user.id, address, nil), (user.id, name, nil),
                (user.id, ProfileEdit(), Role.admin),
            ] {
                await #expect(throws: AccessError.missingScope(.accountSecurity)) {
                    try await edit(id, change, role: role, by: program, from: Registry.home)
                }
            }
            await #expect(throws: AccessError.missingScope(.accountSecurity)) {
                try await registry.invite(role: .admin, by: program, from: Registry.home)
            }
            for change in [address, name] {
                await #expect(throws: ConfirmationError.ownAccount) {
                    try await edit(admin.user, change, by: admin, from: Registry.home)
                }
            }
        }
        #expect(writes == 0)
        let named = try await edit(user.id, harmless, role: .user, by: program, from: Registry.home)
        #expect(named.profile?.fullName == "Ada")
        _ = try await registry.invite(by: program, from: Registry.home)
    }

    @Test("a user, or whatever it is about, who is not there is not found", arguments: Duty.allCases)
    func missing(duty: Duty) async throws {
        guard let missing = duty.missing else { return }
        let admin = try await registry.administrator()
        let writes = await registry.writes {
            await #expect(throws: missing) {
                try await duty.perform(in: registry, on: registry.desk.anyIdentifier(), by: admin)
            }
        }
        #expect(writes == 0)
    }

    @Test("A61: users are found by the beginning of name or address, in any case, and listed in pages")
    func search() async throws {
        let admin = try await registry.administrator()
        for name in ["Ada", "Adele", "Bob"] {
            registry.clock.advance(by: .seconds(1))
            try await registry.join(name)
        }
        let search = SearchUsers(desk: registry.desk, input: registry.input)
        func names(_ page: Page<User, Identifier<User>>) -> [String] {
            page.items.compactMap { $0.profile?.username.text }
        }
        #expect(names(try search("AD", by: admin)) == ["Adele", "Ada"])
        #expect(names(try search("Bob@", by: admin)) == ["Bob"])
        #expect(names(try search("", by: admin)) == ["Bob", "Adele", "Ada", "Grace"])
        let first = try search(by: admin, limit: 3)
        #expect(names(first) == ["Bob", "Adele", "Ada"])
        #expect(names(try search(by: admin, limit: 3, before: first.next)) == ["Grace"])
    }

    @Test(
        "A8: why a user is kept out is stored and audited; a suspended user is given no credits and no plan")
    func suspension() async throws {
        let (user, _) = try await registry.member()
        let admin = try await registry.administrator()
        let end = registry.clock.now() + .seconds(3600)
        let suspended = try await registry.suspend(
            user.id, because: " spam ", until: end, by: admin, from: Registry.home)
        #expect(suspended.suspension(at: registry.clock.now())?.reason == "spam")
        let line = try #require(try registry.trail(.userSuspended).first)
        #expect(line.initiator == .user(admin.user) && line.subject == .user(user.id))
        #expect(line.detail?.contains("spam") == true)
        #expect(try registry.trail(.sessionRevoked).map(\.detail) == ["user_closed"])
        let writes = await registry.writes {
            await #expect(throws: UserError.suspended(until: end)) {
                try await registry.adjust(of: user.id, by: 5, because: "gift", by: admin, from: Registry.home)
            }
            await #expect(throws: UserError.suspended(until: end)) {
                try await registry.changeTier(user.id, to: .premium, by: admin, from: Registry.home)
            }
        }
        #expect(writes == 0)
        registry.clock.set(to: end)
        _ = try await registry.enter("Ada")
        await #expect(throws: UserError.notSuspended) {
            try await UnsuspendUser(desk: registry.desk)(user.id, by: admin, from: Registry.home)
        }
    }

    @Test("A8, A61: the last administrator is neither kept out, switched off, demoted nor deleted")
    func lastAdministrator() async throws {
        let admin = try await registry.administrator()
        for duty in [Duty.suspend, .deactivate, .delete] {
            await #expect(throws: UserError.lastAdministrator) {
                try await duty.perform(in: registry, on: admin.user, by: admin)
            }
        }
        await #expect(throws: UserError.lastAdministrator) {
            try await EditUser(desk: registry.desk, editor: registry.editor)(
                admin.user, ProfileEdit(), role: .user, by: admin, from: Registry.home)
        }
    }

    @Test(
        "A61: an administrator sees a user's credits, sessions and keys, and changes profile and role at once"
    )
    func details() async throws {
        let (user, caller) = try await registry.member()
        let admin = try await registry.administrator()
        let issued = try await registry.issueKey(
            name: "ci", scopes: [.tasksRead], by: caller, from: Registry.home)
        let details = try GetUser(desk: registry.desk)(user.id, by: admin)
        #expect(details.user == user)
        #expect(details.credits.ledger.available.total == 10 && details.credits.holds.isEmpty)
        #expect(details.sessions.count == 1 && details.keys == [issued.key])
        var edit = ProfileEdit()
        edit.email = "countess@example.org"
        let changed = try await EditUser(desk: registry.desk, editor: registry.editor)(
            user.id, edit, role: .admin, by: admin, from: Registry.home)
        #expect(changed.role == .admin && changed.profile?.email.text == "countess@example.org")
        #expect(try registry.trail(.roleChanged).map(\.detail) == ["admin"])
        #expect(await registry.deliveredMails().last?.recipient.text == "countess@example.org")
    }

    @Test("A8, A60: a deleted user is anonymous in the audit trail, and the lines stay")
    func deletion() async throws {
        let (user, _) = try await registry.member()
        let admin = try await registry.administrator()
        _ = try await registry.suspend(user.id, because: "spam", by: admin, from: Registry.home)
        var filter = AuditFilter()
        filter.user = user.id
        let before = try registry.trail(filter).count
        let delete = DeleteUser(desk: registry.desk, removal: registry.removal)
        try await delete(user.id, by: admin, from: Registry.home)
        let after = try registry.trail(filter)
        #expect(after.count == before + 1)
        #expect(after.allSatisfy { $0.address == nil && $0.detail == nil })
        #expect(try registry.trail(.userRegistered).contains { $0.subject == .user(admin.user) })
        await #expect(throws: UserError.deleted) { try await delete(user.id, by: admin, from: Registry.home) }
        #expect(try SearchUsers(desk: registry.desk, input: registry.input)(by: admin).items.count == 1)
    }

    @Test("A60: the audit trail is read in pages, by action, user, time and outcome")
    func audit() async throws {
        let admin = try await registry.administrator()
        let start = registry.clock.now() + .seconds(1)
        registry.clock.set(to: start)
        let (user, _) = try await registry.member()
        await #expect(throws: SignInError.wrong) { try await registry.enter("Ada", "wrong password") }
        let list = ListAudit(desk: registry.desk)
        var filter = AuditFilter()
        filter.isSuccess = false
        #expect(try list(filter, by: admin).items.map(\.action) == [.signInFailed])
        filter = AuditFilter()
        filter.until = start
        #expect(try list(filter, by: admin).items.allSatisfy { $0.subject == .user(admin.user) })
        filter = AuditFilter()
        filter.user = user.id
        var lines: [AuditEntry] = []
        var cursor: Identifier<AuditEntry>?
        repeat {
            let page = try list(filter, by: admin, limit: 1, before: cursor)
            lines += page.items
            cursor = page.next
        } while cursor != nil
        #expect(
            Set(lines.map(\.action)) == [.userRegistered, .creditsGranted, .sessionStarted, .signInFailed])
        #expect(lines.count == 4)
    }

    @Test("A9: plans are data that an administrator changes and adds to, and the trail says so")
    func tiers() async throws {
        let (user, caller) = try await registry.member()
        let admin = try await registry.administrator()
        let gold = try Tier(
            name: Tier.Name("gold"), monthlyCredits: 500, longestSource: nil, tasksPerDay: nil,
            concurrentTasks: 10, storage: 1 << 30, priority: 1)
        let edit = EditTier(desk: registry.desk)
        try await edit(gold, by: admin, from: Registry.home)
        #expect(try await registry.writes { try await edit(gold, by: admin, from: Registry.home) } == 0)
        #expect(
            try ListTiers(desk: registry.desk)(by: caller).map(\.name.text) == ["free", "gold", "premium"])
        #expect(try registry.trail(.tierEdited).map(\.detail) == ["gold"])
        _ = try await registry.changeTier(user.id, to: gold.name, by: admin, from: Registry.home)
        #expect(try registry.ledger(user.id).available.total == 500)
        await #expect(throws: NotFound.tier) {
            try await registry.changeTier(user.id, to: Tier.Name("none"), by: admin, from: Registry.home)
        }
    }
}
