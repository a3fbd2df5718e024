package import Domain
import Synchronization

/// A service that Cutroom calls, as this process knows it: its name, and the breaker that spares everyone the
/// time-outs of one that does not answer.
package final class Upstream: Sendable {
    /// A stable name, such as `chat` or `mail`.
    package let name: String
    private let breaker: Mutex<CircuitBreaker>
    /// Why the last call failed.
    private let reason = Mutex("")
    private let clock: any WallClock
    private let random: any RandomSource
    private let log: any Log
    private let meter: UpstreamMeter?

    /// A service that has not been called yet.
    package init(
        _ name: String, policy: CircuitBreaker.Policy = .ordinary, clock: any WallClock,
        random: any RandomSource, log: any Log, metrics: Metrics? = nil
    ) {
        self.name = name
        meter = metrics.map { UpstreamMeter(name, $0) }
        breaker = Mutex(CircuitBreaker(policy))
        self.clock = clock
        self.random = random
        self.log = log
    }

    /// Where its breaker stands.
    package var state: CircuitBreaker.State { breaker.withLock { $0.state } }

    /// The right to call it once.
    ///
    /// - Throws: ``UpstreamResting`` while it is not to be called.
    package func lease() throws(UpstreamResting) -> UpstreamLease {
        let now = clock.now()
        switch breaker.withLock({ $0.admit(at: now) }) {
        case .call(let permit): return UpstreamLease(of: self, permit)
        case .refuse(let until):
            meter?.resting.increment()
            throw UpstreamResting(
                upstream: name, reason: reason.withLock { $0 }, retryAfter: until.map { $0 - now })
        }
    }

    fileprivate func end(
        _ permit: CircuitBreaker.Permit, as outcome: CircuitBreaker.Outcome, why: String,
        since start: ContinuousClock.Instant
    ) {
        meter?.note(outcome, after: .now - start)
        let (now, chance) = (clock.now(), random.next())
        if case .failed = outcome { reason.withLock { $0 = why } }
        switch breaker.withLock({ $0.end(permit, as: outcome, at: now, chance: chance) }) {
        case .opened(let until):
            log.write(
                .warning, "upstream rests",
                [
                    "upstream": .text(name), "reason": .text(why),
                    "seconds": .integer((until - now).wholeMilliseconds / 1000),
                ])
        case .closed: log.write(.info, "upstream answers again", ["upstream": .text(name)])
        case nil: break
        }
    }
}

/// Counts and times the calls of one upstream.
private struct UpstreamMeter: Sendable {
    let answered: Counter
    let failed: Counter
    let unknown: Counter
    let resting: Counter
    let duration: Histogram

    init(_ upstream: String, _ metrics: Metrics) {
        let calls = metrics.counter(.upstreamCalls)
        answered = calls.with(upstream, "answered")
        failed = calls.with(upstream, "failed")
        unknown = calls.with(upstream, "unknown")
        resting = calls.with(upstream, "resting")
        duration = metrics.histogram(.upstreamDuration).with(upstream)
    }

    func note(_ outcome: CircuitBreaker.Outcome, after duration: Duration) {
        self.duration.observe(duration)
        switch outcome {
        case .answered: answered.increment()
        case .failed: failed.increment()
        case .unknown: unknown.increment()
        }
    }
}

/// The right to call an upstream once.
///
/// Whoever has it says how the call ended; one that is let go of without a word gives the right back.
package struct UpstreamLease: ~Copyable, Sendable {
    private let upstream: Upstream
    private let permit: CircuitBreaker.Permit
    private let startedAt = ContinuousClock.now
    private var isEnded = false

    fileprivate init(of upstream: Upstream, _ permit: CircuitBreaker.Permit) {
        self.upstream = upstream
        self.permit = permit
    }

    deinit {
        if !isEnded { upstream.end(permit, as: .unknown, why: "", since: startedAt) }
    }

    /// The upstream has answered, whatever it said about what was asked.
    package consuming func answered() {
        isEnded = true
        upstream.end(permit, as: .answered, why: "", since: startedAt)
    }

    /// The upstream has not answered, or cannot do what it is for now.
    ///
    /// - Parameter retryAfter: When it can again, if it said so.
    package consuming func failed(_ reason: String, retryAfter: Duration? = nil) {
        isEnded = true
        upstream.end(permit, as: .failed(retryAfter: retryAfter), why: reason, since: startedAt)
    }
}

/// A call was not made, because its upstream has failed too often and is left alone for a while.
package struct UpstreamResting: Error, Equatable {
    /// The upstream's name.
    package let upstream: String
    /// Why its last call failed.
    package let reason: String
    /// When it may be called again; nil while another call finds out whether it answers.
    package let retryAfter: Duration?

    /// A call that was not made.
    package init(upstream: String, reason: String, retryAfter: Duration?) {
        self.upstream = upstream
        self.reason = reason
        self.retryAfter = retryAfter
    }

    /// The same for those who ask a port, and need not know whether a call was made.
    package var unavailable: PortError {
        .unavailable("\(upstream) is left alone after too many failures (\(reason))", retryAfter: retryAfter)
    }
}

extension Upstream: HealthProbe {
    /// Whether it is called; its address and what it said are nobody's business.
    package func check() async -> ComponentHealth {
        let (level, detail): (HealthLevel, String) =
            switch state {
            case .closed(failures: 0): (.healthy, "calls go through")
            case .closed(let failures): (.healthy, "calls go through; failures in a row: \(failures)")
            case .open: (.degraded, "left alone after too many failures")
            case .halfOpen: (.degraded, "being tried after too many failures")
            }
        return ComponentHealth(name: name, level: level, detail: detail, isEssential: false)
    }
}
