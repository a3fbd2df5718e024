internal import CJansson

/// Why bytes are not the JSON document that was expected.
package struct JSONSyntaxError: Error, Hashable, Sendable {
    /// What is wrong, in a few words.
    package let reason: String
    /// Up to where the document was read, in bytes from its start.
    package let offset: Int
    /// Where in the document the limit was passed, the whole of it for any other fault.
    package let pointer: JSONPointer
    /// The limit that was passed, nil when it is none.
    package let limit: JSONLimits.Name?

    init(reason: String, offset: Int, pointer: JSONPointer = .root, limit: JSONLimits.Name? = nil) {
        self.reason = reason
        self.offset = offset
        self.pointer = pointer
        self.limit = limit
    }
}

/// Reads JSON documents within limits, by jansson.
///
/// Stricter than RFC 8259 asks: a name that stands twice, a lone surrogate, NUL, bytes after the document and
/// numbers beyond a double are refused, since each of them means different things to different readers.
package struct JSONReader: Sendable {
    private let limits: JSONLimits
    private let compose: @Sendable (String) -> String

    /// A reader with limits.
    ///
    /// - Parameter compose: Brings each text into the form in which it is compared.
    package init(
        _ limits: JSONLimits = .ofRequests, compose: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.limits = limits
        self.compose = compose
    }

    /// A reader that limits only how deep arrays and objects may nest, and how many values there may be.
    package init(depth: Int, values: Int) {
        self.init(JSONLimits(depth: depth, values: values))
    }

    /// The document that `bytes` are.
    ///
    /// It is held against the limits before anything of it is built.
    package func read(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
        try JSONShape.check(bytes, against: limits)
        var failure = json_error_t()
        // Integers are read as doubles too, so that one beyond 64 bits is a number out of range, not an error.
        let flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL
        let root = bytes.withUnsafeBytes { buffer in
            json_loadb(
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, Int(flags), &failure)
        }
        guard let root else {
            throw JSONSyntaxError(reason: Self.reason(for: failure), offset: max(0, Int(failure.position)))
        }
        defer { cutroom_json_release(root) }
        return tree(of: root)
    }

    private func tree(of value: UnsafeMutablePointer<json_t>) -> JSONValue {
        switch json_type(rawValue: json_type.RawValue(cutroom_json_type(value))) {
        case JSON_TRUE: return .bool(true)
        case JSON_FALSE: return .bool(false)
        case JSON_REAL, JSON_INTEGER: return Self.number(json_number_value(value))
        case JSON_STRING:
            return .string(compose(Self.text(json_string_value(value), count: json_string_length(value))))
        case JSON_ARRAY:
            var elements: [JSONValue] = []
            let count = json_array_size(value)
            elements.reserveCapacity(Int(count))
            for index in 0..<count {
                guard let element = json_array_get(value, index) else { continue }
                elements.append(tree(of: element))
            }
            return .array(elements)
        case JSON_OBJECT:
            var object = JSONObject()
            var member = json_object_iter(value)
            while let current = member {
                if let name = json_object_iter_key(current), let child = json_object_iter_value(current) {
                    object.append(String(cString: name), tree(of: child))
                }
                member = json_object_iter_next(value, current)
            }
            return .object(object)
        default: return .null
        }
    }

    private static func number(_ number: Double) -> JSONValue {
        if number.magnitude <= 0x1p53, number == number.rounded(.towardZero) {
            .integer(Int64(number))
        } else {
            .number(number)
        }
    }

    private static func text(_ characters: UnsafePointer<CChar>?, count: Int) -> String {
        let buffer = UnsafeRawBufferPointer(start: characters, count: characters == nil ? 0 : count)
        return String(decoding: buffer, as: UTF8.self)
    }

    private static func reason(for failure: json_error_t) -> String {
        switch json_error_code(
            rawValue: json_error_code.RawValue(withUnsafePointer(to: failure, cutroom_json_error_code)))
        {
        case json_error_invalid_utf8: "not UTF-8"
        case json_error_premature_end_of_input: "it breaks off"
        case json_error_end_of_input_expected: "something follows the document"
        case json_error_null_character, json_error_null_byte_in_key: "NUL is not taken"
        case json_error_duplicate_key: "a name stands twice in an object"
        case json_error_numeric_overflow: "a number is too large"
        case json_error_stack_overflow: "nested too deep"
        default: "not JSON"
        }
    }
}
