import Application
import Domain
import Synchronization
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
        let user = try await registry.update(
            edit, password: Registry.password, by: caller, from: Registry.home)
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
        let trail = try registry.trail().count
        for _ in 0...SignInThrottle.Policy.account.freeFailures {
            await #expect(throws: UserConflict.username) {
                try await registry.update(
                    edit, password: Registry.password, by: caller, from: Registry.home)
            }
        }
        #expect(try registry.trail().count == trail)
        #expect(try registry.user(caller.user)?.profile?.fullName == "Lovelace")
    }

    @Test("A7: another name to sign in with needs the password, another spelling of it does not")
    func username() async throws {
        let (_, caller) = try await registry.member()
        var edit = ProfileEdit()
        edit.username = "ADA"
        let user = try await registry.update(edit, by: caller, from: Registry.home)
        #expect(user.profile?.username.text == "ADA")
        edit.username = "lovelace"
        await #expect(throws: ConfirmationError.passwordNeeded) {
            try await registry.update(edit, by: caller, from: Registry.home)
        }
        await #expect(throws: SignInError.wrong) {
            try await registry.update(edit, password: "wrong password", by: caller, from: Registry.home)
        }
        #expect(try registry.trail(.usernameChanged).count == 1)
    }

    @Test("A7: of two changes of an address at once, each is told to the address that it took the place of")
    func overtaken() async throws {
        let (_, caller) = try await registry.member()
        let store = OvertakenStore(base: registry.store)
        let desk = AccountDesk(
            store: store,
            identifiers: IdentifierMaker(clock: registry.clock, random: SeededRandomSource(seed: 2)),
            clock: registry.clock)
        let editor = ProfileEditor(
            desk: desk, input: registry.input, mint: registry.mint, courier: registry.courier,
            letters: registry.letters)
        let admin = try await registry.administrator()
        store.beforeNextWrite { [registry] in
            var edit = ProfileEdit()
            edit.email = "second@example.org"
            _ = try await registry.update(
                edit, password: Registry.password, by: caller, from: Registry.home)
        }
        var edit = ProfileEdit()
        edit.email = "third@example.org"
        _ = try await EditUser(desk: desk, editor: editor)(
            caller.user, edit, by: admin, from: Registry.home)
        let told = await registry.deliveredMails().filter { $0.token == nil }
        #expect(told.map(\.recipient.text) == ["ada@example.org", "second@example.org"])
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

    @Test("A7: an API key changes a name, but never how one signs in, the password or the account")
    func keys() async throws {
        let (_, caller) = try await registry.member()
        let issued = try await registry.issueKey(
            name: "ci", scopes: [.accountRead, .accountWrite], by: caller, from: Registry.home)
        let program = try registry.identify(.apiKey(issued.token.text))
        var edit = ProfileEdit()
        edit.firstName = "Ada"
        _ = try await registry.update(edit, by: program, from: Registry.home)
        let refusal = AccessError.missingScope(.accountSecurity)
        for change in [\ProfileEdit.email, \.username] {
            var edit = edit
            edit[keyPath: change] = "else@example.org"
            if change == \.username { edit[keyPath: change] = "lovelace" }
            await #expect(throws: refusal) {
                try await registry.update(edit, password: Registry.password, by: program, from: Registry.home)
            }
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

/// A store with which something happens before a unit of work begins.
private final class OvertakenStore: Store {
    private let base: InMemoryStore
    private let overtaking = Mutex<(@Sendable () async throws -> Void)?>(nil)

    init(base: InMemoryStore) { self.base = base }

    func beforeNextWrite(_ happen: @escaping @Sendable () async throws -> Void) {
        overtaking.withLock { $0 = happen }
    }

    func read<Value>(_ body: (any StoreReader) throws -> Value) throws -> Value { try base.read(body) }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) async throws -> Value {
        let happen = overtaking.withLock { overtaking in
            defer { overtaking = nil }
            return overtaking
        }
        try await happen?()
        return try await base.write(body)
    }

    func writeFirst<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) throws -> Value { try base.writeFirst(body) }

    func observe(_ changed: @escaping @Sendable () -> Void) -> any StoreObservation { base.observe(changed) }
}
