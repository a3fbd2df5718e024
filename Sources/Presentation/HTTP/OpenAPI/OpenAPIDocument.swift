/// The OpenAPI 3.1 document of a list of routes.
///
/// Made from the declarations that serve requests, so it cannot say anything else. The order of everything is
/// that of the declarations: the same routes make the same bytes.
package struct OpenAPIDocument: Sendable {
    private let title: String
    private let version: String
    private let doc: String
    private let routes: [Route]
    private let common: [ProblemKind]
    private let changing: [ProblemKind]
    private let guarded: [ProblemKind]
    private let schemes: [SecurityScheme]
    private let isLimited: Bool

    /// - Parameters:
    ///   - routes: The routes, those of the document itself included.
    ///   - common: The refusals that every route can answer.
    ///   - changing: The refusals that every route can answer that changes something.
    ///   - guarded: The refusals that every route can answer that needs a permission.
    ///   - schemes: How requests say who makes them; with none, nothing is said about permissions.
    ///   - isLimited: Whether requests are counted, and answers tell what is left.
    package init(
        title: String, version: String, doc: String, routes: [Route], common: [ProblemKind],
        changing: [ProblemKind] = [], guarded: [ProblemKind] = [], schemes: [SecurityScheme] = [],
        isLimited: Bool = false
    ) {
        self.title = title
        self.version = version
        self.doc = doc
        self.routes = routes
        self.common = common
        self.changing = changing
        self.guarded = guarded
        self.schemes = schemes
        self.isLimited = isLimited
    }

    /// The document as a tree.
    package var tree: JSONValue {
        var paths = JSONObject()
        var schemas = ProblemDocument.output.schema.components
        var refusals: [String: JSONValue] = [:]
        for route in routes {
            var path = paths[route.path.text] ?? [:]
            path.set(route.method.rawValue.lowercased(), operation(route))
            paths[route.path.text] = path
            schemas.merge(route.components) { old, _ in old }
            for kinds in refusalsByStatus(of: route) {
                refusals[Self.name(of: kinds)] = document(of: kinds)
            }
        }
        var components: JSONValue = [
            "schemas": .object(
                JSONObject(schemas.sorted { $0.key < $1.key }.map { ($0.key, .object($0.value)) })),
            "responses": .object(
                JSONObject(refusals.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })),
        ]
        if !schemes.isEmpty {
            components.set("securitySchemes", .object(JSONObject(schemes.map { ($0.name, $0.document) })))
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": .string(title), "version": .string(version), "description": .string(doc),
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "tags": .array(tags.map { ["name": .string($0)] }),
            "paths": .object(paths),
            "components": components,
        ]
    }

    private var tags: [String] {
        routes.map(\.operation.tag).reduce(into: []) { tags, tag in
            if !tags.contains(tag) { tags.append(tag) }
        }
    }

    private func operation(_ route: Route) -> JSONValue {
        let operation = route.operation
        var described: JSONValue = [
            "operationId": .string(operation.id), "tags": [.string(operation.tag)],
            "summary": .string(operation.summary),
        ]
        if !schemes.isEmpty { described.set("security", security(route.access)) }
        if let doc = operation.doc { described.set("description", .string(doc)) }
        if !route.parameters.isEmpty {
            described.set("parameters", .array(route.parameters.map(\.document)))
        }
        if let body = route.body { described.set("requestBody", body.document) }
        described.set("responses", responses(route))
        return described
    }

    /// The ways in which one can say who asks, each of them enough, with the permission that is needed.
    private func security(_ access: AccessDeclaration) -> JSONValue {
        switch access {
        case .open: []
        case .needs(let permission):
            .array(schemes.map { .object(JSONObject([($0.name, [.string(permission)])])) })
        }
    }

    private func responses(_ route: Route) -> JSONValue {
        var responses = JSONObject()
        for response in route.operation.responses {
            let fields = isLimited && route.pace != .unlimited ? RateLimitState.declarations : []
            responses[String(response.status.code)] = response.adding(fields).document
        }
        for kinds in refusalsByStatus(of: route) {
            let status = String(kinds[0].status.code)
            responses[status] =
                responses[status]?.joined(with: document(of: kinds))
                ?? ["$ref": .string("#/components/responses/\(Self.name(of: kinds))")]
        }
        return .object(responses)
    }

    /// The refusals of a route, those of one status together, none of the lists empty.
    private func refusalsByStatus(of route: Route) -> [[ProblemKind]] {
        var kinds = route.operation.problems + common
        if !route.path.arguments.isEmpty { kinds.append(.notFound) }
        if route.body != nil { kinds.append(.unsupportedMediaType) }
        if route.operation.responses.contains(where: { !$0.content.isEmpty }) { kinds.append(.notAcceptable) }
        if route.method != .get { kinds += changing }
        if !schemes.isEmpty, route.access != .open { kinds += guarded }
        if isLimited, route.pace != .unlimited { kinds.append(.rateLimited) }
        // A parameter of the query that is not declared is refused everywhere.
        kinds.append(.validationFailed)
        let different = kinds.reduce(into: [] as [ProblemKind]) { all, kind in
            if !all.contains(kind) { all.append(kind) }
        }
        return Dictionary(grouping: different) { $0.status.code }.sorted { $0.key < $1.key }.map(\.value)
    }

    /// What a response of these refusals is called among the document's components.
    private static func name(of kinds: [ProblemKind]) -> String {
        "\(kinds[0].status.code)-\(kinds.map(\.code).joined(separator: "."))"
    }

    private func document(of kinds: [ProblemKind]) -> JSONValue {
        let examples = kinds.map { kind -> (String, JSONValue) in
            let example: JSONValue = [
                "type": .string("/docs#\(kind.code)"), "title": .string(kind.title),
                "status": .integer(Int64(kind.status.code)), "detail": .string(kind.title),
                "instance": "/", "code": .string(kind.code),
                "traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "errors": [],
                "severity": .string(kind.severity.rawValue), "retryable": .bool(kind.isRetryable),
                "recovery_suggestions": .array(kind.recovery.map(JSONValue.string)),
                "request_id": "4bf92f3577b34da6a3ce929d0e0e4736",
            ]
            return (kind.code, ["value": example])
        }
        var content: JSONValue = [
            Problem.mediaType: [
                "schema": ProblemDocument.output.schema.document, "examples": .object(JSONObject(examples)),
            ]
        ]
        if kinds.contains(where: \.concernsHead) {
            // libmicrohttpd refuses by itself a head that is malformed or does not fit into its memory.
            content.set("text/html", ["schema": ["type": "string"]])
        }
        var document: JSONValue = [
            "description": .string(kinds.map { "`\($0.code)`: \($0.title)." }.joined(separator: " ")),
            "content": content,
        ]
        let fields = fields(of: kinds)
        if !fields.isEmpty { document.set("headers", .object(JSONObject(fields))) }
        return document
    }

    private func fields(of kinds: [ProblemKind]) -> [(String, JSONValue)] {
        var fields: [FieldDeclaration] = isLimited ? RateLimitState.declarations : []
        if kinds.contains(.methodNotAllowed) {
            fields.append(FieldDeclaration("Allow", .string(), "The methods that can be used."))
        }
        if kinds.contains(.unauthenticated) {
            fields.append(FieldDeclaration("WWW-Authenticate", .string(), "How to say who asks."))
        }
        if kinds.contains(where: {
            [ProblemKind.overloaded.code, ProblemKind.rateLimited.code].contains($0.code)
        }
        ) {
            fields.append(FieldDeclaration("Retry-After", .integer(0, nil), "When to try again, in seconds."))
        }
        return fields.map { ($0.name, $0.document) }
    }
}

