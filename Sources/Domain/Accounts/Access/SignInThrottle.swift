/// How many attempts to sign in have failed, and when the next one is looked at.
///
/// One is kept for each name that is tried, whether or not there is such a user, and one for each address that
/// tries: the first keeps a password from being guessed, the second keeps one guess from being tried on many.
public struct SignInThrottle: Hashable, Sendable {
    /// How patient it is.
    public struct Policy: Hashable, Sendable {
        /// For a name: fewer than fifty guesses a day, and so fewer than a hundred for a user, who can be
        /// guessed at by the username and by the address, each counted apart.
        ///
        /// Were they counted together, the lock of the one would tell whose the other is. After the fourth
        /// failure a second, then twice as long each time; from the tenth on forty minutes. Nobody is locked out
        /// for good by those who guess, as NIST SP 800-63B, section 5.2.2, would have it after 100 failures in a
        /// row: the bound is one of each day.
        public static let account = Policy(
            freeFailures: 3, firstDelay: .seconds(1), longestDelay: .seconds(32), lockAfter: 10,
            lock: .seconds(40 * 60), memory: .seconds(86_400), isClearedBySuccess: true)
        /// For an address, behind which many people may be; one of them who succeeds does not clear the others'
        /// failures.
        public static let address = Policy(
            freeFailures: 20, firstDelay: .seconds(1), longestDelay: .seconds(32), lockAfter: 100,
            lock: .seconds(15 * 60), memory: .seconds(3600), isClearedBySuccess: false)

        /// How many failures cost nothing.
        public let freeFailures: Int
        /// How long to wait after the failure that follows them.
        public let firstDelay: Duration
        /// The longest wait before the lock.
        public let longestDelay: Duration
        /// From which failure on every one locks.
        public let lockAfter: Int
        /// For how long.
        public let lock: Duration
        /// After how long without a failure all are forgotten.
        public let memory: Duration
        /// Whether a success makes all failures forgotten, and not only its own attempt.
        public let isClearedBySuccess: Bool

        /// A policy.
        public init(
            freeFailures: Int, firstDelay: Duration, longestDelay: Duration, lockAfter: Int, lock: Duration,
            memory: Duration, isClearedBySuccess: Bool
        ) {
            self.freeFailures = freeFailures
            self.firstDelay = firstDelay
            self.longestDelay = longestDelay
            self.lockAfter = lockAfter
            self.lock = lock
            self.memory = memory
            self.isClearedBySuccess = isClearedBySuccess
        }

        /// How long to wait after the failure with that number, 1 for the first.
        func delay(after failures: Int) -> Duration {
            guard failures > freeFailures else { return .zero }
            guard failures < lockAfter else { return lock }
            // Doubling stops where it would exceed any delay that makes sense.
            let doublings = min(failures - freeFailures - 1, 30)
            return min(firstDelay * (1 << doublings), longestDelay)
        }
    }

    /// An attempt that was counted.
    public struct Attempt: Hashable, Sendable {
        /// When it was made.
        public let at: Timestamp
        /// When the last failure before it was; nil when there was none that still counts.
        public let former: Timestamp?
    }

    /// How many attempts have failed since the last one that did not, or since all were forgotten.
    public private(set) var failures: Int
    /// When the last one failed; nil before the first.
    public private(set) var lastFailureAt: Timestamp?

    /// Nothing has failed.
    public init() {
        failures = 0
        lastFailureAt = nil
    }

    /// Restores what a store kept.
    public init(failures: Int, lastFailureAt: Timestamp?) {
        self.failures = failures
        self.lastFailureAt = lastFailureAt
    }

    /// Someone wants to make an attempt.
    ///
    /// It counts as failed until it succeeds or is taken back, so that many at once gain nothing.
    ///
    /// - Throws: ``SignInError/throttled(until:isLocked:)``; then the password must not be looked at, and nothing
    ///   is counted.
    @discardableResult
    public mutating func attempt(at now: Timestamp, by policy: Policy) throws(SignInError) -> Attempt {
        if isForgettable(at: now, by: policy) { self = SignInThrottle() }
        if let lastFailureAt {
            let until = lastFailureAt + policy.delay(after: failures)
            guard now >= until else {
                throw .throttled(until: until, isLocked: isLocked(by: policy))
            }
        }
        let attempt = Attempt(at: now, former: lastFailureAt)
        failures += 1
        lastFailureAt = now
        return attempt
    }

    /// Whether so many have failed that each failure locks.
    public func isLocked(by policy: Policy) -> Bool {
        failures >= policy.lockAfter
    }

    /// An attempt has succeeded.
    public mutating func succeed(_ attempt: Attempt, by policy: Policy) {
        if policy.isClearedBySuccess {
            self = SignInThrottle()
        } else {
            takeBack(attempt)
        }
    }

    /// An attempt shall not have been made: nobody waits for it, and the failures before it are forgotten as if it
    /// had not come between.
    ///
    /// Of attempts that overlap only the last one's moment can be taken back; a later one keeps its own.
    public mutating func takeBack(_ attempt: Attempt) {
        failures = max(0, failures - 1)
        if failures == 0 {
            lastFailureAt = nil
        } else if let former = attempt.former, lastFailureAt == attempt.at {
            lastFailureAt = former
        }
    }

    /// Whether nothing needs to be remembered any more.
    public func isForgettable(at now: Timestamp, by policy: Policy) -> Bool {
        lastFailureAt.map { now - $0 >= policy.memory } ?? true
    }
}

/// Why nobody is signed in.
public enum SignInError: CodedError, Equatable {
    /// The name or the password is wrong; which of them is not told.
    case wrong
    /// Too many attempts have failed.
    case throttled(until: Timestamp, isLocked: Bool)

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .wrong: "sign_in_wrong"
        case .throttled(_, isLocked: false): "sign_in_throttled"
        case .throttled(_, isLocked: true): "sign_in_locked"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .wrong: "The name or the password is wrong."
        case .throttled(_, isLocked: false): "Too many attempts have failed. Wait a moment."
        case .throttled(_, isLocked: true): "Too many attempts have failed. Try again later."
        }
    }
}
