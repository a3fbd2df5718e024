public import Domain

/// Tells what is seen at the edge as it is seen.
public struct FollowSecurityEvents: Sendable {
    private let watch: SecurityWatch

    /// The use case over the watch.
    public init(watch: SecurityWatch) {
        self.watch = watch
    }

    /// Tells of events until the subscription is let go.
    ///
    /// - Parameter last: The number of the last event that the follower knows; what came after it is told first.
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(
        by caller: Caller, after last: Int64?, deliver: @escaping SecurityWatch.Delivery
    ) throws -> SecurityWatch.Subscription {
        try caller.require(.admin)
        return watch.follow(after: last, deliver)
    }
}
