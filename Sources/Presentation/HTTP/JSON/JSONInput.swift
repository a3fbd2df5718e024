/// How values of one type are read from JSON: the decoding with all its checks and the schema, from one
/// declaration.
package struct JSONInput<Value: Sendable>: Sendable {
    /// What JSON is taken.
    package let schema: JSONSchema
    /// Reads a value; when it cannot, it returns nil and has said why in `faults`.
    package let decode: @Sendable (JSONValue, JSONPointer, inout [Fault]) -> Value?

    package init(
        _ schema: JSONSchema, decode: @escaping @Sendable (JSONValue, JSONPointer, inout [Fault]) -> Value?
    ) {
        self.schema = schema
        self.decode = decode
    }

    /// The value, or every fault of the document at once.
    package func read(_ document: JSONValue) throws(Faults) -> Value {
        var faults: [Fault] = []
        guard let value = decode(document, .root, &faults), faults.isEmpty else {
            throw Faults(faults)
        }
        return value
    }

    /// The same, or null.
    package static func nullable<Part>(_ part: JSONInput<Part>) -> Self where Value == Part? {
        let decode = part.decode
        return Self(part.schema.orNull) { value, pointer, faults in
            if case .null = value { return .some(nil) }
            return decode(value, pointer, &faults).map { .some($0) }
        }
    }

    /// The same with a rule on top, which the schema need not be able to say.
    package func checked(_ check: @escaping @Sendable (Value) -> (Fault.Code, String)?) -> Self {
        let decode = decode
        return Self(schema) { value, pointer, faults in
            guard let decoded = decode(value, pointer, &faults) else { return nil }
            guard let (code, detail) = check(decoded) else { return decoded }
            faults.append(Fault(.body(pointer.text), code, detail))
            return nil
        }
    }
}

/// Everything that is wrong with a request.
package struct Faults: Error, Hashable, Sendable {
    package let faults: [Fault]

    package init(_ faults: [Fault]) {
        self.faults = faults
    }
}

/// One field of an object that is read.
package struct JSONInputField<Value: Sendable>: Sendable {
    package let property: JSONSchema.Property
    /// Reads the field's value; nil stands for an absent field.
    fileprivate let decode: @Sendable (JSONValue?, JSONPointer, inout [Fault]) -> Value?

    /// A field that has to be there.
    package static func required(
        _ name: String, _ input: JSONInput<Value>, _ doc: String, example: JSONValue? = nil
    ) -> Self {
        let schema = input.schema.described(doc).exemplified(example)
        return Self(property: JSONSchema.Property(name, schema, required: true)) { value, pointer, faults in
            guard let value else {
                faults.append(Fault(.body(pointer.text), .required, "\(name) is missing"))
                return nil
            }
            return input.decode(value, pointer, &faults)
        }
    }

    /// A field that may be left out, with what that means where no JSON in its place means it.
    package static func optional(
        _ name: String, _ input: JSONInput<Value>, _ doc: String, example: JSONValue? = nil,
        default absent: Value
    ) -> Self {
        let schema = input.schema.described(doc).exemplified(example)
        return Self(property: JSONSchema.Property(name, schema, required: false)) { value, pointer, faults in
            guard let value else { return absent }
            return input.decode(value, pointer, &faults)
        }
    }

    /// A field that may be left out, which means the same as this JSON in its place.
    package static func optional(
        _ name: String, _ input: JSONInput<Value>, _ doc: String, example: JSONValue? = nil,
        meaning absent: JSONValue
    ) -> Self {
        let schema = input.schema.described(doc).exemplified(example).defaulting(to: absent)
        return Self(property: JSONSchema.Property(name, schema, required: false)) { value, pointer, faults in
            input.decode(value ?? absent, pointer, &faults)
        }
    }

    fileprivate func read(
        _ object: JSONObject, at pointer: JSONPointer, _ faults: inout [Fault]
    ) -> Value? {
        decode(object[property.name], pointer.member(property.name), &faults)
    }
}

extension JSONInput {
    /// An object of these fields and no others.
    ///
    /// - Parameter build: Makes the value once every field could be read; the places of the faults that it
    ///   throws are relative to the object.
    package static func object<each Field: Sendable>(
        _ name: String, _ doc: String, _ fields: repeat JSONInputField<each Field>,
        build: @escaping @Sendable (repeat each Field) throws(Faults) -> Value
    ) -> Self {
        var properties: [JSONSchema.Property] = []
        for field in repeat each fields { properties.append(field.property) }
        let names = properties.map(\.name)
        let fields = (repeat each fields)
        return Self(.object(properties).described(doc).named(name)) { document, pointer, faults in
            guard case .object(let object) = document else {
                faults.append(.wrongType(document, at: pointer, expected: "an object"))
                return nil
            }
            let before = faults.count
            for member in object.members where !names.contains(member.name) {
                faults.append(
                    Fault(
                        .body(pointer.member(member.name).text), .unknown,
                        "known are: \(names.joined(separator: ", "))"))
            }
            let values = (repeat (each fields).read(object, at: pointer, &faults))
            guard faults.count == before else { return nil }
            do throws(Faults) {
                return try build(repeat try required(each values))
            } catch {
                faults += error.faults.map { $0.within(pointer) }
                return nil
            }
        }
    }

