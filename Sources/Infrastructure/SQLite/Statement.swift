import CSQLite

/// A compiled statement that a session keeps; finalized with its last reference.
final class PreparedStatement {
    let handle: OpaquePointer
    fileprivate(set) var isInUse = false

    init(_ sql: SQL, on connection: borrowing Connection) throws(SQLiteError) {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection.handle, sql.text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else {
            throw SQLiteError(of: connection.handle, code: code, sql: sql.text)
        }
        handle = prepared
    }

    deinit {
        sqlite3_finalize(handle)
    }
}

/// One use of a prepared statement: bind, step, read; it is reset when the use ends.
struct Statement: ~Copyable {
    private let prepared: PreparedStatement
    private var bound: Int32 = 0
    private var isHeavy = false

    /// Longer texts and blobs are let go when the use ends; shorter ones leave their buffer to the next use,
    /// which saves an allocation each.
    private static let heavy = 4096

    init(using prepared: PreparedStatement) {
        self.prepared = prepared
        prepared.isInUse = true
    }

    deinit {
        sqlite3_reset(prepared.handle)
        if isHeavy { sqlite3_clear_bindings(prepared.handle) }
        prepared.isInUse = false
    }

    /// Binds the next parameter.
    ///
    /// Every use binds all of them: a value of the use before may still be there.
    mutating func bind(_ value: some Bindable) throws(SQLiteError) {
        bound += 1
        isHeavy = isHeavy || value.byteCount > Self.heavy
        let code = value.bind(to: prepared.handle, at: bound)
        guard code == SQLITE_OK else { throw error(code) }
    }

    /// Goes to the next row; false after the last one.
    func step() throws(SQLiteError) -> Bool {
        let code = sqlite3_step(prepared.handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        throw error(code)
    }

    /// The current row, to be read before the next step.
    var row: Row { Row(statement: prepared.handle) }

    private func error(_ code: Int32) -> SQLiteError {
        SQLiteError(
            of: sqlite3_db_handle(prepared.handle), code: code,
            sql: sqlite3_sql(prepared.handle).map { String(cString: $0) })
    }
}

/// The columns of the row that a statement stands on, read from left to right.
package struct Row: ~Copyable {
    private let statement: OpaquePointer
    private var index: Int32 = 0

    init(statement: OpaquePointer) {
        self.statement = statement
    }

    /// The next column.
    ///
    /// STRICT tables and NOT NULL make sure that it is of the type asked for.
    package mutating func next<Value: ColumnValue>(_: Value.Type = Value.self) -> Value {
        defer { index += 1 }
        return Value(column: index, of: statement)
    }

    /// The next column as a record, read where it lies.
    mutating func nextRecord<Value: VersionedRecord>(_: Value.Type = Value.self) throws -> Value {
        defer { index += 1 }
        let bytes = sqlite3_column_blob(statement, index)
        let count = sqlite3_column_bytes(statement, index)
        return try Value(record: UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
}
