/// The bounds of a plan's numbers.
public enum TierError: CodedError, Equatable, CaseIterable {
    /// A name has 1–30 lower-case letters, digits and hyphens, a letter first.
    case name
    /// The credits of a month lie in ``Tier/creditRange``.
    case monthlyCredits
    /// The longest source lies in ``Tier/sourceRange``.
    case longestSource
    /// The tasks of a day lie in ``Tier/dailyRange``.
    case tasksPerDay
    /// The tasks at once lie in ``Tier/concurrencyRange``.
    case concurrentTasks
    /// The storage lies in ``Tier/storageRange``.
    case storage
    /// The priority lies in ``Job/priorities``.
    case priority

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .name: "tier_name"
        case .monthlyCredits: "tier_monthly_credits"
        case .longestSource: "tier_longest_source"
        case .tasksPerDay: "tier_tasks_per_day"
        case .concurrentTasks: "tier_concurrent_tasks"
        case .storage: "tier_storage"
        case .priority: "tier_priority"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .name: "A plan's name has 1–30 lower-case letters, digits and hyphens, a letter first."
        case .monthlyCredits: "A plan has \(Self.text(Tier.creditRange)) credits a month."
        case .longestSource:
            "A plan's longest source has \(Tier.sourceRange.lowerBound.components.seconds)–"
                + "\(Tier.sourceRange.upperBound.components.seconds) seconds, or no limit."
        case .tasksPerDay: "A plan has \(Self.text(Tier.dailyRange)) tasks a day, or no limit."
        case .concurrentTasks: "A plan has \(Self.text(Tier.concurrencyRange)) tasks at once."
        case .storage: "A plan's storage has \(Self.text(Tier.storageRange)) bytes."
        case .priority: "A priority is \(Self.text(Job.priorities)), 0 for the most urgent."
        }
    }

    private static func text(_ range: ClosedRange<some Any>) -> String {
        "\(range.lowerBound)–\(range.upperBound)"
    }
}
