import Application
import Domain
import Synchronization
import Testing

@Suite("Forgetting old records")
struct ForgetOldRecordsTests {
    private let clock = InMemoryClock()
    private let store = InMemoryStore()

    private func keep(_ count: Int, at moment: Timestamp, scope: String) async throws {
        try await store.write { writer in
            for number in 0..<count {
                try writer.answerWriter.put(
                    StoredAnswer(
                        fingerprint: ContentHash(bytes: [UInt8](repeating: 1, count: 32))!, status: 201,
                        location: "/", body: [1], createdAt: moment),
                    under: IdempotencyKey(caller: User.local, route: scope, key: "\(number)"))
            }
        }
    }

    private func isKept(_ scope: String) throws -> Bool {
        try store.read {
            try $0.answers.find(IdempotencyKey(caller: User.local, route: scope, key: "0")) != nil
        }
    }

    @Test("what is too old to be given again is forgotten, however much it is, and nothing else")
    func lifetime() async throws {
        try await keep(1200, at: clock.now(), scope: "old")
        clock.advance(by: .milliseconds(1))
        try await keep(2, at: clock.now(), scope: "young")
        clock.advance(by: StoredAnswer.lifetime)
        let forget = ForgetOldRecords(store: store, clock: clock)
        #expect(try await forget().answers == 1200)
        #expect(try await forget().answers == 0)
        #expect(try isKept("young"))
        clock.advance(by: .milliseconds(1))
        #expect(try await forget().answers == 2)
    }

    @Test("what cannot be forgotten is told of, and keeps nothing else")
    func failing() async throws {
        let told = Mutex<[String]>([])
        let workshop = Workshop()
        _ = try await workshop.order()
        try await workshop.attempt()
        workshop.clock.advance(by: Job.lifetimeOnceEnded + .milliseconds(1))
        let forget = ForgetOldRecords(
            store: UnforgettingStore(workshop.store), clock: workshop.clock
        ) { what, _ in told.withLock { $0.append(what) } }
        await #expect(throws: PortError.corrupt("answers")) { try await forget() }
        #expect(told.withLock { $0 } == ["stored answers"])
        let jobs = try workshop.store.read {
            try $0.jobs.page(of: nil, state: nil, limit: 10, before: nil).items
        }
        #expect(jobs.isEmpty)
    }

    @Test("jobs that ended long ago are forgotten, those that have not ended never")
    func jobs() async throws {
        let workshop = Workshop()
        _ = try await workshop.order()
        try await workshop.attempt()
        let waiting = try await workshop.order()
        let forget = ForgetOldRecords(store: workshop.store, clock: workshop.clock)
        workshop.clock.advance(by: Job.lifetimeOnceEnded)
        #expect(try await forget().jobs == 0)
        workshop.clock.advance(by: .milliseconds(1))
        #expect(try await forget().jobs == 1)
        let left = try workshop.store.read {
            try $0.jobs.page(of: nil, state: nil, limit: 10, before: nil).items
        }
        #expect(left.map(\.subject) == [Identifier(waiting.id)])
    }

