import CSQLite

/// One step of the schema: a script that, once published, never changes.
package struct Migration: Sendable {
    /// Its place; the first is 1.
    package let number: Int
    /// What it brings, in a few words.
    package let summary: String
    /// The statements.
    package let script: String

    /// A step of the schema.
    package init(number: Int, summary: String, script: String) {
        self.number = number
        self.summary = summary
        self.script = script
    }
}

/// Why a database file cannot be used.
package enum SchemaError: Error, Equatable, CustomStringConvertible {
    /// A newer version of the program has changed the schema.
    case newer(found: Int, known: Int)
    /// The file is a database of some other program.
    case foreign(applicationID: Int)

    /// One line for a person.
    package var description: String {
        switch self {
        case .newer(let found, let known):
            "the store was written by a newer version of Cutroom (schema \(found), this one knows \(known)): "
                + "install that version, or restore a backup"
        case .foreign(let applicationID):
            "the file is a database of another program (application id \(applicationID))"
        }
    }
}

/// Brings a database's schema to the newest version, forward only.
struct Migrator {
    /// "CTRM", kept in the file's header: `file(1)` and this program know a store by it.
    static let applicationID = 0x4354_524D

    let migrations: [Migration]

    /// Runs what is missing; two processes may do so at once, since the one that comes second waits.
    ///
    /// - Returns: The version before and after.
    @discardableResult
    func run(on session: SQLiteSession) throws -> (from: Int, to: Int) {
        let known = migrations.last?.number ?? 0
        // Another process may be at it: what is read must be of one moment.
        try session.execute("BEGIN")
        let version = Result { try checkedVersion(of: session, known: known) }
        try session.execute("COMMIT")
        let present = try version.get()
        guard present < known else { return (present, present) }
        try session.execute("BEGIN EXCLUSIVE")
        do {
            // Whoever held the lock before may have done it already.
            let from = try checkedVersion(of: session, known: known)
            for migration in migrations where migration.number > from {
                try session.execute(migration.script)
            }
            try session.execute(
                "PRAGMA application_id = \(Self.applicationID); PRAGMA user_version = \(known); COMMIT")
            return (from, known)
        } catch {
            if !session.connection.isOutsideTransaction { try? session.execute("ROLLBACK") }
            throw error
        }
    }

    private func checkedVersion(of session: SQLiteSession, known: Int) throws -> Int {
        let applicationID = try session.value("PRAGMA application_id", as: Int.self) ?? 0
        let version = try session.value("PRAGMA user_version", as: Int.self) ?? 0
        let tables = try session.value("SELECT count(*) FROM sqlite_schema", as: Int.self) ?? 0
        guard applicationID == Self.applicationID || (applicationID == 0 && tables == 0) else {
            throw SchemaError.foreign(applicationID: applicationID)
        }
        guard version <= known else { throw SchemaError.newer(found: version, known: known) }
        return version
    }
}
