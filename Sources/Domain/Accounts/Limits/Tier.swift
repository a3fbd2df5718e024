/// A plan: what a user gets and may do, as data that the operator can change and add to.
public struct Tier: Hashable, Sendable {
    /// What a plan is called: 1–30 lower-case letters, digits and hyphens, a letter first.
    public struct Name: Hashable, Sendable {
        /// The plan that everyone begins with.
        public static let free = Name(stored: "free")
        /// The plan for those who pay.
        public static let premium = Name(stored: "premium")
        /// How many characters a name has.
        public static let length = 1...30

        /// The name, in ASCII.
        public let text: String

        /// A name that keeps the rules.
        public init(_ text: String) throws(TierError) {
            guard Self.length.contains(text.utf8.count), let first = text.utf8.first,
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
                text.utf8.allSatisfy({
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0.isASCIIDigit
                        || $0 == UInt8(ascii: "-")
                })
            else { throw .name }
            self.text = text
        }

        /// Restores a name as a store kept it.
        public init(stored text: String) {
            self.text = text
        }
    }

    /// The bounds of ``monthlyCredits``.
    public static let creditRange = 0...CreditLedger.amounts.upperBound
    /// The bounds of ``longestSource``.
    public static let sourceRange = Duration.seconds(1)...Duration.seconds(86_400)
    /// The bounds of ``tasksPerDay``.
    public static let dailyRange = 1...100_000
    /// The bounds of ``concurrentTasks``.
    public static let concurrencyRange = 1...1000
    /// The bounds of ``storage``, in bytes: up to a pebibyte.
    public static let storageRange: ClosedRange<Int64> = 1...(1 << 50)

    /// Everyone's plan: 10 credits a month, sources of a minute, 3 tasks a day.
    public static let free = Tier(
        unchecked: .free, monthlyCredits: 10, longestSource: .seconds(60), tasksPerDay: 3, concurrentTasks: 1,
        storage: 1 << 30, priority: Job.ordinaryPriority)
    /// For those who pay: 100 credits a month, sources of five minutes, as many tasks a day as wanted.
    public static let premium = Tier(
        unchecked: .premium, monthlyCredits: 100, longestSource: .seconds(300), tasksPerDay: nil,
        concurrentTasks: 5, storage: 20 << 30, priority: Job.ordinaryPriority - 1)

    /// What it is called.
    public let name: Name
    /// How many credits come in each month.
    public let monthlyCredits: Int
    /// The longest source; nil for as long as the server takes.
    public let longestSource: Duration?
    /// How many tasks may be ordered in a day; nil for any number.
    public let tasksPerDay: Int?
    /// How many tasks may wait or run at once.
    public let concurrentTasks: Int
    /// How many bytes of uploads and clips may be kept.
    public let storage: Int64
    /// The priority of the plan's jobs, 0 for the most urgent; see ``Job/priorities``.
    public let priority: Int

    /// A plan whose numbers lie within their bounds.
    public init(
        name: Name, monthlyCredits: Int, longestSource: Duration?, tasksPerDay: Int?, concurrentTasks: Int,
        storage: Int64, priority: Int
    ) throws(TierError) {
        guard Self.creditRange.contains(monthlyCredits) else { throw .monthlyCredits }
        if let longestSource, !Self.sourceRange.contains(longestSource) { throw .longestSource }
        if let tasksPerDay, !Self.dailyRange.contains(tasksPerDay) { throw .tasksPerDay }
        guard Self.concurrencyRange.contains(concurrentTasks) else { throw .concurrentTasks }
        guard Self.storageRange.contains(storage) else { throw .storage }
        guard Job.priorities.contains(priority) else { throw .priority }
        self.init(
            unchecked: name, monthlyCredits: monthlyCredits, longestSource: longestSource,
            tasksPerDay: tasksPerDay, concurrentTasks: concurrentTasks, storage: storage, priority: priority)
    }

    private init(
        unchecked name: Name, monthlyCredits: Int, longestSource: Duration?, tasksPerDay: Int?,
        concurrentTasks: Int, storage: Int64, priority: Int
    ) {
        self.name = name
        self.monthlyCredits = monthlyCredits
        self.longestSource = longestSource
        self.tasksPerDay = tasksPerDay
        self.concurrentTasks = concurrentTasks
        self.storage = storage
        self.priority = priority
    }
}

extension Tier.Name: CustomStringConvertible {
    /// The name.
    public var description: String { text }
}
