import Application
import Domain
import Testing

@Suite("Signing in")
struct SignInTests {
    private let registry = Registry()

    @Test(
        "A5: the name or the address lets in with the password", arguments: ["Ada", "aDa", "ADA@example.org"])
    func names(name: String) async throws {
        let user = try await registry.join("Ada")
        let grant = try await registry.enter(name)
        #expect(grant.user == user)
        #expect(grant.session.device == "Firefox")
        #expect(grant.accessExpiresAt - registry.clock.now() == Session.accessLifetime)
        let caller = try registry.identify(.accessToken(grant.accessToken))
        #expect(caller == Caller(user: user.id, role: .user, means: .session(grant.session.id)))
        #expect(try registry.trail(.sessionStarted).map(\.initiator) == [.user(user.id)])
        #expect(!"\(grant)".contains(grant.accessToken))
    }

    @Test(
        "an unknown name gets the same answer after the same work as a wrong password",
        arguments: ["nobody", "nobody@example.org", "no such name", "a@b", ""])
    func sameAnswer(name: String) async throws {
        try await registry.join("Ada")
        func attempt(_ name: String, _ password: String) async -> (looks: Int, writes: Int) {
            let before = registry.hasher.calls
            let writes = await registry.writes {
                await #expect(throws: SignInError.wrong) { try await registry.enter(name, password) }
            }
            let after = registry.hasher.calls
            return (
                after.comparisons + after.comparisonsWithoutHash - before.comparisons
                    - before.comparisonsWithoutHash, writes
            )
        }
        let wrong = await attempt("Ada", "wrong password")
        #expect(wrong == (1, 2))
        #expect(await attempt(name, "wrong password") == wrong)
        #expect(await attempt("Ada", "short") == wrong)
        #expect(await attempt(name, "") == wrong)
        #expect(try registry.trail(.signInFailed).allSatisfy { !$0.isSuccess && $0.initiator == .anonymous })
        #expect(try registry.trail(.signInFailed).count == 4)
    }

    @Test(
        "after too many failures nobody looks at the password, not even at the right one; the trail says so")
    func locked() async throws {
        let user = try await registry.join("Ada")
        for _ in 1...SignInThrottle.Policy.account.lockAfter {
            await #expect(throws: SignInError.wrong) { try await registry.enter("Ada", "wrong password") }
            registry.clock.advance(by: SignInThrottle.Policy.account.longestDelay)
        }
        let looks = registry.hasher.calls
        var thrown: SignInError?
        let writes = await registry.writes {
            for _ in 1...3 {
                thrown = await #expect(throws: SignInError.self) { try await registry.enter("Ada") }
            }
        }
        // Whoever goes on guessing makes nothing grow.
        #expect(writes == 0)
        guard case .throttled(let until, isLocked: true) = thrown else {
            Issue.record("\(String(describing: thrown))")
            return
        }
        #expect(registry.hasher.calls == looks)
        let locks = try registry.trail(.signInLocked)
        let line = try #require(locks.first)
        #expect(locks.count == 1)
        #expect(line.subject == .user(user.id) && line.address == Registry.home.address && !line.isSuccess)
        registry.clock.set(to: until)
        _ = try await registry.enter("Ada")
        // All failures are forgotten: three more cost nothing.
        for _ in 1...SignInThrottle.Policy.account.freeFailures {
            await #expect(throws: SignInError.wrong) { try await registry.enter("Ada", "wrong password") }
        }
        _ = try await registry.enter("Ada")
    }

    @Test("a name that nobody has is locked like any other")
    func lockedStranger() async throws {
        for _ in 1...4 {
            await #expect(throws: SignInError.wrong) { try await registry.enter("nobody") }
        }
        let thrown = await #expect(throws: SignInError.self) { try await registry.enter("NOBODY") }
        #expect(thrown?.code == "sign_in_throttled")
    }

