import Application
import Domain
import Testing

@Suite("One's own profile, and leaving")
struct ProfileUseCaseTests {
    private let registry = Registry()

    @Test("A7: users change what is known about them, all of it or nothing, and nothing twice")
    func update() async throws {
        let (_, caller) = try await registry.member()
        var edit = ProfileEdit()
        edit.username = "lovelace"
        edit.firstName = "Ada"
        edit.lastName = .some("Lovelace")
        edit.timeZone = "Europe/Berlin"
        let user = try await registry.update(edit, by: caller, from: Registry.home)
        #expect(user.profile?.fullName == "Ada Lovelace")
        #expect(user.profile?.timeZone == Registry.berlin)
        #expect(try GetProfile(desk: registry.desk)(by: caller) == user)
        #expect(try registry.trail(.usernameChanged).count == 1)
        #expect(try registry.trail(.profileChanged).count == 2)
        let again = try await registry.writes {
            _ = try await registry.update(edit, by: caller, from: Registry.home)
        }
        #expect(again == 0)
        edit.firstName = .some(nil)
        #expect(
            try await registry.update(edit, by: caller, from: Registry.home).profile?.fullName == "Lovelace")
        try await registry.join("Bob")
        edit.lastName = .some("King")
        edit.username = "bob"
        let writes = await registry.writes {
            await #expect(throws: UserConflict.username) {
                try await registry.update(edit, by: caller, from: Registry.home)
            }
        }
        #expect(writes == 0)
        #expect(try registry.user(caller.user)?.profile?.fullName == "Lovelace")
    }

    @Test("A7: another address needs the password, has to be confirmed, and the former one is told")
    func email() async throws {
        let (_, caller) = try await registry.member()
        var edit = ProfileEdit()
        edit.email = "Lovelace@example.org"
        await #expect(throws: ConfirmationError.passwordNeeded) {
            try await registry.update(edit, by: caller, from: Registry.home)
        }
        await #expect(throws: SignInError.wrong) {
            try await registry.update(edit, password: "wrong password", by: caller, from: Registry.home)
        }
        try await registry.requestReset(email: "ada@example.org", from: Registry.home)
        let user = try await registry.update(
            edit, password: Registry.password, by: caller, from: Registry.home)
        #expect(user.profile?.email.text == "lovelace@example.org" && user.profile?.isEmailVerified == false)
        let mails = await registry.deliveredMails()
        #expect(
            mails.map(\.recipient.text) == [
                "ada@example.org", "ada@example.org", "ada@example.org", "lovelace@example.org",
            ])
        let tokens = mails.map(\.token)
        #expect(tokens[2] == nil)
        // What was mailed to the former address is void: the first code, and the one for a new password.
        for token in [tokens[0], tokens[1]].compactMap({ $0 }) {
            await #expect(throws: TokenError.unknown) {
                try await registry.verify(token, from: Registry.home)
            }
            await #expect(throws: TokenError.unknown) {
                try await registry.reset(token, to: "another password", from: Registry.home)
            }
        }
        let last = try #require(tokens[3])
        #expect(try await registry.verify(last, from: Registry.home).profile?.isEmailVerified == true)
    }

    @Test("A7: an API key changes a name, but never the address, the password or the account")
    func keys() async throws {
        let (_, caller) = try await registry.member()
        let issued = try await registry.issueKey(
            name: "ci", scopes: [.accountRead, .accountWrite], by: caller, from: Registry.home)
        let program = try registry.identify(.apiKey(issued.token.text))
        var edit = ProfileEdit()
        edit.firstName = "Ada"
        _ = try await registry.update(edit, by: program, from: Registry.home)
        edit.email = "else@example.org"
        let refusal = AccessError.missingScope(.accountSecurity)
        await #expect(throws: refusal) {
            try await registry.update(edit, password: Registry.password, by: program, from: Registry.home)
        }
        await #expect(throws: refusal) {
            try await registry.changePassword(
                from: Registry.password, to: "another password", by: program, from: Registry.home)
        }
        await #expect(throws: refusal) {
            try await registry.deleteAccount(
                password: Registry.password, by: program, from: Registry.home)
        }
    }

    @Test("A7, A60: who leaves leaves nothing personal, no way in, and name and address free for others")
    func leaving() async throws {
        let (user, caller) = try await registry.member()
        let issued = try await registry.issueKey(
            name: "ci", scopes: [.tasksRead], by: caller, from: Registry.home)
        let grant = try await registry.enter("Ada")
        try await registry.store.write { try $0.preferencesWriter.put(.ordinary, of: user.id) }
        await #expect(throws: SignInError.wrong) {
            try await registry.deleteAccount(password: "wrong one", by: caller, from: Registry.home)
        }
        #expect(try registry.user(user.id)?.standing(at: registry.clock.now()) == .active)
        try await registry.deleteAccount(password: Registry.password, by: caller, from: Registry.home)
        let gone = try #require(try registry.user(user.id))
        #expect(gone.profile == nil && gone.standing(at: registry.clock.now()) == .deleted)
        #expect(try registry.store.read { try $0.users.passwordHash(of: user.id) } == nil)
        #expect(registry.belongings.removed == [user.id])
        for credential: IdentifyCaller.Credential in [
            .accessToken(grant.accessToken), .apiKey(issued.token.text),
        ] {
            #expect(throws: IdentificationError.unknown) { try registry.identify(credential) }
        }
        let (sessions, keys, preferences) = try registry.store.read { reader in
            (
                try reader.sessions.all(of: user.id), try reader.keys.all(of: user.id),
                try reader.preferences.find(user.id)
            )
        }
        #expect(sessions.isEmpty && keys.isEmpty && preferences == nil)
        var filter = AuditFilter()
        filter.user = user.id
        let trail = try registry.trail(filter)
        #expect(
            trail.contains { $0.action == .userDeleted } && trail.contains { $0.action == .userRegistered })
        #expect(trail.allSatisfy { $0.address == nil && $0.detail == nil })
        #expect(try await registry.join("Ada").id != user.id)
    }

    @Test("A7: what cannot be removed with its user keeps the user, and everything stays as it was")
    func refusedLeaving() async throws {
        let (user, caller) = try await registry.member()
        registry.belongings.refuse(with: .unavailable("not now"))
        await #expect(throws: PortError.unavailable("not now")) {
            try await registry.deleteAccount(
                password: Registry.password, by: caller, from: Registry.home)
        }
        #expect(try registry.user(user.id) == user)
        #expect(try ListSessions(desk: registry.desk)(by: caller).count == 1)
        #expect(try registry.trail(.userDeleted).isEmpty)
    }

    @Test("A7, A61: the last administrator stays")
    func lastAdministrator() async throws {
        let admin = try await registry.administrator()
        await #expect(throws: UserError.lastAdministrator) {
            try await registry.deleteAccount(
                password: Registry.password, by: admin, from: Registry.home)
        }
        _ = try await registry.createAdministrator(Registry.form("Ada"))
        try await registry.deleteAccount(password: Registry.password, by: admin, from: Registry.home)
    }
}
