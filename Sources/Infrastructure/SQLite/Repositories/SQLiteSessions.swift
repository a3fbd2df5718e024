import Application
import Domain

/// People's stays in SQLite.
struct SQLiteSessions: SessionReader, SessionWriter {
    let session: SQLiteSession

    private static let columns: StaticString = """
        id, user, version, generation, created_at, refreshed_at, revoked_at, revocation, device
        """
    static let findOne = SQL("SELECT", columns, "FROM sessions WHERE id = ?")
    static let activeOfUser = SQL(
        "SELECT", columns,
        "FROM sessions WHERE user = ? AND revoked_at IS NULL AND over_at > ? ORDER BY id DESC")

    static let allOfUser = SQL("SELECT", columns, "FROM sessions WHERE user = ? ORDER BY id DESC")

    func find(_ id: Identifier<Session>) throws -> Session? {
        try session.first(Self.findOne, id, as: Session.init(row:))
    }

    func find(refreshToken hash: TokenHash) throws -> (session: Session, generation: Int)? {
        let token = try session.first(
            "SELECT session, generation FROM refresh_tokens WHERE hash = ?", hash
        ) { row in (stay: row.next(Identifier<Session>.self), generation: row.next(Int.self)) }
        guard let token else { return nil }
        return try find(token.stay).map { ($0, token.generation) }
    }

    func active(of user: Identifier<User>, at now: Timestamp) throws -> [Session] {
        try session.all(Self.activeOfUser, user, now, as: Session.init(row:))
    }

    func all(of user: Identifier<User>) throws -> [Session] {
        try session.all(Self.allOfUser, user, as: Session.init(row:))
    }

    func insert(_ stay: Session, refreshToken hash: TokenHash) throws {
        try session.run(
            """
            INSERT INTO sessions (
                id, user, version, generation, created_at, refreshed_at, over_at, revoked_at, revocation,
                device)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            stay.id, stay.user, stay.version, stay.generation, stay.createdAt, stay.refreshedAt, stay.overAt,
            stay.revocation?.at, stay.revocation?.reason.rawValue, stay.device)
        try add(refreshToken: hash, to: stay)
    }

    func update(_ stay: Session, refreshToken hash: TokenHash?) throws {
        let changed = try session.run(
            """
            UPDATE sessions SET
                version = ?2, generation = ?3, refreshed_at = ?4, over_at = ?5, revoked_at = ?6,
                revocation = ?7
            WHERE id = ?1 AND version < ?2
            """,
            stay.id, stay.version, stay.generation, stay.refreshedAt, stay.overAt, stay.revocation?.at,
            stay.revocation?.reason.rawValue)
        guard changed == 1 else { throw PortError.conflict("the session was changed meanwhile") }
        if let hash { try add(refreshToken: hash, to: stay) }
    }

    func forgetAll(of user: Identifier<User>) throws {
        // Their refresh tokens go with them.
        try session.run("DELETE FROM sessions WHERE user = ?", user)
    }

    func forget(overBefore moment: Timestamp, limit: Int) throws -> Int {
        let tokens = try session.run(
            """
            DELETE FROM refresh_tokens WHERE hash IN (
                SELECT hash FROM sessions CROSS JOIN refresh_tokens ON session = sessions.id
                WHERE over_at < ? ORDER BY over_at LIMIT ?)
            """, moment, limit)
        // Where fewer than the limit were found, none are left.
        let sessions = try session.run(
            """
            DELETE FROM sessions WHERE number IN (
                SELECT number FROM sessions WHERE over_at < ? ORDER BY over_at LIMIT ?)
            """, moment, limit - tokens)
        return tokens + sessions
    }

    func add(refreshToken hash: TokenHash, to stay: Session) throws {
        try session.run(
            "INSERT INTO refresh_tokens (hash, session, generation) VALUES (?, ?, ?)", hash, stay.id,
            stay.generation)
    }
}

extension Session {
    fileprivate init(row: inout Row) throws {
        let id = row.next(Identifier<Session>.self)
        let user = row.next(Identifier<User>.self)
        let version = row.next(Int.self)
        let generation = row.next(Int.self)
        let createdAt = row.next(Timestamp.self)
        let refreshedAt = row.next(Timestamp.self)
        let revokedAt = row.next(Timestamp?.self)
        let reason: Revocation.Reason? = try row.next(String?.self).map(RecordReader.named)
        let device = row.next(String.self)
        let revocation: Revocation? =
            if let revokedAt, let reason { Revocation(reason: reason, at: revokedAt) } else { nil }
        self.init(
            id: id, user: user, device: device, createdAt: createdAt, refreshedAt: refreshedAt,
            generation: generation, revocation: revocation, version: version)
    }
}
