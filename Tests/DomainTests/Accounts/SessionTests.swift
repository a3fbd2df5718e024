import Domain
import Testing

@Suite("Sessions")
struct SessionTests {
    static let now = People.now
    static let id = Identifier<Session>(high: 5, low: 5)

    static func session() -> Session {
        Session.start(id: id, user: People.ada, device: "Firefox", at: now).session
    }

    @Test("A5: signing in begins a session and is told")
    func started() {
        let (session, events) = Session.start(id: Self.id, user: People.ada, device: "Firefox", at: Self.now)
        #expect((session.generation, session.device, session.revocation) == (0, "Firefox", nil))
        #expect(
            events
                == [
                    AccountEvent(user: People.ada, version: 1, at: Self.now, change: .sessionStarted(Self.id))
                ])
        #expect(session.version == 1)
    }

    @Test("A5: each refresh token is good once and is followed by the next")
    func rotation() {
        var session = Self.session()
        for generation in 0..<5 {
            let event = AccountEvent(
                user: People.ada, version: generation + 2, at: People.later,
                change: .sessionRefreshed(Self.id))
            #expect(session.refresh(with: generation, at: People.later) == .refreshed([event]))
            #expect(session.generation == generation + 1)
        }
    }

    @Test(
        "A5: a refresh token that is used again ends the whole session, also for the newest one",
        arguments: 0..<3)
    func reuse(_ old: Int) {
        var session = Self.session()
        let earlier = Self.now - Session.repetitionGrace
        for generation in 0..<3 { _ = session.refresh(with: generation, at: earlier) }
        let event = AccountEvent(
            user: People.ada, version: 5, at: Self.now, change: .sessionRevoked(Self.id, .tokenReused))
        #expect(session.refresh(with: old, at: Self.now) == .reused([event]))
        #expect(event.change.action == .refreshTokenReused)
        #expect(session.revocation == Session.Revocation(reason: .tokenReused, at: Self.now))
        let before = session
        for generation in 0...4 {
            #expect(session.refresh(with: generation, at: Self.now) == .refused(.revoked))
        }
        #expect(session == before)
    }

    @Test("A5: only the token that was replaced last may come once more, and only for a moment")
    func grace() {
        var session = Self.session()
        for generation in 0..<3 { _ = session.refresh(with: generation, at: Self.now) }
        let before = session
        let last = Self.now + Session.repetitionGrace - .milliseconds(1)
        for moment in [Self.now, last] { #expect(session.refresh(with: 2, at: moment) == .repeated) }
        #expect(session == before)
        for (token, moment) in [(1, Self.now), (2, Self.now + Session.repetitionGrace), (4, Self.now)] {
            var other = before
            guard case .reused = other.refresh(with: token, at: moment) else {
                Issue.record("token \(token) was taken")
                continue
            }
        }
    }

    @Test("A5: a session that is not refreshed for two weeks is over")
    func idle() {
        var session = Self.session()
        let last = Self.now + Session.idleLimit - .milliseconds(1)
        guard case .refreshed = session.refresh(with: 0, at: last) else {
            Issue.record("refused in time")
            return
        }
        #expect(session.refresh(with: 1, at: last + Session.idleLimit) == .refused(.expired))
        #expect(throws: SessionError.expired) { try session.requireActive(at: last + Session.idleLimit) }
    }

    @Test("A5: a session is over after 90 days, however often it is refreshed")
    func absolute() throws {
        var session = Self.session()
        var moment = Self.now
        var generation = 0
        while generation < 365, case .refreshed = session.refresh(with: generation, at: moment) {
            generation += 1
            moment = moment + .seconds(86_400)
        }
        #expect(moment == Self.now + Session.absoluteLimit)
        #expect(session.refresh(with: generation, at: moment) == .refused(.expired))
        try session.requireActive(at: moment - .milliseconds(1))
    }

    @Test("an old token that is shown after the session's time is refused, and accuses nobody")
    func oldTokenTooLate() {
        var session = Self.session()
        _ = session.refresh(with: 0, at: Self.now)
        #expect(session.refresh(with: 0, at: Self.now + Session.idleLimit) == .refused(.expired))
        #expect(session.revocation == nil)
    }

    @Test(
        "A5: a session is ended once, and keeps the first reason",
        arguments: Session.Revocation.Reason.allCases)
    func revoked(_ reason: Session.Revocation.Reason) {
        var session = Self.session()
        #expect(session.revoke(reason, at: Self.now).map(\.change) == [.sessionRevoked(Self.id, reason)])
        #expect(session.revoke(.ended, at: People.later).isEmpty)
        #expect(session.revocation == Session.Revocation(reason: reason, at: Self.now))
        #expect(throws: SessionError.revoked) { try session.requireActive(at: Self.now) }
    }

    @Test("what a program calls itself is kept up to a bound")
    func device() {
        let name = String(repeating: "x", count: 5000)
        let session = Session.start(id: Self.id, user: People.ada, device: name, at: Self.now).session
        #expect(session.device.count == Session.greatestDeviceLength)
    }
}

@Suite("Throttled sign-in")
struct SignInThrottleTests {
    static let policy = SignInThrottle.Policy.account

    /// When the next attempt is looked at, nil when it is at once.
    static func wait(_ throttle: SignInThrottle, at now: Timestamp, by policy: SignInThrottle.Policy = policy)
        -> Duration?
    {
        var throttle = throttle
        do throws(SignInError) {
            try throttle.attempt(at: now, by: policy)
            return nil
        } catch .throttled(let until, _) {
            return until - now
        } catch {
            return nil
        }
    }

