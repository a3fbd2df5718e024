/// Appends JSON to a buffer of bytes, with nothing in between: no tree, no strings.
///
/// Commas are its own business: ``key(_:)`` and ``element()`` look at the last byte to know whether they come
/// first. It does not check that the calls make a document; the declarations that call it do.
package struct JSONWriter: ~Copyable {
    /// What was written so far.
    package private(set) var bytes: [UInt8]

    /// A writer whose buffer starts with room for `capacity` bytes.
    package init(capacity: Int = 1024) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// The document, at its end.
    package consuming func finish() -> [UInt8] {
        bytes
    }

    package mutating func beginObject() { bytes.append(UInt8(ascii: "{")) }
    package mutating func endObject() { bytes.append(UInt8(ascii: "}")) }
    package mutating func beginArray() { bytes.append(UInt8(ascii: "[")) }
    package mutating func endArray() { bytes.append(UInt8(ascii: "]")) }

    /// Writes a name as ``encodedKey(_:)`` made it: quotes, escapes and colon included.
    package mutating func key(_ encoded: [UInt8]) {
        if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: encoded)
    }

    /// Writes a name that is not known beforehand.
    package mutating func key(named name: String) {
        if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
        string(name)
        bytes.append(UInt8(ascii: ":"))
    }

    /// Comes before each element of an array.
    package mutating func element() {
        if bytes.last != UInt8(ascii: "[") { bytes.append(UInt8(ascii: ",")) }
    }

    package mutating func null() { raw("null") }

    package mutating func bool(_ truth: Bool) { raw(truth ? "true" : "false") }

    package mutating func integer(_ number: Int64) {
        var magnitude = number.magnitude
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        guard magnitude > 9 else {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude))
            return
        }
        let start = bytes.count
        while magnitude > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10))
            magnitude /= 10
        }
        bytes[start...].reverse()
    }

    /// Writes the shortest digits that read back as the same number; JSON has no word for infinity and NaN,
    /// which become null.
    package mutating func number(_ number: Double) {
        guard number.isFinite else { return null() }
        if number.magnitude < 1e15, number == number.rounded(.towardZero) {
            integer(Int64(number))
        } else {
            bytes.append(contentsOf: number.description.utf8)
        }
    }

    /// Writes text in quotes, with the escapes that RFC 8259 demands and no others.
    package mutating func string(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { escaped($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a tree.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let truth): bool(truth)
        case .integer(let number): integer(number)
        case .number(let number): self.number(number)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements {
                self.element()
                self.value(element)
            }
            endArray()
        case .object(let object):
            beginObject()
            for member in object.members {
                key(named: member.name)
                self.value(member.value)
            }
            endObject()
        }
    }

    /// Appends bytes that are JSON already.
    package mutating func raw(_ json: StaticString) {
        json.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Appends a piece of JSON that is made byte by byte in place.
    ///
    /// - Parameter fill: Gets room for `count` bytes and fills all of it.
    package mutating func raw(count: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: count))
        bytes.withUnsafeMutableBufferPointer { fill(UnsafeMutableBufferPointer(rebasing: $0[start...])) }
    }

    /// A name as ``key(_:)`` takes it.
    package static func encodedKey(_ name: String) -> [UInt8] {
        var writer = JSONWriter(capacity: name.utf8.count + 3)
        writer.string(name)
        return writer.finish() + [UInt8(ascii: ":")]
    }

    private mutating func escaped(_ text: UnsafeBufferPointer<UInt8>) {
        var plainStart = 0
        for (index, byte) in text.enumerated()
        where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            bytes.append(contentsOf: text[plainStart..<index])
            plainStart = index + 1
            bytes.append(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
            case 0x0A: bytes.append(UInt8(ascii: "n"))
            case 0x0D: bytes.append(UInt8(ascii: "r"))
            case 0x09: bytes.append(UInt8(ascii: "t"))
            default:
                raw("u00")
                bytes.append(UInt8(ascii: "0") + byte >> 4)
                let low = byte & 0xF
                bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
            }
        }
        bytes.append(contentsOf: text[plainStart...])
    }
}

extension JSONValue {
    /// The tree as a document of bytes.
    package var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.finish()
    }
}
