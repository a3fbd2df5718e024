internal import Application
internal import Domain

/// How plans stand on the wire.
enum TierWire {
    static let tier = JSONOutput<Tier>.object(
        "Tier", "A plan: what a user gets and may do.",
        [
            JSONField("name", .text, "What it is called.", example: "free") { $0.name.text },
            JSONField("monthly_credits", .count, "The credits of a month.", example: 10) {
                $0.monthlyCredits
            },
            JSONField(
                "longest_source_seconds", .nullable(.count), "The longest source; null for any.", example: 60
            ) { $0.longestSource.map { Int($0.components.seconds) } },
            JSONField("tasks_per_day", .nullable(.count), "Tasks in a day; null for any number.", example: 3)
            { $0.tasksPerDay },
            JSONField("tasks_at_once", .count, "How many tasks may wait or run.", example: 1) {
                $0.concurrentTasks
            },
            JSONField("storage_bytes", .count, "How many bytes may be kept.", example: 1_073_741_824) {
                $0.storage
            },
            JSONField(
                "priority", .integer(Job.priorities), "How urgent its jobs are, 0 the most.", example: 5
            ) { $0.priority },
        ])

    static let list = JSONOutput<[Tier]>.list(of: tier)

    private static let pattern = "^[a-z][a-z0-9-]*$"

    /// A plan by its name.
    static let name = JSONInput<Tier.Name>(.string(length: Tier.Name.length, pattern: pattern)) {
        document, pointer, faults in
        guard case .string(let text) = document else {
            faults.append(.wrongType(document, at: pointer, expected: "a string"))
            return nil
        }
        do throws(TierError) {
            return try Tier.Name(text)
        } catch {
            faults.append(Fault(.body(pointer.text), .badFormat, error.explanation))
            return nil
        }
    }

    /// The plan in a path.
    static let parameter = Parameter<Tier.Name>.path(
        "name", .string(length: Tier.Name.length, pattern: pattern), "The plan.", example: "gold"
    ) { try? Tier.Name($0) }

    /// What a plan is to be, but for its name.
    struct Terms: Sendable {
        let monthlyCredits: Int
        let longestSource: Duration?
        let tasksPerDay: Int?
        let concurrentTasks: Int
        let storage: Int64
        let priority: Int

        /// The plan of that name.
        func tier(_ name: Tier.Name) throws(TierError) -> Tier {
            try Tier(
                name: name, monthlyCredits: monthlyCredits, longestSource: longestSource,
                tasksPerDay: tasksPerDay, concurrentTasks: concurrentTasks, storage: storage,
                priority: priority)
        }
    }

    static let terms: JSONInput<Terms> = .object(
        "TierInput", "What a plan is to be.",
        JSONInputField<Int>.required(
            "monthly_credits", .integer(Tier.creditRange), "The credits of a month.", example: 500),
        JSONInputField<Int?>.optional(
            "longest_source_seconds", .nullable(.integer(seconds)), "The longest source; null for any.",
            example: 600, default: nil),
        JSONInputField<Int?>.optional(
            "tasks_per_day", .nullable(.integer(Tier.dailyRange)), "Tasks in a day; null for any number.",
            default: nil),
        JSONInputField<Int>.required(
            "tasks_at_once", .integer(Tier.concurrencyRange), "How many tasks may wait or run.", example: 5),
        JSONInputField<Int>.required(
            "storage_bytes", .integer(Int(Tier.storageRange.lowerBound)...Int(Tier.storageRange.upperBound)),
            "How many bytes may be kept.", example: 53_687_091_200),
        JSONInputField<Int>.optional(
            "priority", .integer(Job.priorities), "How urgent its jobs are, 0 the most.",
            meaning: .integer(Int64(Job.ordinaryPriority)))
    ) { credits, source, daily, concurrent, storage, priority throws(Faults) in
        Terms(
            monthlyCredits: credits, longestSource: source.map { .seconds($0) }, tasksPerDay: daily,
            concurrentTasks: concurrent, storage: Int64(storage), priority: priority)
    }

    private static let seconds =
        Int(
            Tier.sourceRange.lowerBound.components.seconds)...Int(
            Tier.sourceRange.upperBound.components.seconds)
}
