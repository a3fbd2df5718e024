import Application
import Domain

/// The API keys in SQLite.
struct SQLiteAPIKeys: APIKeyReader, APIKeyWriter {
    let session: SQLiteSession

    private static let columns: StaticString = """
        id, owner, version, hash, created_at, expires_at, last_used_at, revoked_at, record
        """
    static let findOne = SQL("SELECT", columns, "FROM api_keys WHERE id = ?")
    static let byHash = SQL("SELECT", columns, "FROM api_keys WHERE hash = ?")
    static let ofOwner = SQL("SELECT", columns, "FROM api_keys WHERE owner = ? ORDER BY id DESC")

    func find(_ id: Identifier<APIKey>) throws -> APIKey? {
        try session.first(Self.findOne, id, as: APIKey.init(row:))
    }

    func find(hash: TokenHash) throws -> APIKey? {
        try session.first(Self.byHash, hash, as: APIKey.init(row:))
    }

    func all(of owner: Identifier<User>) throws -> [APIKey] {
        try session.all(Self.ofOwner, owner, as: APIKey.init(row:))
    }

    func countActive(of owner: Identifier<User>, at now: Timestamp) throws -> Int {
        try session.value(
            """
            SELECT count(*) FROM api_keys
            WHERE owner = ?1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?2)
            """, owner, now, as: Int.self) ?? 0
    }

    func insert(_ key: APIKey) throws {
        try session.run(
            """
            INSERT INTO api_keys (
                id, owner, version, hash, created_at, expires_at, last_used_at, revoked_at, record)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            key.id, key.owner, key.version, key.hash, key.createdAt, key.expiresAt, key.lastUsedAt,
            key.revokedAt, APIKeyRecord(key).record)
    }

    func update(_ key: APIKey) throws {
        let changed = try session.run(
            """
            UPDATE api_keys SET
                version = ?2, revoked_at = ?3, record = ?4,
                last_used_at = max(coalesce(last_used_at, ?5), coalesce(?5, last_used_at))
            WHERE id = ?1 AND version < ?2
            """,
            key.id, key.version, key.revokedAt, APIKeyRecord(key).record, key.lastUsedAt)
        guard changed == 1 else { throw PortError.conflict("the key was changed meanwhile") }
    }

    func noteUse(of id: Identifier<APIKey>, at moment: Timestamp) throws {
        try session.run(
            """
            UPDATE api_keys SET last_used_at = ?2
            WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)
            """, id, moment)
    }

    func forgetVoid(of owner: Identifier<User>, keeping count: Int, at now: Timestamp) throws {
        try session.run(
            """
            DELETE FROM api_keys WHERE number IN (
                SELECT number FROM api_keys
                WHERE owner = ?1 AND (revoked_at IS NOT NULL OR expires_at <= ?2)
                ORDER BY id DESC LIMIT -1 OFFSET ?3)
            """, owner, now, count)
    }

    func forget(voidBefore moment: Timestamp, limit: Int) throws -> Int {
        try session.run(
            """
            DELETE FROM api_keys WHERE number IN (
                SELECT number FROM api_keys
                WHERE coalesce(min(revoked_at, expires_at), revoked_at, expires_at) < ?1
                ORDER BY coalesce(min(revoked_at, expires_at), revoked_at, expires_at) LIMIT ?2)
            """, moment, limit)
    }

    func forgetAll(of owner: Identifier<User>) throws {
        try session.run("DELETE FROM api_keys WHERE owner = ?", owner)
    }
}

extension APIKey {
    fileprivate init(row: inout Row) throws {
        let id = row.next(Identifier<APIKey>.self)
        let owner = row.next(Identifier<User>.self)
        let version = row.next(Int.self)
        let hash = try row.nextTokenHash()
        let createdAt = row.next(Timestamp.self)
        let expiresAt = row.next(Timestamp?.self)
        let lastUsedAt = row.next(Timestamp?.self)
        let revokedAt = row.next(Timestamp?.self)
        let record = try row.nextRecord(APIKeyRecord.self)
        self.init(
            id: id, owner: owner, name: record.name, scopes: record.scopes, hash: hash, createdAt: createdAt,
            expiresAt: expiresAt, lastUsedAt: lastUsedAt, revokedAt: revokedAt, version: version)
    }
}
