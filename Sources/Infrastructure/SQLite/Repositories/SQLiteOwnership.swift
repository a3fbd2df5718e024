import Application
import Domain

/// To whom things belong, in SQLite.
struct SQLiteOwnership: OwnershipWriter {
    let session: SQLiteSession

    func handOver(everythingOf former: Identifier<User>, to heir: Identifier<User>) throws -> Bool {
        guard former != heir else { return false }
        var count = 0
        count += try session.run("UPDATE tasks SET owner = ?2 WHERE owner = ?1", former, heir)
        count += try session.run("UPDATE uploads SET owner = ?2 WHERE owner = ?1", former, heir)
        count += try session.run("UPDATE jobs SET owner = ?2 WHERE owner = ?1", former, heir)
        count += try session.run("UPDATE job_history SET owner = ?2 WHERE owner = ?1", former, heir)
        count += try session.run("UPDATE webhooks SET owner = ?2 WHERE owner = ?1", former, heir)
        count += try session.run("UPDATE webhook_deliveries SET owner = ?2 WHERE owner = ?1", former, heir)
        count += try session.run(
            "UPDATE OR REPLACE notify_secrets SET owner = ?2 WHERE owner = ?1", former, heir)
        // The caller's 36 letters and a space begin each scope; the exclamation mark is what follows the space.
        count += try session.run(
            """
            UPDATE OR REPLACE stored_answers SET scope = ?2 || substr(scope, 37)
            WHERE scope > ?1 || ' ' AND scope < ?1 || '!'
            """, former.description, heir.description)
        guard count > 0 else { return false }
        try handOverTotals(of: former, to: heir)
        return true
    }

    private func handOverTotals(of former: Identifier<User>, to heir: Identifier<User>) throws {
        // What this transaction has counted so far is still to be added to the former's.
        try session.writeTallies()
        try session.run(
            """
            INSERT INTO owner_totals (owner, counter, amount)
            SELECT ?2, counter, amount FROM owner_totals WHERE owner = ?1
            ON CONFLICT (owner, counter) DO UPDATE SET amount = amount + excluded.amount
            """, former, heir)
        try session.run("DELETE FROM owner_totals WHERE owner = ?", former)
    }
}
