/// How patient one is with a part that ends or fails by itself.
public struct RestartPolicy: Hashable, Sendable {
    /// After 1 s, then twice as long each time and at most 5 min, ten times; ten good minutes make all forgotten.
    ///
    /// The bounds of Kubernetes' back-off for containers (at most 300 s, reset after 10 min), with the first pause of a
    /// part that costs less to start. Ten restarts in a row take a little over 18 min.
    public static let ordinary = RestartPolicy(
        pauses: RetryPolicy(base: .seconds(1), factor: 2, cap: .seconds(300), jitter: 0),
        goodAfter: .seconds(600), limit: 10)

    /// The same without an end, for what others can do without meanwhile.
    public static let endless = RestartPolicy(
        pauses: ordinary.pauses, goodAfter: ordinary.goodAfter, limit: .max)

    /// How long to wait before each restart.
    public let pauses: RetryPolicy
    /// How long a part has to run well for its failures to be forgotten.
    public let goodAfter: Duration
    /// How many restarts in a row there are at most.
    public let limit: Int

    /// A policy.
    public init(pauses: RetryPolicy, goodAfter: Duration, limit: Int) {
        self.pauses = pauses
        self.goodAfter = goodAfter
        self.limit = max(0, limit)
    }
}

/// How often a part had to be restarted in a row: says whether it is worth another time, and when.
public struct RestartHistory: Hashable, Sendable {
    /// What follows from a failure.
    public enum Decision: Hashable, Sendable {
        /// It is started again at that moment.
        case restart(at: Timestamp)
        /// It has failed too often.
        case giveUp
    }

    /// How many failures there were in a row.
    public private(set) var failures = 0

    /// No failures yet.
    public init() {}

    /// The part has ended or failed.
    ///
    /// - Parameter good: How long it had run before; zero for one that could not be started.
    public mutating func failed(
        after good: Duration, at now: Timestamp, policy: RestartPolicy
    ) -> Decision {
        if good >= policy.goodAfter { failures = 0 }
        guard failures < policy.limit else { return .giveUp }
        failures += 1
        return .restart(at: now + policy.pauses.pause(afterFailure: failures, chance: 0))
    }
}
