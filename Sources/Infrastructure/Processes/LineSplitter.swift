/// Cuts a stream of bytes into lines as they arrive; a carriage return ends a line too, as in progress displays.
package struct LineSplitter: Sendable {
    private var rest: [UInt8] = []
    private let longest: Int

    /// A splitter that cuts lines longer than `longest` bytes.
    package init(longest: Int = 1 << 16) {
        self.longest = longest
    }

    /// The lines that `bytes` complete, without their ends; empty lines are left out.
    package mutating func lines(adding bytes: UnsafeRawBufferPointer) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || rest.count >= longest {
                if !rest.isEmpty { lines.append(String(decoding: rest, as: UTF8.self)) }
                rest.removeAll(keepingCapacity: true)
            } else {
                rest.append(byte)
            }
        }
        return lines
    }

    /// What came after the last end of a line; nil when nothing did.
    package mutating func last() -> String? {
        defer { rest.removeAll() }
        return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
    }
}
