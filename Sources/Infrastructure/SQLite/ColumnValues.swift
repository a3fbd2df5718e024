import CSQLite
package import Domain

/// A value that can be given to a statement.
package protocol Bindable {
    /// Gives a copy of the value to the parameter; answers SQLite's result code.
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32
    /// How many bytes SQLite copies beside the statement; 0 for numbers.
    var byteCount: Int { get }
}

/// A value that can be read from a column.
package protocol ColumnValue {
    /// Reads the column, counted from 0.
    init(column: Int32, of statement: OpaquePointer)
}

extension Bindable {
    package var byteCount: Int { 0 }
}

extension Int64: Bindable, ColumnValue {
    package func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, self)
    }
    package init(column: Int32, of statement: OpaquePointer) {
        self = sqlite3_column_int64(statement, column)
    }
}

extension Int: Bindable, ColumnValue {
    package func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, Int64(self))
    }
    package init(column: Int32, of statement: OpaquePointer) {
        self = Int(sqlite3_column_int64(statement, column))
    }
}

extension Double: Bindable, ColumnValue {
    package func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_double(statement, index, self)
    }
    package init(column: Int32, of statement: OpaquePointer) {
        self = sqlite3_column_double(statement, column)
    }
}

extension Bool: Bindable, ColumnValue {
    package func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, self ? 1 : 0)
    }
    package init(column: Int32, of statement: OpaquePointer) {
        self = sqlite3_column_int64(statement, column) != 0
    }
}

extension String: Bindable, ColumnValue {
    package func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        var copy = self
        return copy.withUTF8 {
            // An empty buffer may have no address, which SQLite takes for NULL.
            $0.isEmpty
                ? cutroom_sqlite_bind_text(statement, index, "", 0)
                : cutroom_sqlite_bind_text(statement, index, $0.baseAddress, UInt64($0.count))
        }
    }
    package var byteCount: Int { utf8.count }
    package init(column: Int32, of statement: OpaquePointer) {
        let text = sqlite3_column_text(statement, column)
        let count = sqlite3_column_bytes(statement, column)
        self.init(decoding: UnsafeBufferPointer(start: text, count: Int(count)), as: UTF8.self)
    }
}

extension [UInt8]: Bindable, ColumnValue {
    package func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        withUnsafeBytes {
            $0.isEmpty
                ? sqlite3_bind_zeroblob(statement, index, 0)
                : cutroom_sqlite_bind_blob(statement, index, $0.baseAddress, UInt64($0.count))
        }
    }
    package var byteCount: Int { count }
    package init(column: Int32, of statement: OpaquePointer) {
        let bytes = sqlite3_column_blob(statement, column)
        let count = sqlite3_column_bytes(statement, column)
        self.init(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
}

extension Optional: Bindable where Wrapped: Bindable {
    package func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        guard let value = self else { return sqlite3_bind_null(statement, index) }
        return value.bind(to: statement, at: index)
    }
    package var byteCount: Int { self?.byteCount ?? 0 }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
    package init(column: Int32, of statement: OpaquePointer) {
        self =
            sqlite3_column_type(statement, column) == SQLITE_NULL
            ? nil : Wrapped(column: column, of: statement)
    }
}

/// Milliseconds since 1970.
extension Timestamp: Bindable, ColumnValue {
    package func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, milliseconds)
    }
    package init(column: Int32, of statement: OpaquePointer) {
        self.init(milliseconds: sqlite3_column_int64(statement, column))
    }
}

/// Sixteen bytes, most significant first, so that the order of the bytes is the order of time.
extension Identifier: Bindable, ColumnValue {
    package func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        SixteenBytes.bind(high, low, to: statement, at: index)
    }
    package init(column: Int32, of statement: OpaquePointer) {
        let (high, low) = SixteenBytes.read(column, of: statement)
        self.init(high: high, low: low)
    }
}

/// The sixteen bytes of the IPv6 form, in the network's order.
extension NetworkAddress: Bindable, ColumnValue {
    package func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        SixteenBytes.bind(high, low, to: statement, at: index)
    }
    package init(column: Int32, of statement: OpaquePointer) {
        let (high, low) = SixteenBytes.read(column, of: statement)
        self.init(high: high, low: low)
    }
}

/// Two halves as one column, most significant byte first.
private enum SixteenBytes {
    static func bind(_ high: UInt64, _ low: UInt64, to statement: OpaquePointer, at index: Int32) -> Int32 {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) {
            cutroom_sqlite_bind_blob(statement, index, $0.baseAddress, 16)
        }
    }

    /// Zeros where the column has another length, which its CHECK rules out.
    static func read(_ column: Int32, of statement: OpaquePointer) -> (high: UInt64, low: UInt64) {
        guard let bytes = sqlite3_column_blob(statement, column),
            sqlite3_column_bytes(statement, column) == 16
        else { return (0, 0) }
        return (
            UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }
}
