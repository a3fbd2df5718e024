/// How values of one type are written as JSON: the encoding and its schema, from one declaration.
package struct JSONOutput<Value>: Sendable {
    /// What the written JSON looks like.
    package let schema: JSONSchema
    /// Writes a value.
    package let write: @Sendable (_ value: Value, _ writer: inout JSONWriter) -> Void

    package init(_ schema: JSONSchema, write: @escaping @Sendable (Value, inout JSONWriter) -> Void) {
        self.schema = schema
        self.write = write
    }

    /// An object with these fields, in this order, under a name of its own in the document.
    package static func object(_ name: String, _ doc: String, _ fields: [JSONField<Value>]) -> Self {
        Self(.object(fields.map(\.property)).described(doc).named(name), fields)
    }

    private init(_ schema: JSONSchema, _ fields: [JSONField<Value>]) {
        let write = Self.inTurn(fields.map(\.write)[...])
        self.init(schema) { value, writer in
            writer.beginObject()
            write(value, &writer)
            writer.endObject()
        }
    }

    private typealias Write = @Sendable (_ value: Value, _ writer: inout JSONWriter) -> Void

    /// All of them as one, which calls two that call two each, and so on: taking each out of an array would cost more
    /// than most of them do.
    private static func inTurn(_ writes: ArraySlice<Write>) -> Write {
        guard writes.count > 1 else { return writes.first ?? { _, _ in } }
        let middle = (writes.startIndex + writes.endIndex) / 2
        let (first, second) = (inTurn(writes[..<middle]), inTurn(writes[middle...]))
        return { value, writer in
            first(value, &writer)
            second(value, &writer)
        }
    }

    /// The bytes of one value.
    package func encode(_ value: Value, capacity: Int = 1024) -> [UInt8] {
        var writer = JSONWriter(capacity: capacity)
        write(value, &writer)
        return writer.finish()
    }

    /// The same for a value that may be missing, which is written as null.
    package static func nullable<Part>(_ part: JSONOutput<Part>) -> Self where Value == Part? {
        let write = part.write
        return Self(part.schema.orNull) { value, writer in
            if let value { write(value, &writer) } else { writer.null() }
        }
    }

    /// The same for a list of values.
    package static func list<Element>(
        of element: JSONOutput<Element>, _ count: ClosedRange<Int>? = nil
    ) -> Self where Value == [Element] {
        let write = element.write
        return Self(.array(of: element.schema, count: count)) { values, writer in
            writer.beginArray()
            for value in values {
                writer.element()
                write(value, &writer)
            }
            writer.endArray()
        }
    }

    /// An object of names that are not known beforehand, in their order.
    package static func map<Part>(of part: JSONOutput<Part>) -> Self where Value == [String: Part] {
        let write = part.write
        return Self(.map(of: part.schema)) { values, writer in
            writer.beginObject()
            for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                writer.key(named: name)
                write(value, &writer)
            }
            writer.endObject()
        }
    }

    /// The same JSON for another type, from which the value is taken.
    package func of<Other>(_ take: @escaping @Sendable (Other) -> Value) -> JSONOutput<Other> {
        let write = write
        return JSONOutput<Other>(schema) { other, writer in write(take(other), &writer) }
    }
}

/// One field of an object that is written.
package struct JSONField<Value>: Sendable {
    /// Name, schema and whether it is always there.
    package let property: JSONSchema.Property
    /// Writes name and value; nothing when the field is absent.
    package let write: @Sendable (_ value: Value, _ writer: inout JSONWriter) -> Void

    /// A field that is always there.
    package init<Part>(
        _ name: String, _ output: JSONOutput<Part>, _ doc: String, example: JSONValue? = nil,
        _ take: @escaping @Sendable (Value) -> Part
    ) {
        let key = JSONWriter.encodedKey(name)
        let part = output.write
        property = JSONSchema.Property(
            name, output.schema.described(doc).exemplified(example), required: true)
        write = { value, writer in
            writer.key(key)
            part(take(value), &writer)
        }
    }

    /// A field that is left out where it has no meaning.
    package static func optional<Part>(
        _ name: String, _ output: JSONOutput<Part>, _ doc: String, example: JSONValue? = nil,
        _ take: @escaping @Sendable (Value) -> Part?
    ) -> JSONField {
        let key = JSONWriter.encodedKey(name)
        let part = output.write
        let property = JSONSchema.Property(
            name, output.schema.described(doc).exemplified(example), required: false)
        return JSONField(property: property) { value, writer in
            guard let present = take(value) else { return }
            writer.key(key)
            part(present, &writer)
        }
    }

    private init(property: JSONSchema.Property, write: @escaping @Sendable (Value, inout JSONWriter) -> Void)
    {
        self.property = property
        self.write = write
    }
}

extension JSONOutput where Value == String {
    package static var text: Self { Self(.string()) { $1.string($0) } }
}

extension JSONOutput where Value == Bool {
    package static var truth: Self { Self(.boolean) { $1.bool($0) } }
}

extension JSONOutput where Value == Int {
    /// A whole number within a range.
    package static func integer(_ range: ClosedRange<Int>) -> Self {
        Self(.integer(Int64(range.lowerBound), Int64(range.upperBound))) { $1.integer(Int64($0)) }
    }

    /// A whole number of things.
    package static var count: Self { Self(.integer(0, nil)) { $1.integer(Int64($0)) } }
}

extension JSONOutput where Value == Int64 {
    /// A whole number of things.
    package static var count: Self { Self(.integer(0, nil)) { $1.integer($0) } }
}

extension JSONOutput where Value == Double {
    /// A number within a range.
    package static func number(_ range: ClosedRange<Double>) -> Self {
        Self(.number(range.lowerBound, range.upperBound)) { $1.number($0) }
    }

    /// A number that is not negative.
    package static var amount: Self { Self(.number(0, nil)) { $1.number($0) } }
}

extension JSONOutput where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
    /// One of the names of an enumeration.
    package static var name: Self {
        Self(.string(oneOf: Value.allCases.map(\.rawValue))) { $1.string($0.rawValue) }
    }
}
