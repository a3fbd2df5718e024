/// How often and how patiently a part is looked at.
public struct HealthPace: Hashable, Sendable {
    /// Every ten seconds, a second each, three down and two up, as Kubernetes does.
    public static let ordinary = HealthPace()
    /// The same for what is looked up rather than tried: each look counts.
    public static let certain = HealthPace(thresholds: .none)

    /// The time between two looks while all is well.
    public let period: Duration
    /// The time between two looks while it is not, or while there is a doubt.
    public let urgentPeriod: Duration
    /// How long a look may take; what takes longer is cut off, and counts as a bad reading.
    public let deadline: Duration
    /// How many readings in a row turn the verdict.
    public let thresholds: HealthHysteresis.Thresholds

    /// A pace; every time is at least a millisecond, and the urgent period no longer than the ordinary one.
    public init(
        period: Duration = .seconds(10), urgentPeriod: Duration = .seconds(1),
        deadline: Duration = .seconds(1), thresholds: HealthHysteresis.Thresholds = .ordinary
    ) {
        self.period = max(period, .milliseconds(1))
        self.urgentPeriod = min(max(urgentPeriod, .milliseconds(1)), self.period)
        self.deadline = max(deadline, .milliseconds(1))
        self.thresholds = thresholds
    }

    /// The age at which a reading says nothing any more: three looks were missed.
    public var staleAge: Duration { period * 3 + deadline }

    /// The pause before the next look, up to a tenth longer or shorter, so that parts that began together are not
    /// looked at together for ever.
    ///
    /// - Parameter chance: 64 random bits.
    public func pause(isUrgent: Bool, chance: UInt64) -> Duration {
        let base = Double((isUrgent ? urgentPeriod : period).wholeMilliseconds)
        let share = Double(chance >> 11) / Double(1 << 53)
        return .milliseconds(max(1, Int64(base * (0.9 + 0.2 * share))))
    }
}
