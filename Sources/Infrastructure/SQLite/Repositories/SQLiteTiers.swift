import Application
import Domain

/// The plans in SQLite.
struct SQLiteTiers: TierReader, TierWriter {
    let session: SQLiteSession

    private static let columns: StaticString = """
        name, monthly_credits, longest_source, tasks_per_day, concurrent_tasks, storage, priority
        """
    static let findOne = SQL("SELECT", columns, "FROM tiers WHERE name = ?")
    static let byName = SQL("SELECT", columns, "FROM tiers ORDER BY name")

    func find(_ name: Tier.Name) throws -> Tier? {
        try session.first(Self.findOne, name.text, as: Tier.init(row:))
    }

    func all() throws -> [Tier] {
        try session.all(Self.byName, as: Tier.init(row:))
    }

    func put(_ tier: Tier) throws {
        try session.run(
            """
            INSERT INTO tiers (
                name, monthly_credits, longest_source, tasks_per_day, concurrent_tasks, storage, priority)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET
                monthly_credits = excluded.monthly_credits, longest_source = excluded.longest_source,
                tasks_per_day = excluded.tasks_per_day, concurrent_tasks = excluded.concurrent_tasks,
                storage = excluded.storage, priority = excluded.priority
            """,
            tier.name.text, tier.monthlyCredits, tier.longestSource?.wholeMilliseconds, tier.tasksPerDay,
            tier.concurrentTasks, tier.storage, tier.priority)
    }
}

extension Tier {
    fileprivate init(row: inout Row) throws {
        let name = Name(stored: row.next())
        do throws(TierError) {
            try self.init(
                name: name, monthlyCredits: row.next(),
                longestSource: row.next(Int64?.self).map { .milliseconds($0) }, tasksPerDay: row.next(),
                concurrentTasks: row.next(), storage: row.next(), priority: row.next())
        } catch {
            throw PortError.corrupt("the plan '\(name)' breaks a rule: \(error.explanation)")
        }
    }
}
