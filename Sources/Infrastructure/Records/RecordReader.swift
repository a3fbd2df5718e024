import Application
import Domain

/// Takes fields from a record in the order in which they were written.
///
/// Every read is checked against the end, so that damaged bytes throw and never trap.
struct RecordReader {
    /// The version with which the record was written.
    let version: UInt8
    private let bytes: UnsafeRawBufferPointer
    private var position = 1

    /// Reads a record of that version or an earlier one; `bytes` must outlive the reader.
    init(_ bytes: UnsafeRawBufferPointer, newest: UInt8) throws {
        guard let version = bytes.first, (1...newest).contains(version) else {
            throw PortError.corrupt("a record of unknown version")
        }
        self.bytes = bytes
        self.version = version
    }

    func requireEnd() throws {
        guard position == bytes.count else { throw PortError.corrupt("a record with bytes left over") }
    }

    mutating func int() throws -> Int {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return Int(Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)) }
            shift += 7
        }
        throw PortError.corrupt("a record that breaks off")
    }

    mutating func bits() throws -> UInt64 {
        UInt64(littleEndian: try take(8).loadUnaligned(as: UInt64.self))
    }

    mutating func double() throws -> Double {
        Double(bitPattern: try bits())
    }

    mutating func bool() throws -> Bool {
        try take(1)[0] != 0
    }

    mutating func string() throws -> String {
        String(decoding: try take(try int()), as: UTF8.self)
    }

    mutating func timestamp() throws -> Timestamp {
        Timestamp(milliseconds: Int64(try int()))
    }

    mutating func blob() throws -> [UInt8] {
        Array(try take(try int()))
    }

    mutating func value<Value: Recorded>(_: Value.Type = Value.self) throws -> Value {
        try Value(from: &self)
    }

    mutating func optional<Value>(
        _ read: (inout RecordReader) throws -> Value
    ) throws -> Value? {
        try bool() ? try read(&self) : nil
    }

    mutating func list<Value>(
        _ read: (inout RecordReader) throws -> Value
    ) throws -> [Value] {
        let count = try int()
        // Each element takes a byte at least: a greater count is damage, and must not reserve memory.
        guard count >= 0, count <= bytes.count - position else {
            throw PortError.corrupt("a record that breaks off")
        }
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try read(&self)) }
        return values
    }

    /// A case by the name under which it was written.
    mutating func named<Value: RawRepresentable<String>>(
        _: Value.Type = Value.self
    ) throws -> Value {
        try Self.named(try string())
    }

    /// A case by its name.
    static func named<Value: RawRepresentable<String>>(_ name: String) throws -> Value {
        guard let value = Value(rawValue: name) else {
            throw PortError.corrupt("'\(name)' is not known as a \(Value.self)")
        }
        return value
    }

    private mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= bytes.count - position else {
            throw PortError.corrupt("a record that breaks off")
        }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }
}
