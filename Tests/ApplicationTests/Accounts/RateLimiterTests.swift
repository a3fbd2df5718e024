import Application
import Domain
import Synchronization
import Testing

@Suite("Who is kept to a pace")
struct RateLimiterTests {
    /// Time that stands still until it is moved.
    private final class ManualTime: Sendable {
        private let nanoseconds = Atomic<Int64>(0)
        var now: Int64 { nanoseconds.load(ordering: .relaxed) }
        func advance(by duration: Duration) {
            nanoseconds.wrappingAdd(Int64(duration / .nanoseconds(1)), ordering: .relaxed)
        }
    }

    private let time = ManualTime()
    private let limiter: RateLimiter

    init() {
        limiter = RateLimiter(.ordinary, now: { [time] in time.now })
    }

    private func session(_ user: UInt64) -> Caller {
        Caller(
            user: Identifier(high: 1, low: user), role: .user, means: .session(Identifier(high: 2, low: user))
        )
    }

    private func key(_ key: UInt64, of user: UInt64) -> Caller {
        Caller(
            user: Identifier(high: 1, low: user), role: .user,
            means: .apiKey(Identifier(high: 3, low: key), [.tasksRead]))
    }

    private func address(_ text: String) throws -> NetworkAddress { try #require(NetworkAddress(text)) }

    /// How many of that many requests are served.
    private func served(_ count: Int, _ request: () -> Allowance?) -> Int {
        (0..<count).count { _ in request()?.isAllowed ?? true }
    }

    @Test("A53: of 205 requests of a user at once 200 are served, then 100 in each minute")
    func user() {
        let ada = session(1)
        #expect(served(50) { limiter.count(ada) } == 50)
        #expect(served(155) { limiter.count(ada) } == 150)
        let other = session(2)
        #expect(limiter.count(other)?.remaining == 199)
        for _ in 0..<100 {
            time.advance(by: .milliseconds(600))
            #expect(limiter.count(ada)?.isAllowed == true)
            #expect(limiter.count(other)?.isAllowed == true)
        }
        #expect(limiter.count(ada)?.isAllowed == false)
    }

    @Test("A53: what a user's keys and sessions do is counted together; one key's count is its own")
    func keys() throws {
        #expect(served(150) { limiter.count(key(1, of: 1)) } == 150)
        let second = try #require(limiter.count(key(2, of: 1)))
        #expect((second.kind, second.remaining) == (.user, 49))
        #expect(served(100) { limiter.count(session(1)) } == 49)
        #expect(limiter.count(key(3, of: 1))?.isAllowed == false)
        #expect(limiter.count(key(4, of: 2))?.isAllowed == true)
    }

    @Test("the local user is not counted")
    func local() {
        #expect(limiter.count(.local) == nil)
    }

    @Test("A53: an IPv6 address counts with its /64, an IPv4 address alone, however it is written")
    func addresses() throws {
        let home = try address("2001:db8:1:2::1")
        #expect(served(200) { limiter.count(strangerAt: home, isEntering: false) } == 200)
        for neighbour in ["2001:db8:1:2::2", "2001:db8:1:2:ffff:ffff:ffff:ffff"] {
            #expect(!limiter.count(strangerAt: try address(neighbour), isEntering: false).isAllowed)
        }
        for other in ["2001:db8:1:3::1", "192.0.2.1"] {
            #expect(limiter.count(strangerAt: try address(other), isEntering: false).remaining == 199)
        }
        let mapped = try address("::ffff:192.0.2.1")
        #expect(limiter.count(strangerAt: mapped, isEntering: false).remaining == 198)
        #expect(
            limiter.count(strangerAt: try address("192.0.2.2"), isEntering: false).remaining == 199)
    }

    @Test("A53: who wants to come in may try 20 times at once and 10 times a minute")
    func entrance() throws {
        let home = try address("192.0.2.1")
        #expect(served(60) { limiter.count(strangerAt: home, isEntering: true) } == 20)
        #expect(limiter.count(strangerAt: home, isEntering: false).isAllowed)
    }

    @Test("O45: a key that goes on asking is served half as often, and its user's others as ever")
    func runsWild() throws {
        #expect(served(200) { limiter.count(key(1, of: 1)) } == 200)
        for _ in 0..<10 { #expect(limiter.count(key(1, of: 1))?.limit.burst == 200) }
        let refused = try #require(limiter.count(key(1, of: 1)))
        #expect((refused.isAllowed, refused.limit.burst) == (false, 100))
        // It goes on like that for two minutes, and is served a hundred times instead of two hundred.
        var served = 0
        for _ in 0..<1200 {
            time.advance(by: .milliseconds(100))
            if limiter.count(key(1, of: 1))?.isAllowed == true { served += 1 }
        }
        #expect((95...101).contains(served))
        #expect(limiter.count(key(2, of: 1))?.isAllowed == true)
        #expect(limiter.count(session(1))?.limit.burst == 200)
        // After two minutes without a refusal all is forgotten.
        time.advance(by: .seconds(120))
        #expect(limiter.count(key(1, of: 1))?.remaining == 199)
    }

    @Test("O45: whoever waits as long as told keeps the whole pace")
    func patient() throws {
        var served = 0
        var elapsed = Duration.zero
        while elapsed < .seconds(600) {
            let allowance = try #require(limiter.count(session(1)))
            #expect(allowance.limit.burst == 200)
            if allowance.isAllowed { served += 1 }
            time.advance(by: allowance.decision.retryAfter)
            elapsed += allowance.decision.retryAfter
        }
        #expect(served >= 200 + 990)
    }

    @Test(
        "O45: an address that keeps showing what is not good gets half the pace; who is known there does not")
    func failures() throws {
        let home = try address("192.0.2.1")
        for _ in 0..<10 { #expect(limiter.count(failureAt: home).limit.burst == 200) }
        #expect(limiter.count(failureAt: home).limit.burst == 100)
        #expect(limiter.count(strangerAt: home, isEntering: false).remaining < 100)
        #expect(served(200) { limiter.count(failureAt: home) } < 100)
        #expect(limiter.count(session(1))?.remaining == 199)
        #expect(limiter.count(failureAt: try address("192.0.2.2")).remaining == 199)
    }
}
