internal import Application
internal import Domain

/// How credits and what a plan allows stand on the wire.
enum CreditWire {
    /// What somebody has, and how it came and went.
    struct Shown: Sendable {
        let statement: CreditStatement
        let entries: Page<CreditEntry, Identifier<CreditEntry>>

        init(_ statement: CreditStatement, _ page: Page<CreditEntry, Int>) {
            self.statement = statement
            entries = Page(items: page.items, next: page.next.map(CreditWire.cursor))
        }
    }

    /// Entries are numbered, not identified: on the wire their number takes the place of an identifier's end.
    static func cursor(_ number: Int) -> Identifier<CreditEntry> {
        Identifier(high: 0, low: UInt64(clamping: number))
    }

    /// The number that a place in the list of entries stands for.
    static func number(_ cursor: Identifier<CreditEntry>) -> Int {
        cursor.high == 0 ? Int(clamping: cursor.low) : 0
    }

    static let credits = JSONOutput<Shown>.object(
        "Credits", "What somebody has in credits.",
        [
            JSONField("available", .count, "How many can be spent.", example: 10) {
                $0.statement.ledger.available.total
            },
            JSONField("monthly", .count, "How many of those end with the month.", example: 10) {
                $0.statement.ledger.available.monthly
            },
            JSONField("bought", .count, "How many of those do not end.", example: 0) {
                $0.statement.ledger.available.bought
            },
            JSONField("held", .count, "How many are set aside for tasks.", example: 0) {
                $0.statement.ledger.held.total
            },
            JSONField("period", .nullable(.text), "The month, in UTC.", example: "2026-11") {
                $0.statement.ledger.period.map(\.description)
            },
            JSONField("holds", .list(of: hold), "What credits are set aside for, newest first.") {
                $0.statement.holds
            },
            JSONField("entries", entries, "How credits came and went, newest first.") { $0.entries },
        ])

    private static let hold = JSONOutput<CreditHold>.object(
        "CreditHold", "Credits that are set aside for a task.",
        [
            JSONField("id", .identifier(), "Its identifier.") { $0.id },
            JSONField("task_id", .identifier(), "The task.") { $0.task },
            JSONField("credits", .count, "How many were set aside.", example: 3) { $0.parts.total },
            JSONField("remaining", .count, "How many still are.", example: 3) { $0.remaining.total },
            JSONField("created_at", .moment, "Since when.") { $0.createdAt },
        ])

    private static let entries: JSONOutput<Page<CreditEntry, Identifier<CreditEntry>>> = PageWire.page(
        "CreditEntryPage", "A page of the entries, newest first.", of: entry)

    static let entry = JSONOutput<CreditEntry>.object(
        "CreditEntry", "A line of the ledger.",
        [
            JSONField("number", .count, "Its place in the ledger, 1 for the first.", example: 1) {
                $0.number
            },
            JSONField("at", .moment, "When it was made.") { $0.at },
            JSONField("kind", .name, "Why credits moved.", example: "grant") { $0.kind.name },
            JSONField(
                "amount", JSONOutput(.integer(nil, nil)) { $1.integer(Int64($0)) },
                "How many moved; below zero where an administrator took some away.", example: 10
            ) { $0.parts.total },
            JSONField("hold_id", .nullable(.identifier()), "The hold that it is about.") { $0.kind.hold },
            JSONField("reason", .nullable(.text), "Why an administrator corrected the balance.") {
                if case .adjust(let reason) = $0.kind { reason } else { nil }
            },
            JSONField("available", .count, "How many could be spent after it.", example: 10) {
                $0.available
            },
            JSONField("held", .count, "How many were set aside after it.", example: 0) { $0.held },
        ])

    static let usage = JSONOutput<Usage>.object(
        "Usage", "How much of a plan somebody uses, and what it allows.",
        [
            JSONField("tier", .text, "The plan.", example: "free") { $0.tier.name.text },
            JSONField("tasks_per_day", .nullable(.count), "Tasks in a day; null for any number.", example: 3)
            {
                $0.tier.tasksPerDay
            },
            JSONField(
                "tasks_left_today", .nullable(.count), "How many may still be ordered; null for any number.",
                example: 3
            ) { $0.today?.remaining },
            JSONField("day_ends_at", .nullable(.moment), "When that count begins anew.") { $0.today?.until },
            JSONField("tasks_at_once", .count, "How many tasks may wait or run.", example: 1) {
                $0.tier.concurrentTasks
            },
            JSONField("unfinished_tasks", .count, "How many do.", example: 0) { $0.unfinishedTasks },
            JSONField("storage_bytes", .count, "How many bytes may be kept.", example: 1_073_741_824) {
                $0.tier.storage
            },
            JSONField("stored_bytes", .count, "How many are.", example: 0) { $0.storedBytes },
            JSONField(
                "longest_source_seconds", .nullable(.count), "The longest source; null for any.", example: 60
            ) { $0.tier.longestSource.map { Int($0.components.seconds) } },
            JSONField("monthly_credits", .count, "The credits of a month.", example: 10) {
                $0.tier.monthlyCredits
            },
        ])
}
