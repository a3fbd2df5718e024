import Application
import Domain

/// The outbox of accounts in SQLite.
struct SQLiteAccountEvents: AccountEventReader, AccountEventWriter {
    let session: SQLiteSession

    func events(after number: Int64, limit: Int) throws -> [NumberedAccountEvent] {
        try session.all(
            "SELECT number, user, at, record FROM account_events WHERE number > ? ORDER BY number LIMIT ?",
            number, limit
        ) { row in
            let number = row.next(Int64.self)
            let user = row.next(Identifier<User>.self)
            let at = row.next(Timestamp.self)
            let record = try row.nextRecord(AccountEventRecord.self)
            return NumberedAccountEvent(
                number: number,
                event: AccountEvent(user: user, version: record.version, at: at, change: record.change))
        }
    }

    func latestNumber() throws -> Int64 {
        try session.value("SELECT max(number) FROM account_events") ?? 0
    }

    func append(_ events: [AccountEvent]) throws {
        for event in events {
            try session.run(
                "INSERT INTO account_events (user, at, record) VALUES (?, ?, ?)", event.user, event.at,
                AccountEventRecord(event).record)
        }
    }

    func forget(before moment: Timestamp, limit: Int) throws -> Int {
        try session.run(
            """
            DELETE FROM account_events WHERE number IN (
                SELECT number FROM account_events WHERE at < ? ORDER BY at LIMIT ?)
            """, moment, limit)
    }
}