    @Test("what is over of people's stays is forgotten when its time has come, however much it is")
    func stays() async throws {
        let start = clock.now()
        let user = User.register(
            id: Identifier(high: 1, low: 1),
            profile: try Profile(username: Username("Ada"), email: EmailAddress("ada@example.org")), at: start
        ).user
        try await store.write { writer in
            try writer.userWriter.insert(user)
            for number in UInt8(0)..<200 {
                let id = Identifier<Session>(high: 1, low: UInt64(number))
                var session = Session.start(id: id, user: user.id, device: "x", at: start).session
                try writer.sessionWriter.insert(session, refreshToken: hash(number, 0))
                for token in UInt8(1)...3 {
                    _ = session.refresh(with: session.generation, at: start)
                    try writer.sessionWriter.update(session, refreshToken: hash(number, token))
                }
                _ = session.revoke(.signedOut, at: start)
                try writer.sessionWriter.update(session, refreshToken: nil)
            }
            try writer.mailedTokenWriter.insert(
                MailedToken(for: .passwordReset, of: user.id, hash: hash(0, 0), at: start))
            let throttle = SignInThrottle(failures: 3, lastFailureAt: start)
            for subject in [SignInSubject.name("ada"), .address(NetworkAddress(version4: 1))] {
                try writer.throttleWriter.put(throttle, for: subject)
            }
            let event = AccountEvent(user: user.id, version: 1, at: start, change: .registered)
            try writer.accountEventWriter.append(Array(repeating: event, count: 501))
            for (number, initiator) in [AuditEntry.Initiator.anonymous, .server, .user(user.id)].enumerated()
            {
                try writer.auditWriter.append(
                    AuditEntry(
                        id: Identifier(high: 1, low: UInt64(number)), at: start, action: .signInFailed,
                        initiator: initiator, subject: .user(user.id), address: nil, isSuccess: false))
            }
            let caller = Caller(user: user.id, role: .user, means: .local)
            for (number, expiresAt) in [nil, start + .milliseconds(2)].enumerated() {
                let key = try APIKey.issue(
                    id: Identifier(high: 1, low: UInt64(number)), to: caller, name: "ci",
                    scopes: [.tasksRead], hash: hash(UInt8(number), 9), expiresAt: expiresAt,
                    activeKeys: 0, at: start
                ).key
                try writer.keyWriter.insert(key)
            }
        }
        let forget = ForgetOldRecords(store: store, clock: clock)
        let steps: [(age: Duration, due: (inout ForgetOldRecords.Count) -> Void)] = [
            (SignInThrottle.Policy.account.memory, { $0.throttles = 2 }),
            (
                MailedToken.Purpose.passwordReset.lifetime + MailedToken.lifetimeOnceExpired,
                { $0.mailedTokens = 1 }
            ),
            // 200 sessions with four tokens each.
            (
                Session.lifetimeOnceOver,
                { count in
                    count.sessions = 1000
                    count.accountEvents = 501
                }
            ),
            (APIKey.lifetimeOnceVoid + .milliseconds(2), { $0.keys = 1 }),
            (AuditEntry.lifetimeOfAnonymous, { $0.auditEntries = 1 }),
        ]
        for step in steps {
            clock.set(to: start + step.age)
            #expect(try await forget() == ForgetOldRecords.Count())
            clock.advance(by: .milliseconds(1))
            var expected = ForgetOldRecords.Count()
            step.due(&expected)
            #expect(try await forget() == expected)
        }
    }

    /// The hash of a token of a session.
    private func hash(_ session: UInt8, _ token: UInt8) -> TokenHash {
        TokenHash(bytes: [session, token] + [UInt8](repeating: 0, count: 30))!
    }

    @Test("it goes on by itself until it is told to stop")
    func again() async throws {
        let forget = Task { [store, clock] in await ForgetOldRecords(store: store, clock: clock).run() }
        for round in 1...3 {
            try await keep(1, at: clock.now(), scope: "\(round)")
            while try isKept("\(round)") {
                clock.advance(by: .seconds(3600))
                await Task.yield()
            }
        }
        forget.cancel()
        await forget.value
    }
}

/// A store whose first unit of work of all fails.
private final class UnforgettingStore: Store {
    private let base: any Store
    private let hasFailed = Atomic(false)

    init(_ base: any Store) {
        self.base = base
    }

    func read<Value>(_ body: (any StoreReader) throws -> Value) throws -> Value { try base.read(body) }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) async throws -> Value {
        guard hasFailed.exchange(true, ordering: .relaxed) else { throw PortError.corrupt("answers") }
        return try await base.write(body)
    }

    func writeFirst<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) throws -> Value {
        try base.writeFirst(body)
    }

    func observe(_ changed: @escaping @Sendable () -> Void) -> any StoreObservation {
        base.observe(changed)
    }
}
