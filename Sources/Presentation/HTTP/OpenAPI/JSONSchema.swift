/// A JSON Schema (2020-12) as OpenAPI 3.1 takes it, with the named schemas that it refers to.
package struct JSONSchema: Hashable, Sendable {
    /// The schema's own keywords.
    package private(set) var keywords: JSONObject
    /// The named schemas that it refers to, and those that they refer to.
    package private(set) var components: [String: JSONObject]

    /// One property of an object.
    package struct Property: Hashable, Sendable {
        package let name: String
        package let schema: JSONSchema
        package let required: Bool

        package init(_ name: String, _ schema: JSONSchema, required: Bool) {
            self.name = name
            self.schema = schema
            self.required = required
        }
    }

    private init(_ keywords: JSONObject, components: [String: JSONObject] = [:]) {
        self.keywords = keywords
        self.components = components
    }

    /// A reference to one of these schemas, which may refer to each other.
    package static func reference(_ name: String, among components: [(String, JSONObject)]) -> Self {
        var reference = JSONObject()
        reference["$ref"] = .string("#/components/schemas/\(name)")
        return Self(reference, components: Dictionary(components) { first, _ in first })
    }

    private init(type: String) {
        keywords = JSONObject()
        keywords["type"] = .string(type)
        components = [:]
    }

    private func with(_ name: String, _ value: JSONValue?) -> Self {
        var schema = self
        if let value { schema.keywords[name] = value }
        return schema
    }

    private mutating func adopt(_ other: JSONSchema) {
        components.merge(other.components) { old, _ in old }
    }
}

extension JSONSchema {
    package static var boolean: Self { Self(type: "boolean") }
    package static var null: Self { Self(type: "null") }

    /// Text: its length in code points, a pattern, a format.
    package static func string(
        length: ClosedRange<Int>? = nil, pattern: String? = nil, format: String? = nil
    ) -> Self {
        Self(type: "string")
            .with("minLength", length.flatMap { $0.lowerBound > 0 ? .integer(Int64($0.lowerBound)) : nil })
            .with("maxLength", length.map { .integer(Int64($0.upperBound)) })
            .with("pattern", pattern.map { .string($0) })
            .with("format", format.map { .string($0) })
    }

    /// One of these texts.
    package static func string(oneOf values: [String]) -> Self {
        Self(type: "string").with("enum", .array(values.map { .string($0) }))
    }

    /// JSON in a text, such as the data of an event.
    package static func string(holding content: JSONSchema) -> Self {
        var schema = Self(type: "string").with("contentMediaType", "application/json")
            .with("contentSchema", content.document)
        schema.adopt(content)
        return schema
    }

    /// Bytes that are no text.
    package static func binary(_ mediaType: String) -> Self {
        Self(type: "string").with("format", "binary").with("contentMediaType", .string(mediaType))
    }

    package static func integer(_ least: Int64?, _ greatest: Int64?) -> Self {
        Self(type: "integer")
            .with("minimum", least.map { .integer($0) })
            .with("maximum", greatest.map { .integer($0) })
    }

    package static func number(_ least: Double?, _ greatest: Double?) -> Self {
        Self(type: "number")
            .with("minimum", least.map { .number($0) })
            .with("maximum", greatest.map { .number($0) })
    }

    package static func array(of element: JSONSchema, count: ClosedRange<Int>? = nil, unique: Bool = false)
        -> Self
    {
        var schema = Self(type: "array")
            .with("items", element.document)
            .with("minItems", count.flatMap { $0.lowerBound > 0 ? .integer(Int64($0.lowerBound)) : nil })
            .with("maxItems", count.map { .integer(Int64($0.upperBound)) })
            .with("uniqueItems", unique ? true : nil)
        schema.adopt(element)
        return schema
    }

    /// An object of these properties and no others.
    package static func object(_ properties: [Property]) -> Self {
        var schema = Self(type: "object")
        var described = JSONObject()
        for property in properties {
            described[property.name] = property.schema.document
            schema.adopt(property.schema)
        }
        let required = properties.filter(\.required).map { JSONValue.string($0.name) }
        return
            schema
            .with("properties", .object(described))
            .with("required", required.isEmpty ? nil : .array(required))
            .with("additionalProperties", false)
    }

    /// An object of any names, whose values are all of one kind.
    package static func map(of value: JSONSchema) -> Self {
        var schema = Self(type: "object").with("additionalProperties", value.document)
        schema.adopt(value)
        return schema
    }

    /// Exactly one of these.
    package static func oneOf(_ choices: [JSONSchema]) -> Self {
        var schema = Self(JSONObject()).with("oneOf", .array(choices.map(\.document)))
        for choice in choices { schema.adopt(choice) }
        return schema
    }

    /// The same or null.
    package var orNull: Self {
        guard case .string(let type)? = keywords["type"] else {
            var schema = Self(JSONObject()).with("oneOf", [document, ["type": "null"]])
            schema.adopt(self)
            return schema
        }
        var schema = with("type", [.string(type), "null"])
        if case .array(let values)? = keywords["enum"] { schema.keywords["enum"] = .array(values + [nil]) }
        return schema
    }

    package func described(_ doc: String?) -> Self { with("description", doc.map { .string($0) }) }

    package func exemplified(_ example: JSONValue?) -> Self { with("examples", example.map { [$0] }) }

    package func defaulting(to value: JSONValue?) -> Self { with("default", value) }

    /// A reference to this schema under a name of its own.
    package func named(_ name: String) -> Self {
        var reference = JSONObject()
        reference["$ref"] = .string("#/components/schemas/\(name)")
        return Self(reference, components: components.merging([name: keywords]) { old, _ in old })
    }

    /// The schema as a tree, references unresolved.
    package var document: JSONValue { .object(keywords) }
}
