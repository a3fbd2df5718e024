import Domain

/// Appends fields to a record: integers as variable-length zigzag, texts and lists after their length.
struct RecordWriter {
    private(set) var bytes: [UInt8]

    init(version: UInt8) {
        bytes = []
        bytes.reserveCapacity(256)
        bytes.append(version)
    }

    mutating func put(_ value: Int) {
        var rest = UInt64(bitPattern: Int64(value) << 1 ^ Int64(value) >> 63)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func put(_ value: Double) {
        put(bits: value.bitPattern)
    }

    mutating func put(bits: UInt64) {
        withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func put(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    mutating func put(_ value: String) {
        put(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    mutating func put(_ value: Timestamp) {
        put(Int(value.milliseconds))
    }

    mutating func put(_ value: [UInt8]) {
        put(value.count)
        bytes.append(contentsOf: value)
    }

    mutating func put(_ value: some Recorded) {
        value.write(to: &self)
    }

    mutating func put<Value>(_ value: Value?, by put: (inout RecordWriter, Value) -> Void) {
        self.put(value != nil)
        if let value { put(&self, value) }
    }

    mutating func put<Value>(_ values: [Value], by put: (inout RecordWriter, Value) -> Void) {
        self.put(values.count)
        for value in values { put(&self, value) }
    }
}
