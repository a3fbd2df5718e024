import Application
import Domain

extension SQLiteCredits: CreditWriter {
    func append(_ entries: [CreditEntry], leadingTo ledger: CreditLedger) throws {
        guard !entries.isEmpty else { return }
        let former = ledger.version - entries.count
        guard ledger.isReached(by: entries), try replace(former, by: ledger) else {
            throw PortError.conflict("the ledger was changed meanwhile")
        }
        for entry in entries { try append(entry) }
    }

    func forgetReasons(of user: Identifier<User>) throws {
        try session.run(
            "UPDATE credit_entries SET reason = '' WHERE user = ? AND kind = 'adjust' AND reason <> ''", user)
    }

    func put(_ hold: CreditHold) throws {
        try session.run(
            """
            INSERT INTO credit_holds (
                id, user, task, monthly, bought, period, remaining_monthly, remaining_bought, captured,
                refunded, created_at, ended_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET
                remaining_monthly = excluded.remaining_monthly,
                remaining_bought = excluded.remaining_bought, captured = excluded.captured,
                refunded = excluded.refunded, ended_at = excluded.ended_at
            """,
            hold.id, hold.user, hold.task, hold.parts.monthly, hold.parts.bought, hold.period?.description,
            hold.remaining.monthly, hold.remaining.bought, hold.captured, hold.refunded, hold.createdAt,
            hold.endedAt)
    }

    func put(_ allowance: DailyAllowance, of user: Identifier<User>) throws {
        try session.run(
            """
            INSERT INTO daily_allowances (user, day_start, day_end, ordered) VALUES (?, ?, ?, ?)
            ON CONFLICT (user) DO UPDATE SET
                day_start = excluded.day_start, day_end = excluded.day_end, ordered = excluded.ordered
            """, user, allowance.day?.start, allowance.day?.end, allowance.ordered)
    }

    /// Puts a summary in the place of the one with that version, 0 for none; false when another is there.
    private func replace(_ version: Int, by ledger: CreditLedger) throws -> Bool {
        let period = ledger.period?.description
        if version == 0 {
            return try session.run(
                """
                INSERT INTO credit_ledgers (
                    user, version, available_monthly, available_bought, held_monthly, held_bought, period,
                    granted_in_period)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """,
                ledger.user, ledger.version, ledger.available.monthly, ledger.available.bought,
                ledger.held.monthly, ledger.held.bought, period, ledger.grantedInPeriod) == 1
        }
        return try session.run(
            """
            UPDATE credit_ledgers SET
                version = ?3, available_monthly = ?4, available_bought = ?5, held_monthly = ?6,
                held_bought = ?7, period = ?8, granted_in_period = ?9
            WHERE user = ?1 AND version = ?2
            """,
            ledger.user, version, ledger.version, ledger.available.monthly, ledger.available.bought,
            ledger.held.monthly, ledger.held.bought, period, ledger.grantedInPeriod) == 1
    }

    private func append(_ entry: CreditEntry) throws {
        try session.run(
            """
            INSERT INTO credit_entries (
                user, number, at, kind, monthly, bought, available, held, period, hold, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            entry.user, entry.number, entry.at, entry.kind.name.rawValue, entry.parts.monthly,
            entry.parts.bought, entry.available, entry.held, entry.kind.period?.description, entry.kind.hold,
            entry.kind.reason)
        session.count(Total(entry.kind.name), of: nil, by: entry.parts.total)
    }
}

extension CreditEntry.Kind {
    fileprivate var period: CreditPeriod? {
        if case .monthlyGrant(let period) = self { period } else { nil }
    }

    fileprivate var reason: String? {
        if case .adjust(let reason) = self { reason } else { nil }
    }
}