extension ProblemKind {
    /// Whether it may be answered before the head of the request was read to its end.
    fileprivate var concernsHead: Bool {
        [.malformedRequest, .payloadTooLarge, .addressTooLong, .fieldsTooLarge].contains(self)
    }
}

extension Route {
    /// The named schemas that it mentions.
    fileprivate var components: [String: JSONObject] {
        let schemas =
            parameters.map(\.schema) + (body?.content.map(\.schema) ?? []) + operation.messages
            + operation.responses.flatMap { $0.content.map(\.schema) + $0.fields.map(\.schema) }
        return schemas.reduce(into: [:]) { all, schema in
            all.merge(schema.components) { old, _ in old }
        }
    }
}

extension ParameterDeclaration {
    fileprivate var document: JSONValue {
        var document: JSONValue = [
            "name": .string(name), "in": .string(place.rawValue), "required": .bool(isRequired),
            "description": .string(doc), "schema": schema.document,
        ]
        if let example { document.set("example", example) }
        return document
    }
}

extension BodyDeclaration {
    fileprivate var document: JSONValue {
        [
            "required": true, "description": .string(doc),
            "content": .object(JSONObject(content.map { ($0.mediaType, $0.document) })),
        ]
    }
}

extension BodyDeclaration.Content {
    fileprivate var document: JSONValue {
        var document: JSONValue = ["schema": schema.document]
        if let example { document.set("example", example) }
        return document
    }
}

extension ResponseDeclaration {
    fileprivate func adding(_ more: [FieldDeclaration]) -> ResponseDeclaration {
        ResponseDeclaration(status, doc, content, fields: fields + more, links: links)
    }

    fileprivate var document: JSONValue {
        var document: JSONValue = ["description": .string(doc)]
        if !fields.isEmpty {
            document.set("headers", .object(JSONObject(fields.map { ($0.name, $0.document) })))
        }
        if !content.isEmpty {
            document.set("content", .object(JSONObject(content.map { ($0.mediaType, $0.document) })))
        }
        if !links.isEmpty {
            document.set("links", .object(JSONObject(links.map { ($0.operation, $0.document) })))
        }
        return document
    }
}

extension FieldDeclaration {
    fileprivate var document: JSONValue {
        ["description": .string(doc), "schema": schema.document]
    }
}

extension Link {
    fileprivate var document: JSONValue {
        var document: JSONValue = ["operationId": .string(operation)]
        if !parameters.isEmpty {
            document.set(
                "parameters", .object(JSONObject(parameters.map { ($0.name, .string($0.expression)) })))
        }
        if let body { document.set("requestBody", body) }
        return document
    }
}

extension JSONValue {
    fileprivate mutating func set(_ name: String, _ value: JSONValue) {
        guard case .object(var object) = self else { return }
        object[name] = value
        self = .object(object)
    }

    /// One response that is either of two: their descriptions and contents side by side.
    fileprivate func joined(with other: JSONValue) -> JSONValue {
        guard case .object(var joined) = self, case .object(let other) = other else { return self }
        for member in other.members {
            switch (joined[member.name], member.value) {
            case (.string(let mine)?, .string(let theirs)): joined[member.name] = .string("\(mine) \(theirs)")
            case (.object(var mine)?, .object(let theirs)):
                for member in theirs.members { mine[member.name] = member.value }
                joined[member.name] = .object(mine)
            default: joined[member.name] = member.value
            }
        }
        return .object(joined)
    }
}