    @Test("after three failures the wait grows, and after ten each one locks for forty minutes")
    func growing() throws {
        var throttle = SignInThrottle()
        var now = People.now
        var waits: [Int64] = []
        for _ in 0..<12 {
            try throttle.attempt(at: now, by: Self.policy)
            let wait = Self.wait(throttle, at: now)
            waits.append(wait?.components.seconds ?? 0)
            now = now + (wait ?? .zero)
        }
        #expect(waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 2400, 2400, 2400])
    }

    @Test("an attempt during the wait is not looked at and makes the wait no longer")
    func during() throws {
        var throttle = SignInThrottle(failures: 10, lastFailureAt: People.now)
        let before = throttle
        let until = People.now + Self.policy.lock
        for seconds in [0, 1, 2399] {
            #expect(throws: SignInError.throttled(until: until, isLocked: true)) {
                try throttle.attempt(at: People.now + .seconds(seconds), by: Self.policy)
            }
        }
        #expect(throttle == before)
        try throttle.attempt(at: until, by: Self.policy)
    }

    @Test("many attempts at once count before any of them is answered")
    func atOnce() {
        var throttle = SignInThrottle()
        let admitted = (0..<64).count { _ in
            (try? throttle.attempt(at: People.now, by: Self.policy)) != nil
        }
        #expect(admitted == Self.policy.freeFailures + 1)
    }

    @Test("fewer than a hundred passwords of one user are tried in a day, by the username and by the address")
    func dailyGuesses() {
        var throttles = [SignInThrottle(), SignInThrottle()]
        let guesses = (0..<86_400).reduce(0) { count, second in
            count
                + throttles.indices.count { index in
                    (try? throttles[index].attempt(at: People.now + .seconds(second), by: Self.policy)) != nil
                }
        }
        #expect(guesses < 100)
    }

    @Test("a success forgets a user's failures; for an address it takes back only itself")
    func success() throws {
        var account = SignInThrottle(failures: 9, lastFailureAt: People.now)
        let right = try account.attempt(at: People.later, by: .account)
        account.succeed(right, by: .account)
        #expect(account == SignInThrottle())

        let before = SignInThrottle(failures: 19, lastFailureAt: People.now)
        var address = before
        for _ in 0..<10 {
            let attempt = try address.attempt(at: People.now + .seconds(60), by: .address)
            address.succeed(attempt, by: .address)
        }
        #expect(address == before)
    }

    @Test("successes from an address keep nobody behind it waiting, and do not keep its failures remembered")
    func successesOfAnAddress() throws {
        let policy = SignInThrottle.Policy.address
        var throttle = SignInThrottle(failures: policy.lockAfter, lastFailureAt: People.now)
        let end = People.now + policy.memory
        var now = People.now + policy.lock
        while now < end {
            #expect(Self.wait(throttle, at: now, by: policy) == nil)
            let attempt = try throttle.attempt(at: now, by: policy)
            throttle.succeed(attempt, by: policy)
            now = now + .seconds(10)
        }
        #expect(throttle.isForgettable(at: end, by: policy))
    }

    @Test("an attempt that is taken back leaves no trace; one that came meanwhile still counts")
    func takenBack() throws {
        for before in [SignInThrottle(), SignInThrottle(failures: 2, lastFailureAt: People.now)] {
            var throttle = before
            let first = try throttle.attempt(at: People.now + .seconds(1), by: Self.policy)
            throttle.takeBack(first)
            #expect(throttle == before)
            let second = try throttle.attempt(at: People.now + .seconds(2), by: .address)
            try throttle.attempt(at: People.now + .seconds(3), by: .address)
            throttle.takeBack(second)
            #expect(throttle.failures == before.failures + 1)
            #expect(throttle.lastFailureAt == People.now + .seconds(3))
        }
    }

    @Test("two attempts of one moment do not take each other's failure back")
    func sameMoment() throws {
        var throttle = SignInThrottle()
        let first = try throttle.attempt(at: People.now, by: .address)
        try throttle.attempt(at: People.now, by: .address)
        throttle.takeBack(first)
        #expect(throttle == SignInThrottle(failures: 1, lastFailureAt: People.now))
    }

    @Test("failures are forgotten after a day without one")
    func memory() throws {
        var throttle = SignInThrottle(failures: 50, lastFailureAt: People.now)
        let tomorrow = People.now + Self.policy.memory
        #expect(!throttle.isForgettable(at: tomorrow - .milliseconds(1), by: Self.policy))
        #expect(throttle.isForgettable(at: tomorrow, by: Self.policy))
        try throttle.attempt(at: tomorrow, by: Self.policy)
        #expect(throttle.failures == 1)
    }

    @Test("an address is more patient than a user, since many may be behind it")
    func address() {
        let throttle = SignInThrottle(failures: 10, lastFailureAt: People.now)
        #expect(Self.wait(throttle, at: People.now, by: .address) == nil)
        #expect(Self.wait(throttle, at: People.now, by: .account) == .seconds(2400))
        let many = SignInThrottle(failures: 100_000, lastFailureAt: People.now)
        #expect(Self.wait(many, at: People.now, by: .address) == .seconds(900))
    }
}
