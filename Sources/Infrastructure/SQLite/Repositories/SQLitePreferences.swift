import Application
import Domain

/// How users want their clips, in SQLite.
struct SQLitePreferences: PreferencesReader, PreferencesWriter {
    let session: SQLiteSession

    func find(_ user: Identifier<User>) throws -> Preferences? {
        try session.first("SELECT record FROM preferences WHERE user = ?", user) { row in
            try row.nextRecord(PreferencesRecord.self).preferences
        }
    }

    func put(_ preferences: Preferences, of user: Identifier<User>) throws {
        try session.run(
            """
            INSERT INTO preferences (user, record) VALUES (?, ?)
            ON CONFLICT (user) DO UPDATE SET record = excluded.record
            """, user, PreferencesRecord(preferences: preferences).record)
    }

    func forget(_ user: Identifier<User>) throws {
        try session.run("DELETE FROM preferences WHERE user = ?", user)
    }
}
