import Application
import Domain

/// How the configuration came to be what it is, in SQLite.
struct SQLiteRevisions: RevisionReader, RevisionWriter {
    let session: SQLiteSession

    private static let columns: StaticString = "number, checksum, author, cause, at"
    /// The numbers begin at 1; the condition has SQLite search by them from the end instead of scanning.
    static let newest = SQL(
        "SELECT", columns, "FROM configuration_revisions WHERE number > 0 ORDER BY number DESC LIMIT ?")

    func latest() throws -> ConfigurationRevision? { try newest(1).first }

    func newest(_ count: Int) throws -> [ConfigurationRevision] {
        try session.all(Self.newest, count, as: RevisionRow.init(row:)).map { row in
            guard let cause = ConfigurationRevision.Cause(rawValue: row.cause) else {
                throw PortError.corrupt("the cause of revision \(row.number)")
            }
            return ConfigurationRevision(
                number: row.number, checksum: row.checksum, author: row.author, cause: cause, at: row.at,
                changes: try changes(of: row.number))
        }
    }

    func settings(of number: Int64) throws -> [StoredSetting]? {
        let isThere = try session.value(
            "SELECT count(*) FROM configuration_revisions WHERE number = ?", number, as: Int.self)
        guard isThere == 1 else { return nil }
        return try session.all(
            """
            SELECT name, sealed, overrides, changed_at, changed_by FROM configuration_settings
            WHERE revision = ? ORDER BY name
            """, number, as: StoredSetting.init(row:))
    }

    func append(_ revision: ConfigurationRevision, of settings: [StoredSetting]) throws {
        guard revision.number == (try latest()?.number ?? 0) + 1 else {
            throw PortError.conflict("the configuration has another revision")
        }
        try session.run(
            "INSERT INTO configuration_revisions (number, checksum, author, cause, at) VALUES (?, ?, ?, ?, ?)",
            revision.number, revision.checksum, revision.author, revision.cause.rawValue, revision.at)
        for (position, change) in revision.changes.enumerated() {
            try session.run(
                """
                INSERT INTO configuration_changes (revision, position, name, kind, old, new)
                VALUES (?, ?, ?, ?, ?, ?)
                """, revision.number, position, change.name, change.kind.rawValue, change.old, change.new)
        }
        for setting in settings {
            try session.run(
                """
                INSERT INTO configuration_settings (revision, name, sealed, overrides, changed_at, changed_by)
                VALUES (?, ?, ?, ?, ?, ?)
                """, revision.number, setting.name, setting.sealed, setting.overrides, setting.changedAt,
                setting.changedBy)
        }
        try session.run(
            "DELETE FROM configuration_revisions WHERE number <= ?",
            revision.number - ConfigurationRevision.remembered)
    }

    private func changes(of number: Int64) throws -> [SettingChange] {
        let rows = try session.all(
            "SELECT name, kind, old, new FROM configuration_changes WHERE revision = ? ORDER BY position",
            number, as: ChangeRow.init(row:))
        return try rows.map { row in
            guard let kind = SettingChange.Kind(rawValue: row.kind) else {
                throw PortError.corrupt("a change of revision \(number)")
            }
            return SettingChange(name: row.name, kind: kind, old: row.old, new: row.new)
        }
    }
}

private struct RevisionRow {
    let number: Int64
    let checksum: String
    let author: Identifier<User>?
    let cause: String
    let at: Timestamp

    init(row: inout Row) {
        number = row.next()
        checksum = row.next()
        author = row.next()
        cause = row.next()
        at = row.next()
    }
}

private struct ChangeRow {
    let name: String
    let kind: String
    let old: String?
    let new: String?

    init(row: inout Row) {
        name = row.next()
        kind = row.next()
        old = row.next()
        new = row.next()
    }
}
