/// Credits that are set aside for a task until it is known what the task costs.
///
/// It ends once: when as much as was held has been captured or released.
public struct CreditHold: Hashable, Sendable {
    /// Its identifier.
    public let id: Identifier<CreditHold>
    /// Whose credits they are.
    public let user: Identifier<User>
    /// What they are held for.
    public let task: Identifier<VideoTask>
    /// What was set aside.
    public let parts: CreditParts
    /// The month whose grant the monthly part came from; nil when there is no such part.
    public let period: CreditPeriod?
    /// What is still set aside.
    public internal(set) var remaining: CreditParts
    /// How many were spent.
    public internal(set) var captured: Int
    /// How many of those that were spent came back.
    public internal(set) var refunded: Int
    /// When they were set aside.
    public let createdAt: Timestamp
    /// When nothing of it remained; nil while something does.
    public internal(set) var endedAt: Timestamp?

    /// Restores a hold as a store kept it.
    public init(
        id: Identifier<CreditHold>, user: Identifier<User>, task: Identifier<VideoTask>, parts: CreditParts,
        period: CreditPeriod?, remaining: CreditParts, captured: Int, refunded: Int, createdAt: Timestamp,
        endedAt: Timestamp?
    ) {
        self.id = id
        self.user = user
        self.task = task
        self.parts = parts
        self.period = period
        self.remaining = remaining
        self.captured = captured
        self.refunded = refunded
        self.createdAt = createdAt
        self.endedAt = endedAt
    }

    /// How many came back without having been spent.
    public var released: Int { parts.total - remaining.total - captured }

    /// Takes a part out of what remains; the last one ends it.
    mutating func take(_ part: CreditParts, at now: Timestamp) {
        remaining = remaining - part
        if remaining.total == 0 { endedAt = now }
    }
}