    /// A list of values.
    package static func list<Element: Sendable>(
        of element: JSONInput<Element>, count: ClosedRange<Int>, unique: Bool = false
    ) -> Self where Value == [Element] {
        Self(.array(of: element.schema, count: count, unique: unique)) { document, pointer, faults in
            guard case .array(let elements) = document else {
                faults.append(.wrongType(document, at: pointer, expected: "an array"))
                return nil
            }
            guard count.contains(elements.count), !unique || Set(elements).count == elements.count else {
                let detail =
                    "takes \(count.lowerBound)–\(count.upperBound)\(unique ? " different" : "") elements"
                faults.append(Fault(.body(pointer.text), .outOfRange, detail))
                return nil
            }
            let before = faults.count
            let values = elements.enumerated().compactMap { index, value in
                element.decode(value, pointer.element(index), &faults)
            }
            return faults.count == before ? values : nil
        }
    }
}

/// Every field was read when no fault was found, so this throws only where a decoder broke its contract.
private func required<Value>(_ value: Value?) throws(Faults) -> Value {
    guard let value else { throw Faults([]) }
    return value
}

extension Fault {
    /// A value is there, but of another kind than the one expected.
    package static func wrongType(_ value: JSONValue, at pointer: JSONPointer, expected: String) -> Fault {
        Fault(.body(pointer.text), .wrongType, "must be \(expected), not \(value.kind)")
    }

    fileprivate func within(_ pointer: JSONPointer) -> Fault {
        switch place {
        case .body(let inner): Fault(.body(pointer.text + inner), code, detail)
        case .parameter: self
        }
    }
}

extension JSONInput where Value == String {
    /// Text of a length in code points, which is what JSON Schema counts.
    package static func text(
        length: ClosedRange<Int>, pattern: String? = nil, format: String? = nil
    ) -> Self {
        Self(.string(length: length, pattern: pattern, format: format)) { document, pointer, faults in
            guard case .string(let text) = document else {
                faults.append(.wrongType(document, at: pointer, expected: "a string"))
                return nil
            }
            guard length.contains(text.unicodeScalars.count) else {
                let detail = "must have \(length.lowerBound)–\(length.upperBound) characters"
                faults.append(Fault(.body(pointer.text), .outOfRange, detail))
                return nil
            }
            return text
        }
    }
}

extension JSONInput where Value == String {
    /// One of these texts.
    package static func text(oneOf values: [String]) -> Self {
        Self(.string(oneOf: values)) { document, pointer, faults in
            guard case .string(let text) = document else {
                faults.append(.wrongType(document, at: pointer, expected: "a string"))
                return nil
            }
            guard values.contains(text) else {
                let detail = "must be one of \(values.joined(separator: ", "))"
                faults.append(Fault(.body(pointer.text), .notAllowed, detail))
                return nil
            }
            return text
        }
    }
}

extension JSONInput where Value == Int {
    /// A whole number within a range.
    package static func integer(_ range: ClosedRange<Int>) -> Self {
        Self(.integer(Int64(range.lowerBound), Int64(range.upperBound))) { document, pointer, faults in
            switch document {
            case .integer(let number) where range.contains(Int(number)): return Int(number)
            case .integer, .number:
                let detail = "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
                faults.append(Fault(.body(pointer.text), .outOfRange, detail))
            default: faults.append(.wrongType(document, at: pointer, expected: "an integer"))
            }
            return nil
        }
    }
}

extension JSONInput where Value == Double {
    /// A number within a range.
    package static func number(_ range: ClosedRange<Double>) -> Self {
        Self(.number(range.lowerBound, range.upperBound)) { document, pointer, faults in
            guard let number = document.number else {
                faults.append(.wrongType(document, at: pointer, expected: "a number"))
                return nil
            }
            guard range.contains(number) else {
                let detail = "must be from \(range.lowerBound) to \(range.upperBound)"
                faults.append(Fault(.body(pointer.text), .outOfRange, detail))
                return nil
            }
            return number
        }
    }
}

extension JSONInput where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the names of an enumeration.
    package static var name: Self {
        let text = JSONInput<String>.text(oneOf: Value.allCases.map(\.rawValue))
        return Self(text.schema) { document, pointer, faults in
            text.decode(document, pointer, &faults).flatMap(Value.init(rawValue:))
        }
    }
}