    @Test(
        "one guess on many names is counted for its network, an IPv6 one by its first half",
        arguments: [
            ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
            ("2001:db8::1", "2001:db8::ffff:1:2", true), ("2001:db8::1", "2001:db8:0:1::1", false),
        ])
    func networks(first: String, second: String, isSame: Bool) async throws {
        for number in 0...SignInThrottle.Policy.address.freeFailures {
            await #expect(throws: SignInError.wrong) {
                try await registry.signIn(
                    name: "user\(number)", password: "wrong password",
                    from: Origin(address: NetworkAddress(first), device: ""))
            }
        }
        try await registry.join("Ada")
        let origin = Origin(address: NetworkAddress(second), device: "")
        let grant = try? await registry.signIn(name: "Ada", password: Registry.password, from: origin)
        #expect((grant == nil) == isSame)
    }

    @Test("A8: who may not work is told so with the right password only")
    func suspended() async throws {
        let user = try await registry.join("Ada")
        let admin = try await registry.administrator()
        _ = try await registry.suspend(user.id, because: "spam", by: admin, from: Registry.home)
        await #expect(throws: SignInError.wrong) { try await registry.enter("Ada", "wrong password") }
        await #expect(throws: UserError.suspended(until: nil)) { try await registry.enter("Ada") }
        #expect(try registry.trail(.sessionStarted).isEmpty)
        #expect(try registry.trail(.signInFailed).compactMap(\.detail).contains("user_suspended"))
    }

    @Test("a hash of former parameters is made anew at the next chance")
    func outdated() async throws {
        let user = try await registry.join("Ada")
        registry.hasher.changeParameters()
        _ = try await registry.enter("Ada")
        let hash = try #require(try registry.store.read { try $0.users.passwordHash(of: user.id) })
        #expect(!registry.hasher.isOutdated(hash))
        _ = try await registry.enter("Ada")
        #expect(registry.hasher.calls.hashes == 2)
    }

    @Test("when too many passwords wait, nobody is let in and the answer is not about the password")
    func busy() async throws {
        try await registry.join("Ada")
        registry.hasher.setBusy(true)
        let thrown = await #expect(throws: PortError.self) { try await registry.enter("Ada") }
        guard case .unavailable = thrown else {
            Issue.record("\(String(describing: thrown))")
            return
        }
        #expect(try registry.trail(.sessionStarted).isEmpty)
    }

    @Test("a look that was not had, since too many wait or the caller gave up, is counted for nobody")
    func notCounted() async throws {
        try await registry.join("Ada")
        await #expect(throws: SignInError.wrong) { try await registry.enter("Ada", "wrong password") }
        let subjects = [SignInSubject.name("ada"), .address(try #require(Registry.home.address))]
        func counts() throws -> [SignInThrottle] {
            try registry.store.read { reader in try subjects.map(reader.throttles.find) }
        }
        let before = try counts()
        #expect(before.map(\.failures) == [1, 1])
        registry.hasher.setBusy(true)
        for _ in 1...SignInThrottle.Policy.account.lockAfter {
            registry.clock.advance(by: .seconds(1))
            await #expect(throws: PortError.self) { try await registry.enter("Ada") }
            #expect(try counts() == before)
        }
        registry.hasher.setBusy(false)

        let impatient = ImpatientStore(base: registry.store)
        let desk = AccountDesk(
            store: impatient,
            identifiers: IdentifierMaker(clock: registry.clock, random: SeededRandomSource(seed: 2)),
            clock: registry.clock)
        let signIn = SignIn(
            desk: desk, input: registry.input,
            check: PasswordCheck(desk: desk, hasher: AbandonedHasher(), input: registry.input),
            hasher: AbandonedHasher(), tokens: registry.tokens)
        let guess = Task {
            try await signIn(name: "Ada", password: Registry.password, from: Registry.home)
        }
        await #expect(throws: PortError.cancelled) { try await guess.value }
        #expect(try counts() == before)
        #expect(try registry.trail(.signInFailed).count == 1)
        _ = try await registry.enter("Ada")
    }

    @Test("a password that is changed while it is looked at lets nobody in any more")
    func changedMeanwhile() async throws {
        let user = try await registry.join("Ada")
        let meddling = MeddlingHasher(registry: registry, user: user.id)
        let check = PasswordCheck(desk: registry.desk, hasher: meddling, input: registry.input)
        let signIn = SignIn(
            desk: registry.desk, input: registry.input, check: check, hasher: meddling,
            tokens: registry.tokens)
        await #expect(throws: SignInError.wrong) {
            try await signIn(name: "Ada", password: Registry.password, from: Registry.home)
        }
        #expect(try registry.trail(.sessionStarted).isEmpty)
    }

    @Test("A5: a refresh token is used once and replaced by the next")
    func refresh() async throws {
        try await registry.join("Ada")
        var grant = try await registry.enter("Ada")
        for _ in 1...3 {
            registry.clock.advance(by: Session.accessLifetime)
            let former = grant.accessToken
            #expect(throws: IdentificationError.unknown) { try registry.identify(.accessToken(former)) }
            grant = try await registry.refresh(grant.refreshToken.text, from: Registry.home)
            _ = try registry.identify(.accessToken(grant.accessToken))
        }
        #expect(grant.session.generation == 3)
        #expect(try registry.trail(.sessionRefreshed).count == 3)
        await #expect(throws: IdentificationError.unknown) {
            try await registry.refresh("crr_" + String(repeating: "0", count: 64), from: Registry.home)
        }
    }

    @Test("A5: a refresh token that comes back ends the whole session, and the trail says so")
    func reuse() async throws {
        let user = try await registry.join("Ada")
        let first = try await registry.enter("Ada")
        let other = try await registry.enter("Ada")
        let second = try await registry.refresh(first.refreshToken.text, from: Registry.home)
        registry.clock.advance(by: Session.repetitionGrace)
        await #expect(throws: SessionError.revoked) {
            try await registry.refresh(first.refreshToken.text, from: Registry.home)
        }
        await #expect(throws: SessionError.revoked) {
            try await registry.refresh(second.refreshToken.text, from: Registry.home)
        }
        #expect(throws: SessionError.revoked) { try registry.identify(.accessToken(second.accessToken)) }
        _ = try registry.identify(.accessToken(other.accessToken))
        let lines = try registry.trail(.refreshTokenReused)
        #expect(lines.map(\.isSuccess) == [false])
        #expect(lines.first?.concerns(user.id) == true)
    }

    @Test("A5: two pages that go on at once both go on, and with either token afterwards")
    func twoPages() async throws {
        try await registry.join("Ada")
        for isFirstUsed in [true, false] {
            let former = try await registry.enter("Ada").refreshToken.text
            let first = try await registry.refresh(former, from: Registry.home)
            registry.clock.advance(by: Session.repetitionGrace - .milliseconds(1))
            let second = try await registry.refresh(former, from: Registry.home)
            #expect(first.refreshToken.text != second.refreshToken.text)
            #expect(second.session == first.session)
            for grant in [first, second] { _ = try registry.identify(.accessToken(grant.accessToken)) }
            registry.clock.advance(by: Session.accessLifetime)
            let kept = (isFirstUsed ? first : second).refreshToken.text
            let third = try await registry.refresh(kept, from: Registry.home)
            #expect(third.session.generation == 2)
            // The other was replaced with it: shown later it was in two hands.
            registry.clock.advance(by: Session.repetitionGrace)
            await #expect(throws: SessionError.revoked) {
                try await registry.refresh(
                    (isFirstUsed ? second : first).refreshToken.text, from: Registry.home)
            }
        }
        #expect(try registry.trail(.refreshTokenReused).count == 2)
    }

    @Test("A5: an older token ends the session at once, however soon it comes")
    func olderToken() async throws {
        try await registry.join("Ada")
        let first = try await registry.enter("Ada")
        let second = try await registry.refresh(first.refreshToken.text, from: Registry.home)
        let third = try await registry.refresh(second.refreshToken.text, from: Registry.home)
        for grant in [first, third] {
            await #expect(throws: SessionError.revoked) {
                try await registry.refresh(grant.refreshToken.text, from: Registry.home)
            }
        }
    }

    @Test("a session that nobody refreshes is over, and its refresh token good for nothing")
    func idle() async throws {
        try await registry.join("Ada")
        let grant = try await registry.enter("Ada")
        registry.clock.advance(by: Session.idleLimit)
        let writes = await registry.writes {
            await #expect(throws: SessionError.expired) {
                try await registry.refresh(grant.refreshToken.text, from: Registry.home)
            }
        }
        #expect(writes == 0)
    }

    @Test("A5: signing out ends the session at once, and once")
    func signOut() async throws {
        try await registry.join("Ada")
        let grant = try await registry.enter("Ada")
        let caller = try registry.identify(.accessToken(grant.accessToken))
        let signOut = SignOut(desk: registry.desk)
        try await signOut(by: caller, from: Registry.home)
        let again = try await registry.writes { try await signOut(by: caller, from: Registry.home) }
        #expect(again == 0)
        #expect(throws: SessionError.revoked) { try registry.identify(.accessToken(grant.accessToken)) }
        #expect(try registry.trail(.sessionRevoked).map(\.detail) == ["signed_out"])
    }

    @Test("A5: who signs in again and again has so many sessions at most; the one least gone on with ends")
    func surplus() async throws {
        try await registry.join("Ada")
        let first = try await registry.enter("Ada")
        registry.clock.advance(by: .seconds(1))
        let second = try await registry.enter("Ada")
        registry.clock.advance(by: .seconds(1))
        let refreshed = try await registry.refresh(first.refreshToken.text, from: Registry.home)
        for _ in 3...Session.mostActive { _ = try await registry.enter("Ada") }
        _ = try registry.identify(.accessToken(second.accessToken))
        let last = try await registry.enter("Ada")
        #expect(throws: SessionError.revoked) { try registry.identify(.accessToken(second.accessToken)) }
        _ = try registry.identify(.accessToken(refreshed.accessToken))
        let caller = try registry.identify(.accessToken(last.accessToken))
        #expect(try ListSessions(desk: registry.desk)(by: caller).count == Session.mostActive)
    }

    @Test("sessions are listed with one's own marked, and ended by their owner alone")
    func sessions() async throws {
        let (_, ada) = try await registry.member("Ada")
        let elsewhere = try await registry.enter("Ada")
        let (_, bob) = try await registry.member("Bob")
        let list = ListSessions(desk: registry.desk)
        #expect(try list(by: ada).count == 2)
        #expect(try list(by: ada).filter(\.isCurrent).map { .session($0.session.id) } == [ada.means])
        let revoke = RevokeSession(desk: registry.desk)
        await #expect(throws: NotFound.session) {
            try await revoke(elsewhere.session.id, by: bob, from: Registry.home)
        }
        try await revoke(elsewhere.session.id, by: ada, from: Registry.home)
        #expect(try list(by: ada).map(\.isCurrent) == [true])
        #expect(throws: SessionError.revoked) { try registry.identify(.accessToken(elsewhere.accessToken)) }
    }
}

