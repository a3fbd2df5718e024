/// Whether a service is called, going by how the last calls of it ended.
///
/// After some failures in a row it opens: no call is made any more, since a service that does not answer costs
/// everyone who asks it a whole time-out. After a while a few calls may try it; one that is answered closes it,
/// one that fails opens it again for longer. After M. Nygard, "Release It!" (second edition, 2018), chapter 5.
///
/// Who wants to call asks ``admit(at:)``, and says with ``end(_:as:at:chance:)`` how the call ended.
public struct CircuitBreaker: Hashable, Sendable {
    /// How patient it is.
    public struct Policy: Hashable, Sendable {
        /// Five failures in a row, then a minute, two, four, eight and at most ten, give or take a tenth; one
        /// call tries it.
        ///
        /// Sony's gobreaker has nearly the same defaults (more than five in a row, 60 s, one call). The bound is
        /// the longest that a service can make a task wait.
        public static let ordinary = Policy(
            failureLimit: 5,
            openTime: RetryPolicy(base: .seconds(60), factor: 2, cap: .seconds(600), jitter: 0.1),
            probeLimit: 1)

        /// How many failures in a row open it.
        public let failureLimit: Int
        /// How long it stays open, the first time and each time after a failed probe.
        ///
        /// Its cap also bounds what a service may ask for.
        public let openTime: RetryPolicy
        /// How many calls at once may try a service that has failed.
        public let probeLimit: Int

        /// A policy; both limits are at least 1.
        public init(failureLimit: Int, openTime: RetryPolicy, probeLimit: Int) {
            self.failureLimit = max(1, failureLimit)
            self.openTime = openTime
            self.probeLimit = max(1, probeLimit)
        }
    }

    /// Where it stands.
    public enum State: Hashable, Sendable {
        /// Everyone may call; so many calls in a row have failed.
        case closed(failures: Int)
        /// Nobody may call before `until`.
        case open(since: Timestamp, until: Timestamp)
        /// So many calls are trying whether the service answers again, and nobody else may call.
        case halfOpen(probes: Int)

        /// Its name alone.
        public enum Name: String, CaseIterable, Sendable {
            /// Everyone may call.
            case closed
            /// Nobody may call.
            case open
            /// A few calls may try.
            case halfOpen = "half_open"
        }

        /// Its name alone.
        public var name: Name {
            switch self {
            case .closed: .closed
            case .open: .open
            case .halfOpen: .halfOpen
            }
        }
    }

    /// The right to make one call.
    public struct Permit: Hashable, Sendable {
        /// Which of its states the breaker was in; what a call of an earlier one found out is old.
        fileprivate let period: Int
    }

    /// What is answered to whoever wants to call.
    public enum Admission: Hashable, Sendable {
        /// Call, and say how it ended.
        case call(Permit)
        /// Do not call before `until`; nil while others are trying, which may be over at any moment.
        case refuse(until: Timestamp?)
    }

    /// How a call ended.
    public enum Outcome: Hashable, Sendable {
        /// The service answered, even if only that it does not do what was asked.
        case answered
        /// It did not, or said that it cannot now and, perhaps, when it can again.
        case failed(retryAfter: Duration?)
        /// Nobody knows, such as when the caller gave up.
        case unknown
    }

    /// What follows from the end of a call.
    public enum Event: Hashable, Sendable {
        /// Nobody calls any more before `until`.
        case opened(until: Timestamp)
        /// Everyone may call again.
        case closed
    }

    /// How patient it is.
    public let policy: Policy
    /// Where it stands.
    public private(set) var state = State.closed(failures: 0)
    /// How often it has opened since it was last closed.
    private var openings = 0
    /// How often its state was another one.
    private var period = 0

    /// A closed breaker.
    public init(_ policy: Policy = .ordinary) {
        self.policy = policy
    }

    /// Someone wants to call.
    public mutating func admit(at now: Timestamp) -> Admission {
        switch state {
        case .closed: break
        case .open(let since, let until):
            // A clock that was set back must not keep it open until it has caught up.
            guard now >= until || now < since else { return .refuse(until: until) }
            enter(.halfOpen(probes: 1))
        case .halfOpen(let probes):
            guard probes < policy.probeLimit else { return .refuse(until: nil) }
            state = .halfOpen(probes: probes + 1)
        }
        return .call(Permit(period: period))
    }

    /// A call that was admitted has ended; to be said once for each.
    ///
    /// Whatever answers proves that the service is there, however long ago the call began. A failure or an
    /// unknown end of a call that began in an earlier state says nothing.
    ///
    /// - Parameter chance: 64 random bits, which place the open time within the jitter.
    public mutating func end(_ permit: Permit, as outcome: Outcome, at now: Timestamp, chance: UInt64)
        -> Event?
    {
        switch (outcome, state) {
        case (.answered, .closed):
            state = .closed(failures: 0)
            return nil
        case (.answered, _):
            openings = 0
            enter(.closed(failures: 0))
            return .closed
        case _ where permit.period != period: return nil
        case (.failed, .closed(let failures)) where failures + 1 < policy.failureLimit:
            state = .closed(failures: failures + 1)
            return nil
        case (.failed(let retryAfter), _):
            return open(at: now, retryAfter: retryAfter, chance: chance)
        case (.unknown, .halfOpen(let probes)):
            // Its right goes to the next one, or nobody would ever try again.
            state = .halfOpen(probes: max(0, probes - 1))
            return nil
        case (.unknown, _): return nil
        }
    }

    private mutating func open(at now: Timestamp, retryAfter: Duration?, chance: UInt64) -> Event {
        openings += 1
        let asked = min(retryAfter ?? .zero, policy.openTime.cap)
        let until = now + max(policy.openTime.pause(afterFailure: openings, chance: chance), asked)
        enter(.open(since: now, until: until))
        return .opened(until: until)
    }

    private mutating func enter(_ state: State) {
        self.state = state
        period += 1
    }
}
