import Domain
import Testing

@Suite("Circuit breakers")
struct CircuitBreakerTests {
    private static let start = Timestamp(milliseconds: 1_790_000_000_000)

    /// The ordinary policy without jitter, so that times can be told.
    private static func policy(probes: Int = 1) -> CircuitBreaker.Policy {
        let ordinary = CircuitBreaker.Policy.ordinary.openTime
        return CircuitBreaker.Policy(
            failureLimit: 5,
            openTime: RetryPolicy(
                base: ordinary.base, factor: ordinary.factor, cap: ordinary.cap, jitter: 0),
            probeLimit: probes)
    }

    private var breaker = CircuitBreaker(Self.policy())

    /// Makes a call that must be let through.
    private mutating func call(
        _ outcome: CircuitBreaker.Outcome, at now: Timestamp = Self.start
    ) throws -> CircuitBreaker.Event? {
        let permit = try breaker.permit(at: now)
        return breaker.end(permit, as: outcome, at: now, chance: 0)
    }

    /// Opens it at the start.
    private mutating func open(retryAfter: Duration? = nil) throws {
        for _ in 0..<5 { _ = try call(.failed(retryAfter: retryAfter)) }
    }

    @Test("A65: the fifth failure in a row opens it for a minute; an answer in between starts the count anew")
    mutating func trigger() throws {
        for _ in 0..<4 { #expect(try call(.failed(retryAfter: nil)) == nil) }
        #expect(try call(.answered) == nil)
        for _ in 0..<4 { #expect(try call(.failed(retryAfter: nil)) == nil) }
        #expect(breaker.state == .closed(failures: 4))
        let until = Self.start + .seconds(60)
        #expect(try call(.failed(retryAfter: nil)) == .opened(until: until))
        #expect(breaker.state == .open(since: Self.start, until: until))
    }

    @Test("A65: no end but a failure counts as one")
    mutating func unknown() throws {
        for _ in 0..<20 { #expect(try call(.unknown) == nil) }
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test("A65: while it is open nobody calls; then one does, and its answer closes it")
    mutating func rest() throws {
        try open()
        let until = Self.start + .seconds(60)
        #expect(breaker.admit(at: Self.start) == .refuse(until: until))
        #expect(breaker.admit(at: until - .milliseconds(1)) == .refuse(until: until))
        let probe = try breaker.permit(at: until)
        #expect(breaker.admit(at: until + .seconds(3600)) == .refuse(until: nil))
        #expect(breaker.end(probe, as: .answered, at: until, chance: 0) == .closed)
        #expect(breaker.state == .closed(failures: 0))
        _ = try breaker.permit(at: until)
    }

    @Test("A65: as many calls try it as are allowed, and no more", arguments: [1, 2, 7])
    mutating func probes(limit: Int) throws {
        breaker = CircuitBreaker(Self.policy(probes: limit))
        try open()
        let later = Self.start + .seconds(60)
        var permits = try (0..<limit).map { _ in try breaker.permit(at: later) }
        #expect(breaker.admit(at: later) == .refuse(until: nil))
        // Who gives up makes room for another one.
        #expect(breaker.end(permits.removeLast(), as: .unknown, at: later, chance: 0) == nil)
        permits.append(try breaker.permit(at: later))
        #expect(breaker.admit(at: later) == .refuse(until: nil))
        // The first failure decides; the others have nothing to add.
        let end = later + .seconds(120)
        let events = permits.map { breaker.end($0, as: .failed(retryAfter: nil), at: later, chance: 0) }
        #expect(events == [.opened(until: end)] + Array(repeating: nil, count: limit - 1))
        #expect(breaker.state == .open(since: later, until: end))
    }

    @Test("A65: each probe that fails doubles the time, up to ten minutes; an answer brings back the first")
    mutating func growth() throws {
        try open()
        var now = Self.start + .seconds(60)
        for seconds in [120, 240, 480, 600, 600, 600] {
            let until = now + .seconds(seconds)
            #expect(try call(.failed(retryAfter: nil), at: now) == .opened(until: until))
            now = until
        }
        #expect(try call(.answered, at: now) == .closed)
        for _ in 0..<4 { _ = try call(.failed(retryAfter: nil), at: now) }
        #expect(try call(.failed(retryAfter: nil), at: now) == .opened(until: now + .seconds(60)))
    }

    @Test(
        "A65: it stays open at least as long as the service asks, within the bound",
        arguments: [
            (Duration.seconds(1), 60), (.seconds(61), 61), (.seconds(300), 300), (.seconds(86_400), 600),
            (.seconds(-5), 60), (.seconds(Int64.max), 600),
        ])
    mutating func retryAfter(asked: Duration, seconds: Int) throws {
        try open(retryAfter: asked)
        #expect(breaker.state == .open(since: Self.start, until: Self.start + .seconds(seconds)))
    }

    @Test("A65: chance moves the time by a tenth at most", arguments: [UInt64.min, .max / 3, .max])
    mutating func jitter(chance: UInt64) throws {
        breaker = CircuitBreaker()
        for _ in 0..<5 {
            let permit = try breaker.permit(at: Self.start)
            _ = breaker.end(permit, as: .failed(retryAfter: nil), at: Self.start, chance: chance)
        }
        guard case .open(_, let until) = breaker.state else { throw Unexpected(state: breaker.state) }
        #expect((Duration.seconds(54)...Duration.seconds(66)).contains(until - Self.start))
    }

    @Test("A65: of calls that began before, an answer counts, a failure does not")
    mutating func late() throws {
        let early = try (0..<3).map { _ in try breaker.permit(at: Self.start) }
        try open()
        let later = Self.start + .seconds(60)
        _ = try breaker.permit(at: later)
        #expect(breaker.end(early[0], as: .failed(retryAfter: nil), at: later, chance: 0) == nil)
        #expect(breaker.end(early[1], as: .unknown, at: later, chance: 0) == nil)
        #expect(breaker.state == .halfOpen(probes: 1))
        #expect(breaker.end(early[2], as: .answered, at: later, chance: 0) == .closed)
    }

    @Test("A65: a clock that is set back does not keep it open")
    mutating func clockSetBack() throws {
        try open()
        _ = try breaker.permit(at: Self.start - .seconds(86_400))
        #expect(breaker.state.name == .halfOpen)
    }

    @Test("A65: whatever happens, its promises hold and it is never stuck", arguments: 0..<10)
    func histories(_ part: Int) throws {
        var (rests, probes) = (0, 0)
        for seed in part * 20..<(part + 1) * 20 {
            var history = BreakerHistory(seed: UInt64(seed))
            for _ in 0..<300 { try history.step() }
            rests += history.rests
            probes += history.probes
        }
        #expect(rests > 40 && probes > 40, "the histories do little")
    }
}

extension CircuitBreaker {
    /// The right to call now, which there must be.
    fileprivate mutating func permit(at now: Timestamp) throws -> Permit {
        guard case .call(let permit) = admit(at: now) else { throw Unexpected(state: state) }
        return permit
    }
}

private struct Unexpected: Error {
    let state: CircuitBreaker.State
}

/// A life of one breaker, drawn from a seed: what it was told so far says what it may answer next.
private struct BreakerHistory {
    private enum Phase: Equatable {
        case calling(failures: Int)
        case resting(since: Timestamp, until: Timestamp)
        case trying(probes: Int)
    }

    private var generator: SeededGenerator
    private var breaker: CircuitBreaker
    private var phase = Phase.calling(failures: 0)
    /// Which phase it is; calls of earlier ones are old.
    private var number = 0
    private var openings = 0
    private var calls: [(permit: CircuitBreaker.Permit, phase: Int)] = []
    private var now = Timestamp(milliseconds: 1_790_000_000_000)
    private(set) var rests = 0
    private(set) var probes = 0

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        breaker = CircuitBreaker(
            CircuitBreaker.Policy(
                failureLimit: Int.random(in: 1...6, using: &generator),
                openTime: CircuitBreaker.Policy.ordinary.openTime,
                probeLimit: Int.random(in: 1...4, using: &generator)))
    }

    mutating func step() throws {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<5: try ask()
        case 5..<8: try end()
        case 8: now = now + .milliseconds(Int.random(in: 0...120_000, using: &generator))
        default: if Int.random(in: 0..<10, using: &generator) == 0 { now = now - .seconds(3600) }
        }
        try checkNotStuck()
    }

    private mutating func ask() throws {
        let answer = breaker.admit(at: now)
        switch phase {
        case .calling: break
        case .resting(let since, let until) where since <= now && now < until:
            #expect(answer == .refuse(until: until))
            return
        case .resting: enter(.trying(probes: 1))
        case .trying(breaker.policy.probeLimit):
            #expect(answer == .refuse(until: nil))
            return
        case .trying(let probes): phase = .trying(probes: probes + 1)
        }
        guard case .call(let permit) = answer else { throw Unexpected(state: breaker.state) }
        if case .trying = phase { probes += 1 }
        calls.append((permit, number))
    }

    private mutating func end() throws {
        guard let index = calls.indices.randomElement(using: &generator) else { return }
        let call = calls.remove(at: index)
        let asked = Duration.seconds(Int.random(in: -1...1200, using: &generator))
        let outcome: CircuitBreaker.Outcome =
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: .answered
            case 1, 2: .unknown
            case 3: .failed(retryAfter: asked)
            default: .failed(retryAfter: nil)
            }
        let event = breaker.end(call.permit, as: outcome, at: now, chance: generator.next())
        let isOld = call.phase != number
        switch (outcome, phase) {
        case (.answered, .calling):
            #expect(event == nil)
            phase = .calling(failures: 0)
        case (.answered, _):
            #expect(event == .closed)
            openings = 0
            enter(.calling(failures: 0))
        case _ where isOld: #expect(event == nil)
        case (.unknown, .trying(let probes)):
            #expect(event == nil)
            phase = .trying(probes: probes - 1)
        case (.unknown, _): #expect(event == nil)
        case (.failed, .calling(let failures)) where failures + 1 < breaker.policy.failureLimit:
            #expect(event == nil)
            phase = .calling(failures: failures + 1)
        case (.failed(let asked), _):
            guard case .opened(let until) = event else { throw Unexpected(state: breaker.state) }
            openings += 1
            rests += 1
            check(until - now, asked: asked ?? .zero)
            enter(.resting(since: now, until: until))
        }
    }

    private mutating func enter(_ phase: Phase) {
        self.phase = phase
        number += 1
    }

    /// The n-th time in a row is a minute doubled n − 1 times, ten at most, give or take a tenth, and at least
    /// what was asked for.
    private func check(_ rest: Duration, asked: Duration) {
        let usual = min(60 * Double(1 << min(openings - 1, 20)), 600)
        let wanted = min(asked.inSeconds, 600)
        #expect(rest.inSeconds >= max(usual * 0.9 - 0.001, wanted))
        #expect(rest.inSeconds <= max(usual * 1.1, wanted))
    }

    /// Once all calls have ended, however they did, and time has passed, someone may call, and an answer closes it.
    private func checkNotStuck() throws {
        var copy = breaker
        for call in calls { _ = copy.end(call.permit, as: .unknown, at: now, chance: 0) }
        let later = now + .seconds(660)
        let permit = try copy.permit(at: later)
        _ = copy.end(permit, as: .answered, at: later, chance: 0)
        #expect(copy.state == .closed(failures: 0))
    }
}
