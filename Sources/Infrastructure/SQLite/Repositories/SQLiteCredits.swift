import Application
import Domain

/// The users' credits in SQLite.
struct SQLiteCredits: CreditReader {
    let session: SQLiteSession

    private static let holdColumns: StaticString = """
        id, user, task, monthly, bought, period, remaining_monthly, remaining_bought, captured, refunded,
        created_at, ended_at
        """
    static let newestEntries = SQL(
        """
        SELECT user, number, at, kind, monthly, bought, available, held, period, hold, reason
        FROM credit_entries WHERE user = ? AND number < ? ORDER BY number DESC LIMIT ?
        """)
    static let findHold = SQL("SELECT", holdColumns, "FROM credit_holds WHERE id = ?")
    static let openHoldOfTask = SQL(
        "SELECT", holdColumns, "FROM credit_holds WHERE task = ? AND ended_at IS NULL")
    static let latestHoldOfTask = SQL(
        "SELECT", holdColumns, "FROM credit_holds WHERE task = ? ORDER BY id DESC LIMIT 1")
    static let holdsOfTask = SQL(
        "SELECT", holdColumns, "FROM credit_holds WHERE task = ? ORDER BY id")
    static let openHoldsOfUser = SQL(
        "SELECT", holdColumns, "FROM credit_holds WHERE user = ? AND ended_at IS NULL ORDER BY id DESC")

    func ledger(of user: Identifier<User>) throws -> CreditLedger {
        try session.first(
            """
            SELECT version, available_monthly, available_bought, held_monthly, held_bought, period,
                granted_in_period
            FROM credit_ledgers WHERE user = ?
            """, user
        ) { row in
            let version = row.next(Int.self)
            return CreditLedger(
                of: user, available: row.nextParts(), held: row.nextParts(), period: try row.nextPeriod(),
                grantedInPeriod: row.next(), version: version)
        } ?? CreditLedger(of: user)
    }

    func entries(of user: Identifier<User>, limit: Int, before cursor: Int?) throws -> Page<CreditEntry, Int>
    {
        let entries = try session.all(
            Self.newestEntries, user, cursor ?? .max, limit + 1, as: CreditEntry.init(row:))
        return Page(upTo: limit, of: entries) { $0.number }
    }

    func totals() throws -> [CreditEntry.Kind.Name: Int] {
        let totals = try session.totals(of: nil)
        return CreditEntry.Kind.Name.allCases.reduce(into: [:]) { amounts, kind in
            let amount = totals[Total(kind)]
            if amount != 0 { amounts[kind] = amount }
        }
    }

    func hold(_ id: Identifier<CreditHold>) throws -> CreditHold? {
        try session.first(Self.findHold, id, as: CreditHold.init(row:))
    }

    func openHold(of task: Identifier<VideoTask>) throws -> CreditHold? {
        try session.first(Self.openHoldOfTask, task, as: CreditHold.init(row:))
    }

    func latestHold(of task: Identifier<VideoTask>) throws -> CreditHold? {
        try session.first(Self.latestHoldOfTask, task, as: CreditHold.init(row:))
    }

    func holds(of task: Identifier<VideoTask>) throws -> [CreditHold] {
        try session.all(Self.holdsOfTask, task, as: CreditHold.init(row:))
    }

    func openHolds(of user: Identifier<User>) throws -> [CreditHold] {
        try session.all(Self.openHoldsOfUser, user, as: CreditHold.init(row:))
    }

    func allowance(of user: Identifier<User>) throws -> DailyAllowance {
        try session.first(
            "SELECT day_start, day_end, ordered FROM daily_allowances WHERE user = ?", user
        ) { row in
            let bounds = (row.next(Timestamp?.self), row.next(Timestamp?.self))
            guard case (let start?, let end?) = bounds else {
                return DailyAllowance(day: nil, ordered: row.next())
            }
            guard let day = UserDay(start: start, end: end) else {
                throw PortError.corrupt("a day that ends before it begins")
            }
            return DailyAllowance(day: day, ordered: row.next())
        } ?? DailyAllowance()
    }
}

extension Row {
    fileprivate mutating func nextParts() -> CreditParts {
        CreditParts(monthly: next(), bought: next())
    }

    fileprivate mutating func nextPeriod() throws -> CreditPeriod? {
        guard let key = next(String?.self) else { return nil }
        guard let period = CreditPeriod(key) else { throw PortError.corrupt("'\(key)' is no month") }
        return period
    }
}

extension CreditEntry {
    fileprivate init(row: inout Row) throws {
        let user = row.next(Identifier<User>.self)
        let number = row.next(Int.self)
        let at = row.next(Timestamp.self)
        let name: Kind.Name = try RecordReader.named(row.next())
        let parts = row.nextParts()
        let available = row.next(Int.self)
        let held = row.next(Int.self)
        let period = try row.nextPeriod()
        let hold = row.next(Identifier<CreditHold>?.self)
        let reason = row.next(String?.self)
        let kind: Kind =
            switch (name, hold, reason) {
            case (.grant, _, _): period.map { .monthlyGrant($0) } ?? .grant
            case (.expire, _, _): .expire
            case (.hold, let hold?, _): .hold(hold)
            case (.capture, let hold?, _): .capture(hold)
            case (.release, let hold?, _): .release(hold)
            case (.refund, let hold?, _): .refund(hold)
            case (.adjust, _, let reason?): .adjust(reason: reason)
            default: throw PortError.corrupt("an entry of a ledger that lacks its data")
            }
        self.init(
            user: user, number: number, at: at, kind: kind, parts: parts, available: available, held: held)
    }
}

extension CreditHold {
    fileprivate init(row: inout Row) throws {
        let id = row.next(Identifier<CreditHold>.self)
        let user = row.next(Identifier<User>.self)
        let task = row.next(Identifier<VideoTask>.self)
        self.init(
            id: id, user: user, task: task, parts: row.nextParts(), period: try row.nextPeriod(),
            remaining: row.nextParts(), captured: row.next(), refunded: row.next(), createdAt: row.next(),
            endedAt: row.next())
    }
}
