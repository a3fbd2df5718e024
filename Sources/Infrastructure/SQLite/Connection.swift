import CSQLite
import Domain

/// An open database file: SQLite's handle, closed when the value ends.
///
/// Belongs to one thread at a time (it is opened without SQLite's own lock).
package struct Connection: ~Copyable {
    /// The open connection of SQLite.
    package let handle: OpaquePointer

    /// How a file is opened.
    enum Access {
        /// Reads and writes; the file is made if there is none.
        case create
        /// Reads and writes a file that exists.
        case existing
        /// Reads a file that exists.
        case readOnly

        fileprivate var flags: Int32 {
            switch self {
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .existing: SQLITE_OPEN_READWRITE
            case .readOnly: SQLITE_OPEN_READONLY
            }
        }
    }

    /// Opens the file at `path`.
    ///
    /// Quoted names never pass for strings, and another connection's lock is waited for up to
    /// `busyTimeout`.
    init(path: String, access: Access, busyTimeout: Duration) throws(SQLiteError) {
        _ = SQLiteLibrary.configured
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, access.flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            let error = SQLiteError(of: opened, code: code)
            sqlite3_close_v2(opened)
            throw error
        }
        handle = opened
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, Int32(clamping: busyTimeout.wholeMilliseconds))
        _ = cutroom_sqlite_configure(handle, SQLITE_DBCONFIG_DQS_DML, 0)
        _ = cutroom_sqlite_configure(handle, SQLITE_DBCONFIG_DQS_DDL, 0)
        _ = cutroom_sqlite_configure(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
    }

    deinit {
        sqlite3_close_v2(handle)
    }

    /// Whether no transaction is open: true inside a transaction's body means that SQLite rolled it back.
    var isOutsideTransaction: Bool {
        sqlite3_get_autocommit(handle) != 0
    }

    /// Rows changed, inserted or deleted by the last statement.
    var changes: Int {
        Int(sqlite3_changes64(handle))
    }

    /// Rows changed, inserted or deleted since the connection was opened, those by foreign keys included.
    var totalChanges: Int {
        Int(sqlite3_total_changes64(handle))
    }

    /// Runs every statement of `script` and ignores their rows.
    func execute(_ script: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteError(of: handle, code: code, sql: script) }
    }
}

/// The library's process-wide settings.
private enum SQLiteLibrary {
    static let configured: Bool =
        cutroom_sqlite_disable_memory_statistics() == SQLITE_OK
        && cutroom_sqlite_allocate_pages_late() == SQLITE_OK
}
