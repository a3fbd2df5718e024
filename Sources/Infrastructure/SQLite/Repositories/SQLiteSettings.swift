import Application
import Domain

/// What administrators have set, in SQLite.
struct SQLiteSettings: SettingReader, SettingWriter {
    let session: SQLiteSession

    private static let columns: StaticString = "name, sealed, overrides, changed_at, changed_by"
    static let findOne = SQL("SELECT", columns, "FROM settings WHERE name = ?")
    static let byName = SQL("SELECT", columns, "FROM settings ORDER BY name")

    func find(_ name: String) throws -> StoredSetting? {
        try session.first(Self.findOne, name, as: StoredSetting.init(row:))
    }

    func all() throws -> [StoredSetting] {
        try session.all(Self.byName, as: StoredSetting.init(row:))
    }

    func put(_ setting: StoredSetting) throws {
        try session.run(
            """
            INSERT INTO settings (name, sealed, overrides, changed_at, changed_by) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET
                sealed = excluded.sealed, overrides = excluded.overrides, changed_at = excluded.changed_at,
                changed_by = excluded.changed_by
            """,
            setting.name, setting.sealed, setting.overrides, setting.changedAt, setting.changedBy)
    }

    func remove(_ name: String) throws {
        try session.run("DELETE FROM settings WHERE name = ?", name)
    }
}

extension StoredSetting {
    /// A setting as its columns stand, in the order of the initialiser.
    init(row: inout Row) {
        self.init(
            name: row.next(), sealed: row.next(), overrides: row.next(), changedAt: row.next(),
            changedBy: row.next())
    }
}
