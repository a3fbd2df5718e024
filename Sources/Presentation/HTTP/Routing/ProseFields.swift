/// A text that a person wrote, and where in the body it stands.
package struct WrittenText: Hashable, Sendable {
    /// The place, as a JSON Pointer.
    package let pointer: String
    package let text: String
}

/// Looks at what people wrote before it is taken.
///
/// - Parameter principal: Who hands it in, as the route's access found out.
/// - Returns: What the texts are refused for; nothing where all are taken.
package typealias TextScreening =
    @Sendable (_ texts: [WrittenText], _ principal: any Sendable, _ call: Call) -> [Fault]

/// Where in a body people write, found once from the declaration by which the body is read.
struct ProseFields: Sendable {
    /// Deeper than any body; schemas may refer to themselves.
    private static let mostSteps = 8

    /// The names that lead to each field.
    private let paths: [[String]]

    init(in schema: JSONSchema) {
        var paths: Set<[String]> = []
        Self.collect(schema.keywords, schema.components, [], &paths)
        self.paths = paths.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// What stands in those fields of a document; null and missing ones are left out.
    func texts(in document: JSONValue) -> [WrittenText] {
        paths.compactMap { path in
            let value = path.reduce(Optional(document)) { value, name in value?[name] }
            guard case .string(let text)? = value else { return nil }
            return WrittenText(pointer: path.reduce(JSONPointer.root) { $0.member($1) }.text, text: text)
        }
    }

    private static func collect(
        _ keywords: JSONObject, _ components: [String: JSONObject], _ path: [String],
        _ paths: inout Set<[String]>
    ) {
        guard path.count <= mostSteps else { return }
        if keywords[JSONSchema.proseMark] == .bool(true) { paths.insert(path) }
        if case .string(let reference)? = keywords["$ref"], let name = reference.split(separator: "/").last,
            let component = components[String(name)]
        {
            collect(component, components, path, &paths)
        }
        for choice in keywords["oneOf"]?.elements ?? [] {
            if let schema = choice.object { collect(schema, components, path, &paths) }
        }
        for property in keywords["properties"]?.object?.members ?? [] {
            guard let schema = property.value.object else { continue }
            collect(schema, components, path + [property.name], &paths)
        }
    }
}
