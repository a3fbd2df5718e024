package import Application
import CSQLite

/// What SQLite answered instead of doing what it was asked.
///
/// The description holds the result code, SQLite's own sentence and the statement's text; bound values are
/// never part of it, so it may be logged.
package struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The extended result code, such as `SQLITE_CONSTRAINT_UNIQUE` (2067).
    package let code: Int32
    /// SQLite's sentence.
    package let message: String
    /// The statement that failed, if it was one.
    package let sql: String?

    init(code: Int32, message: String, sql: String? = nil) {
        self.code = code
        self.message = message
        self.sql = sql
    }

    /// The last failure of a connection.
    init(of connection: OpaquePointer?, code: Int32, sql: String? = nil) {
        let extended = connection.map { sqlite3_extended_errcode($0) } ?? code
        // The connection remembers its last call only; a code it does not know of comes from elsewhere.
        let known = extended & 0xFF == code & 0xFF
        let sentence = known ? connection.flatMap { sqlite3_errmsg($0) } : sqlite3_errstr(code)
        self.init(
            code: known ? extended : code,
            message: sentence.map { String(cString: $0) } ?? "unknown error", sql: sql)
    }

    /// The low byte of the code, such as `SQLITE_CONSTRAINT` (19).
    package var primaryCode: Int32 { code & 0xFF }

    /// Whether a row with the same unique or primary key exists already.
    package var isDuplicate: Bool {
        code == SQLite.constraintUnique || code == SQLite.constraintPrimaryKey
            || code == SQLite.constraintRowID
    }

    /// Whether the disk would not confirm that a write has reached it.
    ///
    /// What is on the disk is then unknown, and the kernel forgets the failure once it has told it, so that
    /// a second attempt may succeed without the data: the process must end and recover from the log.
    package var isFailedSync: Bool {
        code == SQLite.ioErrorSync || code == SQLite.ioErrorDirectorySync
    }

    /// A sentence for a log.
    package var description: String {
        let origin = sql.map { " in: \($0)" } ?? ""
        return "SQLite \(code): \(message)\(origin)"
    }

    /// What the use cases get to see of it.
    package var portError: PortError {
        switch primaryCode {
        case SQLITE_FULL: .full("the database's disk is full")
        case SQLITE_CONSTRAINT: .conflict(message)
        case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt("the database: \(message)")
        case SQLITE_INTERRUPT: .cancelled
        default: .unavailable("the database: \(message) (\(code))")
        }
    }
}

/// The result codes that Swift does not import, since SQLite defines them by shifting others.
enum SQLite {
    static let ioErrorSync = SQLITE_IOERR | 4 << 8
    static let ioErrorDirectorySync = SQLITE_IOERR | 5 << 8
    static let constraintPrimaryKey = SQLITE_CONSTRAINT | 6 << 8
    static let constraintUnique = SQLITE_CONSTRAINT | 8 << 8
    static let constraintRowID = SQLITE_CONSTRAINT | 10 << 8
}
