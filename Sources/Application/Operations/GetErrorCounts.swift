public import Domain

/// Tells an administrator how often what went wrong.
public struct GetErrorCounts: Sendable {
    private let counters: ErrorCounters

    /// The use case over what was counted.
    public init(counters: ErrorCounters) {
        self.counters = counters
    }

    /// What was counted since it was set back.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller) throws -> (counts: ErrorCounters.Counts, since: Timestamp) {
        try caller.require(.admin)
        return counters.recent
    }
}