/// Changes the password of a user whenever somebody looks at one.
private struct MeddlingHasher: PasswordHasher {
    let registry: Registry
    let user: Identifier<User>

    func hash(_ password: Password) async throws -> PasswordHash { try await registry.hasher.hash(password) }

    func verify(_ password: Password, against hash: PasswordHash?) async throws -> Bool {
        let isRight = try await registry.hasher.verify(password, against: hash)
        try await registry.store.write { [user] in
            try $0.userWriter.setPasswordHash(PasswordHash("1$other"), of: user)
        }
        return isRight
    }

    func isOutdated(_ hash: PasswordHash) -> Bool { registry.hasher.isOutdated(hash) }
}

/// A hasher whose callers give up while they wait.
private struct AbandonedHasher: PasswordHasher {
    func hash(_ password: Password) async throws -> PasswordHash { throw PortError.cancelled }

    func verify(_ password: Password, against hash: PasswordHash?) async throws -> Bool {
        withUnsafeCurrentTask { $0?.cancel() }
        throw PortError.cancelled
    }

    func isOutdated(_ hash: PasswordHash) -> Bool { false }
}

/// A store that writes nothing for who has given up, as one on disk.
private final class ImpatientStore: Store {
    private let base: InMemoryStore

    init(base: InMemoryStore) { self.base = base }

    func read<Value>(_ body: (any StoreReader) throws -> Value) throws -> Value { try base.read(body) }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) async throws -> Value {
        if Task.isCancelled { throw PortError.cancelled }
        return try await base.write(body)
    }

    func writeFirst<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) throws -> Value { try base.writeFirst(body) }

    func observe(_ changed: @escaping @Sendable () -> Void) -> any StoreObservation { base.observe(changed) }
}
