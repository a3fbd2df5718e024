import Application
import Domain

/// Answers that are given again, in SQLite.
struct SQLiteStoredAnswers: StoredAnswerReader, StoredAnswerWriter {
    let session: SQLiteSession

    func find(_ key: IdempotencyKey) throws -> StoredAnswer? {
        try session.first(
            """
            SELECT fingerprint, status, location, body, created_at FROM stored_answers
            WHERE scope = ? AND key = ?
            """, key.scope, key.key
        ) { row in try StoredAnswer(row: &row) }
    }

    func page(of caller: Identifier<User>, limit: Int, after key: IdempotencyKey?) throws -> [KeyedAnswer] {
        // The caller's 36 letters and a space begin each scope; the exclamation mark is what follows the space.
        let user = caller.description
        return try session.all(
            """
            SELECT scope, key, fingerprint, status, location, body, created_at FROM stored_answers
            WHERE (scope, key) > (?1, ?2) AND scope < ?3 ORDER BY scope, key LIMIT ?4
            """, key?.scope ?? user + " ", key?.key ?? "", user + "!", limit
        ) { row in
            let route = String(row.next(String.self).dropFirst(user.count + 1))
            let key = IdempotencyKey(caller: caller, route: route, key: row.next())
            return KeyedAnswer(key: key, answer: try StoredAnswer(row: &row))
        }
    }

    func put(_ answer: StoredAnswer, under key: IdempotencyKey) throws {
        try session.run(
            """
            INSERT INTO stored_answers (scope, key, fingerprint, status, location, body, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (scope, key) DO UPDATE SET
                fingerprint = excluded.fingerprint, status = excluded.status, location = excluded.location,
                body = excluded.body, created_at = excluded.created_at
            """, key.scope, key.key, answer.fingerprint.bytes, answer.status, answer.location, answer.body,
            answer.createdAt)
    }

    func forgetAll(of caller: Identifier<User>) throws {
        // The caller's 36 letters and a space begin each scope; the exclamation mark is what follows the space.
        try session.run(
            "DELETE FROM stored_answers WHERE scope > ?1 || ' ' AND scope < ?1 || '!'", caller.description)
    }

    func forget(before moment: Timestamp, limit: Int) throws -> Int {
        try session.run(
            """
            DELETE FROM stored_answers WHERE number IN (
                SELECT number FROM stored_answers WHERE created_at < ? ORDER BY created_at LIMIT ?)
            """, moment, limit)
    }
}

extension StoredAnswer {
    fileprivate init(row: inout Row) throws {
        guard let fingerprint = ContentHash(bytes: row.next()) else {
            throw PortError.corrupt("a stored answer without the hash of its request")
        }
        self.init(
            fingerprint: fingerprint, status: row.next(), location: row.next(), body: row.next(),
            createdAt: row.next())
    }
}

extension IdempotencyKey {
    /// The caller and the route, as they stand in their column.
    fileprivate var scope: String { "\(caller) \(route)" }
}
