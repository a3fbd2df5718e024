import Application
import Domain
import Synchronization
import Testing

@Suite("API keys, and who calls by them")
struct APIKeyUseCaseTests {
    private let registry = Registry()
    private var list: ListAPIKeys { ListAPIKeys(desk: registry.desk) }
    private var revoke: RevokeAPIKey { RevokeAPIKey(desk: registry.desk) }

    private func issue(_ caller: Caller, scopes: Set<Scope> = [.tasksRead], expiresAt: Timestamp? = nil)
        async throws -> IssuedAPIKey
    {
        try await registry.issueKey(
            name: "ci", scopes: scopes, expiresAt: expiresAt, by: caller, from: Registry.home)
    }

    @Test("A6: a key is shown once, kept as a hash, and calls as its owner with its scopes")
    func issuing() async throws {
        let (user, caller) = try await registry.member()
        let issued = try await issue(caller)
        #expect(issued.token.text.hasPrefix("cr_"))
        #expect(issued.key.hash.bytes != issued.token.bytes)
        #expect(try list(by: caller) == [issued.key])
        let program = try registry.identify(.apiKey(issued.token.text))
        #expect(program == Caller(user: user.id, role: .user, means: .apiKey(issued.key.id, [.tasksRead])))
        #expect(
            try registry.trail(.keyIssued).map(\.subject) == [
                .thing(kind: "api_key", id: "\(issued.key.id)", owner: user.id)
            ])
        #expect(try registry.events().filter { $0.change == .keyIssued(issued.key.id) }.count == 1)
    }

    @Test("A6: a key is renamed and revoked by its owner alone; revoked, it lets nobody in")
    func changing() async throws {
        let (_, ada) = try await registry.member("Ada")
        let (_, bob) = try await registry.member("Bob")
        let issued = try await issue(ada)
        let rename = RenameAPIKey(desk: registry.desk, input: registry.input)
        let writes = await registry.writes {
            await #expect(throws: NotFound.apiKey) {
                try await rename(issued.key.id, to: "mine", by: bob, from: Registry.home)
            }
            await #expect(throws: NotFound.apiKey) {
                try await revoke(issued.key.id, by: bob, from: Registry.home)
            }
        }
        #expect(writes == 0)
        #expect(
            try await rename(issued.key.id, to: " cafe\u{301} ", by: ada, from: Registry.home).name == "café")
        try await revoke(issued.key.id, by: ada, from: Registry.home)
        let again = try await registry.writes {
            try await revoke(issued.key.id, by: ada, from: Registry.home)
        }
        #expect(again == 0)
        #expect(throws: APIKeyError.revoked) { try registry.identify(.apiKey(issued.token.text)) }
    }

    @Test("A6, C54: a key expires by itself, and at most 25 work at once")
    func limits() async throws {
        let (_, caller) = try await registry.member()
        let soon = registry.clock.now() + .seconds(60)
        let first = try await issue(caller, expiresAt: soon)
        for _ in 2...APIKey.mostActive { _ = try await issue(caller) }
        await #expect(throws: APIKeyError.tooMany) { try await issue(caller) }
        registry.clock.set(to: soon)
        #expect(throws: APIKeyError.expired) { try registry.identify(.apiKey(first.token.text)) }
        _ = try await issue(caller)
    }

    @Test("A6: whoever makes keys and revokes them again and again has a list that stays short")
    func forgotten() async throws {
        let (_, caller) = try await registry.member()
        let first = try await issue(caller)
        for _ in 0...APIKey.mostVoid {
            registry.clock.advance(by: .milliseconds(1))
            try await revoke(try await issue(caller).key.id, by: caller, from: Registry.home)
        }
        registry.clock.advance(by: .milliseconds(1))
        let last = try await issue(caller)
        let listed = try list(by: caller)
        #expect(listed.count == APIKey.mostVoid + 2)
        #expect(listed.first == last.key && listed.last == first.key)
    }

    @Test("A6: no key makes or lists keys, and none has more scopes than who makes it")
    func scopes() async throws {
        let (_, caller) = try await registry.member()
        let program = try registry.identify(
            .apiKey(try await issue(caller, scopes: Scope.forKeys.subtracting([.admin])).token.text))
        await #expect(throws: AccessError.missingScope(.accountSecurity)) { try await issue(program) }
        #expect(throws: AccessError.missingScope(.accountSecurity)) { try list(by: program) }
        await #expect(throws: APIKeyError.scope(.admin)) { try await issue(caller, scopes: [.admin]) }
        await #expect(throws: APIKeyError.scope(.accountSecurity)) {
            try await issue(caller, scopes: [.accountSecurity])
        }
    }

    @Test("A6: the use of a key is noted at most once a minute, however often it calls")
    func uses() async throws {
        let (_, caller) = try await registry.member()
        let issued = try await issue(caller)
        let start = registry.clock.now()
        func call() async throws -> Int {
            try await registry.writes {
                for _ in 1...10 { _ = try registry.identify(.apiKey(issued.token.text)) }
                try await registry.uses.flush()
            }
        }
        #expect(try await call() == 1)
        #expect(try list(by: caller).first?.lastUsedAt == start)
        registry.clock.advance(by: APIKey.useResolution - .milliseconds(1))
        #expect(try await call() == 0)
        registry.clock.advance(by: .milliseconds(1))
        #expect(try await call() == 1)
        #expect(try list(by: caller).first?.lastUsedAt == start + APIKey.useResolution)
        #expect(try list(by: caller).first?.version == 1)
    }

    @Test("a use that comes while an earlier one is written down is written down with the next")
    func lateUse() async throws {
        let (_, caller) = try await registry.member()
        let issued = try await issue(caller)
        let store = StoreWithEcho(base: registry.store)
        let uses = KeyUses(store: store, clock: registry.clock)
        let identify = IdentifyCaller(
            desk: registry.desk, tokens: registry.tokens, mint: registry.mint, uses: uses)
        _ = try identify(.apiKey(issued.token.text))
        store.afterNextWrite { [registry] in
            registry.clock.advance(by: APIKey.useResolution)
            _ = try? identify(.apiKey(issued.token.text))
        }
        try await uses.flush()
        #expect(try list(by: caller).first?.lastUsedAt != registry.clock.now())
        try await uses.flush()
        #expect(try list(by: caller).first?.lastUsedAt == registry.clock.now())
    }

    @Test("uses are written down again and again until that is called off")
    func noting() async throws {
        let (_, caller) = try await registry.member()
        let issued = try await issue(caller)
        let noting = Task { [registry] in await registry.uses.run() }
        for _ in 1...2 {
            registry.clock.advance(by: APIKey.useResolution)
            let now = registry.clock.now()
            _ = try registry.identify(.apiKey(issued.token.text))
            while try list(by: caller).first?.lastUsedAt != now {
                registry.clock.advance(by: .seconds(5))
                await Task.yield()
            }
        }
        noting.cancel()
        await noting.value
    }

    @Test("what was never given out lets nobody in, whatever it looks like")
    func unknown() async throws {
        let (_, caller) = try await registry.member()
        let issued = try await issue(caller)
        let texts = [
            "", "cr_", "cr_" + String(repeating: "0", count: 64), "crr_" + issued.token.text.dropFirst(3),
            issued.token.text + "0",
        ]
        for text in texts {
            #expect(throws: IdentificationError.unknown) { try registry.identify(.apiKey(text)) }
            #expect(throws: IdentificationError.unknown) { try registry.identify(.accessToken(text)) }
        }
        #expect(!"\(IdentifyCaller.Credential.apiKey(issued.token.text))".contains(issued.token.text))
    }

    @Test(
        "A8: keys and sessions let nobody in whose user may not work, and keys do again afterwards",
        arguments: [true, false])
    func standing(isSuspended: Bool) async throws {
        let (user, caller) = try await registry.member()
        let issued = try await issue(caller)
        let grant = try await registry.enter("Ada")
        let admin = try await registry.administrator()
        if isSuspended {
            _ = try await registry.suspend(user.id, because: "spam", by: admin, from: Registry.home)
        } else {
            _ = try await DeactivateUser(desk: registry.desk)(user.id, by: admin, from: Registry.home)
        }
        #expect(throws: UserError.self) { try registry.identify(.apiKey(issued.token.text)) }
        #expect(throws: SessionError.revoked) { try registry.identify(.accessToken(grant.accessToken)) }
        if isSuspended {
            _ = try await UnsuspendUser(desk: registry.desk)(user.id, by: admin, from: Registry.home)
        } else {
            _ = try await ActivateUser(desk: registry.desk)(user.id, by: admin, from: Registry.home)
        }
        _ = try registry.identify(.apiKey(issued.token.text))
    }

    @Test("who was an administrator a moment ago makes no key for one")
    func demotedMeanwhile() async throws {
        let admin = try await registry.administrator()
        _ = try await registry.administrator("Ada")
        let edit = EditUser(desk: registry.desk, editor: registry.editor)
        _ = try await edit(admin.user, ProfileEdit(), role: .user, by: admin, from: Registry.home)
        await #expect(throws: APIKeyError.scope(.admin)) { try await issue(admin, scopes: [.admin]) }
    }

    @Test("A6: who is signed out between the question who calls and the answer makes no key")
    func signedOutMeanwhile() async throws {
        let (user, caller) = try await registry.member()
        try await SignOut(desk: registry.desk)(by: caller, from: Registry.home)
        await #expect(throws: SessionError.revoked) { try await issue(caller) }
        let stranger = Caller(user: user.id, role: .user, means: .session(registry.desk.anyIdentifier()))
        await #expect(throws: IdentificationError.unknown) { try await issue(stranger) }
        let (_, bob) = try await registry.member("Bob")
        let mixed = Caller(user: user.id, role: .user, means: bob.means)
        await #expect(throws: IdentificationError.unknown) { try await issue(mixed) }
        #expect(try registry.trail(.keyIssued).isEmpty)
    }

    @Test("A61: a key never allows more than its owner's role does now")
    func demotion() async throws {
        let admin = try await registry.administrator()
        _ = try await registry.administrator("Ada")
        let issued = try await issue(admin, scopes: [.admin])
        #expect(try registry.identify(.apiKey(issued.token.text)).may(.admin))
        let edit = EditUser(desk: registry.desk, editor: registry.editor)
        _ = try await edit(admin.user, ProfileEdit(), role: .user, by: admin, from: Registry.home)
        #expect(try !registry.identify(.apiKey(issued.token.text)).may(.admin))
    }
}

/// A store with which something happens after a commit, before its writer goes on.
private final class StoreWithEcho: Store {
    private let base: InMemoryStore
    private let echo = Mutex<(@Sendable () -> Void)?>(nil)

    init(base: InMemoryStore) { self.base = base }

    func afterNextWrite(_ happen: @escaping @Sendable () -> Void) { echo.withLock { $0 = happen } }

    func read<Value>(_ body: (any StoreReader) throws -> Value) throws -> Value { try base.read(body) }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) async throws -> Value {
        let value = try await base.write(body)
        let happen = echo.withLock { echo in
            defer { echo = nil }
            return echo
        }
        happen?()
        return value
    }

    func writeFirst<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) throws -> Value { try base.writeFirst(body) }

    func observe(_ changed: @escaping @Sendable () -> Void) -> any StoreObservation { base.observe(changed) }
}
