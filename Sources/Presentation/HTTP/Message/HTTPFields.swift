import Glibc

/// The header fields of a message, in order, in one block of memory.
///
/// Each field is kept as `name NUL value NUL`, so that taking over the head of a request costs one
/// allocation and C can read the fields of a response where they lie. Names compare without case.
package struct HTTPFields: Sendable {
    private typealias Text = Slice<UnsafeBufferPointer<UInt8>>

    /// Room for the fields of most answers, so that they take one allocation.
    private static let usualByteCount = 1024

    private var bytes: [UInt8]

    package init() {
        bytes = []
    }

    /// Takes fields over that already lie in memory as `name NUL value NUL`, neither containing NUL.
    package init(nulTerminated bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether there is no field at all.
    package var isEmpty: Bool { bytes.isEmpty }

    /// The bytes of all names and values, with one for the end of each.
    package var byteCount: Int { bytes.count }

    /// Whether every name is a token and no value holds a control character but tab.
    package var areWellFormed: Bool {
        var areWellFormed = true
        scan { name, value in
            areWellFormed =
                !name.isEmpty && name.allSatisfy(isTokenByte)
                && value.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
            return areWellFormed
        }
        return areWellFormed
    }

    /// The first value of a field, or nil; setting replaces all fields of that name, nil removes them.
    package subscript(name: String) -> String? {
        get {
            var found: String?
            scan { fieldName, value in
                guard Self.equal(fieldName, name) else { return true }
                found = String(decoding: value, as: UTF8.self)
                return false
            }
            return found
        }
        set {
            if contains(name) { remove(name) }
            if let newValue { append(name, newValue) }
        }
    }

    /// All values of a field, in order.
    package func values(of name: String) -> [String] {
        var found: [String] = []
        scan { fieldName, value in
            if Self.equal(fieldName, name) { found.append(String(decoding: value, as: UTF8.self)) }
            return true
        }
        return found
    }

    /// How many fields have this name.
    package func count(of name: String) -> Int {
        var count = 0
        scan { fieldName, _ in
            if Self.equal(fieldName, name) { count += 1 }
            return true
        }
        return count
    }

    package func contains(_ name: String) -> Bool {
        count(of: name) > 0
    }

    /// Adds a field behind the others.
    ///
    /// Control characters in the value become spaces, so that no value can start a field of its own.
    package mutating func append(_ name: String, _ value: String) {
        if bytes.isEmpty { bytes.reserveCapacity(Self.usualByteCount) }
        bytes.append(contentsOf: name.utf8)
        bytes.append(0)
        let start = bytes.count
        bytes.append(contentsOf: value.utf8)
        for index in start..<bytes.count where bytes[index] < 0x20 || bytes[index] == 0x7F {
            bytes[index] = 0x20
        }
        bytes.append(0)
    }

    /// Adds fields behind the others.
    package mutating func append(_ fields: HTTPFields) {
        if bytes.isEmpty { bytes.reserveCapacity(Self.usualByteCount) }
        bytes.append(contentsOf: fields.bytes)
    }

    /// Calls `body` for each field in order.
    package func forEach(_ body: (_ name: String, _ value: String) -> Void) {
        scan { name, value in
            body(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
            return true
        }
    }

    /// Calls `body` with all fields as they lie in memory, `name NUL value NUL` each.
    package func withNulTerminated(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        bytes.withUnsafeBufferPointer(body)
    }

    private mutating func remove(_ name: String) {
        var kept: [UInt8] = []
        scan { fieldName, value in
            if !Self.equal(fieldName, name) {
                kept.append(contentsOf: fieldName.base[fieldName.startIndex...value.endIndex])
            }
            return true
        }
        bytes = kept
    }

    /// Walks the fields until `visit` answers false.
    private func scan(_ visit: (_ name: Text, _ value: Text) -> Bool) {
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            while start < bytes.count {
                let nameEnd = Self.end(of: bytes, from: start)
                let valueEnd = Self.end(of: bytes, from: nameEnd + 1)
                guard valueEnd < bytes.count,
                    visit(bytes[start..<nameEnd], bytes[nameEnd + 1..<valueEnd])
                else { return }
                start = valueEnd + 1
            }
        }
    }

    /// The place of the next NUL, or the end.
    private static func end(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, 0, bytes.count - start)
        else { return max(start, bytes.count) }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    private static func equal(_ text: Text, _ name: String) -> Bool {
        text.count == name.utf8.count && zip(text, name.utf8).allSatisfy { lowercase($0) == lowercase($1) }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }
}

extension HTTPFields: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral fields: (String, String)...) {
        self.init()
        for (name, value) in fields { append(name, value) }
    }
}
