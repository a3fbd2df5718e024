extension OpenAPIDocument {
    /// The schema of the document itself: what of OpenAPI 3.1 and JSON Schema it uses, and no more.
    ///
    /// - Parameter isSecured: Whether it says how requests say who makes them.
    package static func schema(isSecured: Bool) -> JSONSchema {
        let security: [(String, JSONValue)] =
            isSecured ? [("security", list(map(list(text))))] : []
        let schemes: [(String, JSONValue)] =
            isSecured ? [("securitySchemes", map(reference("OpenAPISecurityScheme")))] : []
        let scheme = (
            "OpenAPISecurityScheme",
            object(
                [("type", text), ("description", text)],
                [("scheme", text), ("bearerFormat", text), ("in", text), ("name", text)])
        )
        return .reference(
            "OpenAPI", among: definitions(security, schemes) + (isSecured ? [scheme] : []))
    }

    private static func definitions(
        _ security: [(String, JSONValue)], _ schemes: [(String, JSONValue)]
    ) -> [(String, JSONObject)] {
        [
            (
                "OpenAPI",
                object([
                    ("openapi", ["type": "string", "pattern": "^3\\.1\\.[0-9]+$"]),
                    ("info", reference("OpenAPIInfo")),
                    ("servers", list(reference("OpenAPIServer"))), ("tags", list(reference("OpenAPITag"))),
                    ("paths", map(reference("OpenAPIPath"))), ("components", reference("OpenAPIComponents")),
                ])
            ),
            (
                "OpenAPIInfo",
                object([
                    ("title", text), ("version", text), ("description", text),
                    ("license", reference("OpenAPILicense")),
                ])
            ),
            ("OpenAPILicense", object([("name", text), ("identifier", text)])),
            ("OpenAPIServer", object([("url", text)])),
            ("OpenAPITag", object([("name", text)])),
            (
                "OpenAPIComponents",
                object(
                    [
                        ("schemas", map(reference("JSONSchema"))),
                        ("responses", map(reference("OpenAPIResponse"))),
                    ] + schemes)
            ),
            (
                "OpenAPIPath",
                object(
                    [], ["get", "post", "put", "patch", "delete"].map { ($0, reference("OpenAPIOperation")) })
            ),
            (
                "OpenAPIOperation",
                object(
                    [
                        ("operationId", text), ("tags", list(text)), ("summary", text),
                        ("responses", map(reference("OpenAPIResponse"))),
                    ],
                    [
                        ("description", text), ("parameters", list(reference("OpenAPIParameter"))),
                        ("requestBody", reference("OpenAPIBody")),
                    ] + security)
            ),
            (
                "OpenAPIParameter",
                object(
                    [
                        ("name", text), ("in", text), ("required", truth), ("description", text),
                        ("schema", reference("JSONSchema")),
                    ], [("example", anything)])
            ),
            (
                "OpenAPIBody",
                object([
                    ("required", truth), ("description", text), ("content", map(reference("OpenAPIContent"))),
                ])
            ),
            (
                "OpenAPIContent",
                object(
                    [("schema", reference("JSONSchema"))],
                    [("example", anything), ("examples", map(reference("OpenAPIExample")))])
            ),
            ("OpenAPIExample", object([("value", anything)])),
            (
                "OpenAPIResponse",
                object(
                    [],
                    [
                        ("description", text), ("$ref", text),
                        ("headers", map(reference("OpenAPIHeader"))),
                        ("content", map(reference("OpenAPIContent"))),
                        ("links", map(reference("OpenAPILink"))),
                    ])
            ),
            ("OpenAPIHeader", object([("description", text), ("schema", reference("JSONSchema"))])),
            (
                "OpenAPILink",
                object([("operationId", text)], [("parameters", map(text)), ("requestBody", anything)])
            ),
            ("JSONSchema", jsonSchema),
            (
                "JSON",
                JSONObject([
                    ("type", ["null", "boolean", "number", "string", "array", "object"]),
                    ("description", "An example or a default: JSON of any kind."), ("items", anything),
                    ("additionalProperties", anything),
                ])
            ),
        ]
    }

    private static let jsonSchema = object(
        [],
        [
            ("type", ["type": ["string", "array"], "items": text]), ("description", text), ("format", text),
            ("pattern", text), ("contentMediaType", text), ("contentSchema", reference("JSONSchema")),
            ("$ref", text), ("enum", list(anything)),
            ("examples", list(anything)), ("default", anything), ("minLength", number), ("maxLength", number),
            ("minimum", number), ("maximum", number), ("minItems", number), ("maxItems", number),
            ("uniqueItems", truth), (JSONSchema.proseMark, truth), ("items", reference("JSONSchema")),
            ("oneOf", list(reference("JSONSchema"))),
            ("properties", map(reference("JSONSchema"))), ("required", list(text)),
            ("additionalProperties", ["oneOf": [truth, reference("JSONSchema")]]),
        ])

    private static let text: JSONValue = ["type": "string"]
    private static let truth: JSONValue = ["type": "boolean"]
    private static let number: JSONValue = ["type": "number"]
    private static let anything = reference("JSON")

    private static func reference(_ name: String) -> JSONValue {
        ["$ref": .string("#/components/schemas/\(name)")]
    }

    private static func list(_ element: JSONValue) -> JSONValue {
        ["type": "array", "items": element]
    }

    private static func map(_ value: JSONValue) -> JSONValue {
        ["type": "object", "additionalProperties": value]
    }

    private static func object(
        _ required: [(String, JSONValue)], _ optional: [(String, JSONValue)] = []
    ) -> JSONObject {
        var object = JSONObject([
            ("type", "object"), ("properties", .object(JSONObject(required + optional))),
            ("additionalProperties", false),
        ])
        if !required.isEmpty { object["required"] = .array(required.map { .string($0.0) }) }
        return object
    }
}
