/// Writes JSON into a buffer of bytes, with nothing in between: no tree, no strings.
///
/// Commas are its own business: ``key(_:)`` and ``element()`` look at the last byte to know whether they come
/// first. It does not check that the calls make a document; the declarations that call it do.
package struct JSONWriter: ~Copyable {
    private var memory: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0

    /// A writer whose buffer starts with room for `capacity` bytes.
    package init(capacity: Int = 1024) {
        self.capacity = max(capacity, 64)
        memory = .allocate(capacity: self.capacity)
    }

    deinit {
        memory.deallocate()
    }

    /// The document, at its end.
    package consuming func finish() -> [UInt8] {
        Array(UnsafeBufferPointer(start: memory, count: count))
    }

    package mutating func beginObject() { append(UInt8(ascii: "{")) }
    package mutating func endObject() { append(UInt8(ascii: "}")) }
    package mutating func beginArray() { append(UInt8(ascii: "[")) }
    package mutating func endArray() { append(UInt8(ascii: "]")) }

    /// Writes a name as ``encodedKey(_:)`` made it: quotes, escapes and colon included.
    package mutating func key(_ encoded: [UInt8]) {
        separate(from: UInt8(ascii: "{"))
        encoded.withUnsafeBufferPointer { append($0) }
    }

    /// Writes a name that is not known beforehand.
    package mutating func key(named name: String) {
        separate(from: UInt8(ascii: "{"))
        string(name)
        append(UInt8(ascii: ":"))
    }

    /// Comes before each element of an array.
    package mutating func element() {
        separate(from: UInt8(ascii: "["))
    }

    package mutating func null() { raw("null") }

    package mutating func bool(_ truth: Bool) { raw(truth ? "true" : "false") }

    package mutating func integer(_ number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var magnitude = number.magnitude
        var digits = 1
        var rest = magnitude / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        raw(count: digits) { text in
            for position in stride(from: digits - 1, through: 0, by: -1) {
                text[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
                magnitude /= 10
            }
        }
    }

    /// Writes the shortest digits that read back as the same number; JSON has no word for infinity and NaN,
    /// which become null.
    package mutating func number(_ number: Double) {
        guard number.isFinite else { return null() }
        if number.magnitude < 1e15, number == number.rounded(.towardZero) {
            integer(Int64(number))
        } else {
            var text = number.description
            text.withUTF8 { append($0) }
        }
    }

    /// Writes text in quotes, with the escapes that RFC 8259 demands and no others.
    package mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { text in
            reserve(text.count + 2)
            append(UInt8(ascii: "\""))
            escaped(text)
            append(UInt8(ascii: "\""))
        }
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
        json.withUTF8Buffer { append($0) }
    }

    /// Appends a piece of JSON that is made byte by byte in place.
    ///
    /// - Parameter fill: Gets room for `count` bytes and fills all of it.
    package mutating func raw(count: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
        reserve(count)
        fill(UnsafeMutableBufferPointer(start: memory + self.count, count: count))
        self.count += count
    }

    /// A name as ``key(_:)`` takes it.
    package static func encodedKey(_ name: String) -> [UInt8] {
        var writer = JSONWriter(capacity: name.utf8.count + 3)
        writer.string(name)
        return writer.finish() + [UInt8(ascii: ":")]
    }

    private mutating func escaped(_ text: UnsafeBufferPointer<UInt8>) {
        var plainStart = 0
        for index in text.indices {
            let byte = text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            append(UnsafeBufferPointer(rebasing: text[plainStart..<index]))
            plainStart = index + 1
            append(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
            case 0x0A: append(UInt8(ascii: "n"))
            case 0x0D: append(UInt8(ascii: "r"))
            case 0x09: append(UInt8(ascii: "t"))
            default:
                raw("u00")
                append(UInt8(ascii: "0") + byte >> 4)
                let low = byte & 0xF
                append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
            }
        }
        append(UnsafeBufferPointer(rebasing: text[plainStart...]))
    }

    private mutating func separate(from opening: UInt8) {
        if count > 0, memory[count - 1] != opening { append(UInt8(ascii: ",")) }
    }

    private mutating func append(_ byte: UInt8) {
        reserve(1)
        memory[count] = byte
        count += 1
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        (memory + count).initialize(from: start, count: bytes.count)
        count += bytes.count
    }

    private mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(by: more) }
    }

    private mutating func grow(by more: Int) {
        capacity = max(2 * capacity, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.initialize(from: memory, count: count)
        memory.deallocate()
        memory = larger
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
