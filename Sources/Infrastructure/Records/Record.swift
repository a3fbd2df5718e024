import Application

/// A value that is kept in a compact form of our own: written and read field by field, in the same order.
protocol Recorded {
    /// Reads what ``write(to:)`` wrote, in this or an earlier version of the enclosing record.
    init(from reader: inout RecordReader) throws
    /// Writes the fields.
    func write(to writer: inout RecordWriter)
}

/// A recorded value that fills a column: its first byte is the version of its form.
///
/// A new field raises the version; the reader asks for the version before it reads that field, so that what
/// was kept before stays readable.
protocol VersionedRecord: Recorded {
    /// The version that is written.
    static var recordVersion: UInt8 { get }
}

extension VersionedRecord {
    /// The bytes for the column.
    var record: [UInt8] {
        var writer = RecordWriter(version: Self.recordVersion)
        write(to: &writer)
        return writer.bytes
    }

    /// Reads what ``record`` has made.
    init(record bytes: [UInt8]) throws {
        self = try bytes.withUnsafeBytes { try Self(record: $0) }
    }

    /// Reads what ``record`` has made, where it lies.
    init(record bytes: UnsafeRawBufferPointer) throws {
        var reader = try RecordReader(bytes, newest: Self.recordVersion)
        try self.init(from: &reader)
        try reader.requireEnd()
    }
}
