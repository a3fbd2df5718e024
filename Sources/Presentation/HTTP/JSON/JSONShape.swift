/// Walks over a document once, without building anything, and counts.
///
/// It knows no grammar beyond brackets and quotes: what is no JSON is left to the reader that comes next, and of what
/// is JSON the counts are exact.
struct JSONShape {
    /// An array or object that is open.
    private struct Container {
        let isObject: Bool
        var count = 0
        /// In an object: where the name of the member at hand stands, and whether the next text is one.
        var name = 0..<0
        var awaitsName: Bool

        init(isObject: Bool) {
            self.isObject = isObject
            awaitsName = isObject
        }
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: JSONLimits
    private var open: [Container] = []
    private var values = 0
    private var position = 0

    /// Throws the first limit that a document passes.
    static func check(_ bytes: [UInt8], against limits: JSONLimits) throws(JSONSyntaxError) {
        let passed: JSONSyntaxError? = bytes.withUnsafeBufferPointer { buffer in
            var shape = JSONShape(buffer, limits)
            do throws(JSONSyntaxError) {
                try shape.walk()
                return nil
            } catch {
                return error
            }
        }
        if let passed { throw passed }
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    private mutating func walk() throws(JSONSyntaxError) {
        guard bytes.count <= limits.bytes else {
            throw JSONSyntaxError(
                reason: "more than \(limits.bytes) bytes", offset: limits.bytes, limit: .bytes)
        }
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "{"): try begin(isObject: true)
            case UInt8(ascii: "["): try begin(isObject: false)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
            case UInt8(ascii: ","):
                if open.last?.isObject == true { open[open.count - 1].awaitsName = true }
            case UInt8(ascii: "\""): try passText()
            case UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"),
                UInt8(ascii: "\r"):
                break
            default:
                try beginValue()
                passWord()
            }
            position += 1
        }
    }

    private mutating func begin(isObject: Bool) throws(JSONSyntaxError) {
        try beginValue()
        try hold(open.count < limits.depth, .depth, "nested more than \(limits.depth) deep")
        open.append(Container(isObject: isObject))
    }

    private mutating func beginValue() throws(JSONSyntaxError) {
        values += 1
        try hold(values <= limits.values, .values, "more than \(limits.values) values")
        guard let last = open.indices.last, !open[last].isObject else { return }
        open[last].count += 1
        guard open[last].count <= limits.elements else {
            open.removeLast()
            throw passed(.elements, "more than \(limits.elements) elements")
        }
    }

    private mutating func passText() throws(JSONSyntaxError) {
        let start = position
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        let text = start + 1..<min(position, bytes.count)
        guard let last = open.indices.last, open[last].awaitsName else {
            try beginValue()
            return try hold(text.count <= limits.text, .text, "a text of more than \(limits.text) bytes")
        }
        guard text.count <= limits.name, open[last].count < limits.members else {
            open.removeLast()
            throw text.count > limits.name
                ? passed(.name, "a name of more than \(limits.name) bytes")
                : passed(.members, "more than \(limits.members) members")
        }
        open[last].count += 1
        open[last].name = text
        open[last].awaitsName = false
    }

    /// Passes a number or one of the words, up to its last byte.
    private mutating func passWord() {
        while position + 1 < bytes.count {
            switch bytes[position + 1] {
            case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"),
                UInt8(ascii: "\""),
                UInt8(ascii: "["), UInt8(ascii: "{"), 0x00...0x20:
                return
            default: position += 1
            }
        }
    }

    private func hold(_ holds: Bool, _ limit: JSONLimits.Name, _ reason: String) throws(JSONSyntaxError) {
        if !holds { throw passed(limit, reason) }
    }

    private func passed(_ limit: JSONLimits.Name, _ reason: String) -> JSONSyntaxError {
        JSONSyntaxError(reason: reason, offset: min(position, bytes.count), pointer: pointer, limit: limit)
    }

    /// Where the walk stands; names as they are written.
    private var pointer: JSONPointer {
        open.reduce(.root) { pointer, container in
            container.isObject
                ? pointer.member(String(decoding: bytes[container.name], as: UTF8.self))
                : pointer.element(max(0, container.count - 1))
        }
    }
}
