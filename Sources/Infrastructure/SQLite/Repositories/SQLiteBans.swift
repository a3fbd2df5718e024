import Application
import Domain

/// From where nothing is served, and from where everything is, in SQLite.
struct SQLiteBans: BanReader, BanWriter {
    let session: SQLiteSession

    func all() throws -> [AddressBan] {
        try session.all(
            "SELECT address, reason, banned_by, strikes, banned_at, until FROM address_bans ORDER BY until",
            as: AddressBan.init(row:))
    }

    func allowed() throws -> [AllowedAddresses] {
        try session.all(
            "SELECT block, reason, added_at FROM allowed_addresses", as: AllowedAddresses.init(row:)
        ).sorted { ($0.addedAt, $0.range.description) < ($1.addedAt, $1.range.description) }
    }

    func put(_ ban: AddressBan) throws {
        let administrator: Identifier<User>? =
            if case .administrator(let user) = ban.origin { user } else { nil }
        try session.run(
            """
            INSERT INTO address_bans (address, reason, banned_by, strikes, banned_at, until)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (address) DO UPDATE SET
                reason = excluded.reason, banned_by = excluded.banned_by, strikes = excluded.strikes,
                banned_at = excluded.banned_at, until = excluded.until
            """,
            ban.address, ban.reason, administrator, ban.strikes, ban.bannedAt, ban.until)
    }

    func remove(_ address: NetworkAddress) throws {
        try session.run("DELETE FROM address_bans WHERE address = ?", address)
    }

    func put(_ allowed: AllowedAddresses) throws {
        try session.run(
            """
            INSERT INTO allowed_addresses (block, reason, added_at) VALUES (?, ?, ?)
            ON CONFLICT (block) DO UPDATE SET reason = excluded.reason, added_at = excluded.added_at
            """,
            allowed.range.description, allowed.reason, allowed.addedAt)
    }

    func remove(_ range: AddressRange) throws {
        try session.run("DELETE FROM allowed_addresses WHERE block = ?", range.description)
    }

    func forget(overBefore moment: Timestamp, limit: Int) throws -> Int {
        try session.run(
            """
            DELETE FROM address_bans WHERE address IN (
                SELECT address FROM address_bans WHERE until < ? ORDER BY until LIMIT ?)
            """, moment, limit)
    }
}

extension AddressBan {
    fileprivate init(row: inout Row) {
        let (address, reason): (NetworkAddress, String) = (row.next(), row.next())
        let administrator: Identifier<User>? = row.next()
        let (strikes, bannedAt, until): (Int, Timestamp, Timestamp) = (row.next(), row.next(), row.next())
        self.init(
            address: address, reason: reason, origin: administrator.map { .administrator($0) } ?? .automatic,
            strikes: strikes, bannedAt: bannedAt, until: until)
    }
}

extension AllowedAddresses {
    fileprivate init(row: inout Row) throws {
        let (block, reason): (String, String) = (row.next(), row.next())
        guard let range = AddressRange(block) else { throw PortError.corrupt("'\(block)' is no block") }
        self.init(range: range, reason: reason, addedAt: row.next())
    }
}
