/// One operation of the API: how it is found, what it takes and answers, and what it does.
///
/// The same declaration serves requests and is described in the OpenAPI document.
package struct Route: Sendable {
    package let method: HTTPMethod
    package let path: PathTemplate
    /// Who may use it.
    package let access: AccessDeclaration
    /// How often it may be used by those of whom it is not known who they are.
    package let pace: Pace
    package let operation: Operation
    package let parameters: [ParameterDeclaration]
    package let body: BodyDeclaration?
    /// Answers a call.
    let handle: @Sendable (Call) async throws -> HTTPResponse

    /// A route without a body, or with one that its handler reads itself.
    package init<Principal: Sendable, each Argument: Sendable>(
        _ method: HTTPMethod, _ path: String, for access: Access<Principal>, _ operation: Operation,
        _ parameters: repeat Parameter<each Argument>, body: BodyDeclaration? = nil,
        handle: @escaping @Sendable (Call, Principal, repeat each Argument) async throws -> HTTPResponse
    ) {
        var declarations: [ParameterDeclaration] = []
        for parameter in repeat each parameters { declarations.append(parameter.declaration) }
        let known = declarations.names(in: .query)
        let parameters = (repeat each parameters)
        let negotiation = Negotiation(operation, body: body)
        self.init(method, path, access.declaration, access.pace, operation, declarations, body) { call in
            let principal = try access.admit(call)
            try negotiation.negotiate(call.request)
            var faults = call.query.faults(known: known)
            let values = (repeat try (each parameters).read(call, &faults))
            guard faults.isEmpty else { throw Problem(faults: faults) }
            return try await handle(call, principal, repeat try present(each values))
        }
    }

    /// A route with a JSON body.
    package init<Principal: Sendable, Body: Sendable, each Argument: Sendable>(
        _ method: HTTPMethod, _ path: String, for access: Access<Principal>, _ operation: Operation,
        _ parameters: repeat Parameter<each Argument>, json input: JSONInput<Body>,
        handle:
            @escaping @Sendable (Call, Principal, _ raw: [UInt8], Body, repeat each Argument) async throws
            -> HTTPResponse
    ) {
        var declarations: [ParameterDeclaration] = []
        for parameter in repeat each parameters { declarations.append(parameter.declaration) }
        let known = declarations.names(in: .query)
        let parameters = (repeat each parameters)
        let body = BodyDeclaration.json(input.schema)
        let prose = ProseFields(in: input.schema)
        let negotiation = Negotiation(operation, body: body)
        self.init(method, path, access.declaration, access.pace, operation, declarations, body) { call in
            var principal = try access.admit(call)
            try negotiation.negotiate(call.request)
            var faults = call.query.faults(known: known)
            let values = (repeat try (each parameters).read(call, &faults))
            let hasArrived = call.request.body.hasArrived
            let raw = try await call.request.body.collect(limit: BodyDeclaration.jsonLimit)
            // A body can take its time, and what let the request in be void by its end.
            if !hasArrived { principal = try access.admit(call) }
            let document = try readDocument(raw, compose: call.compose)
            let body = input.decode(document, .root, &faults)
            guard faults.isEmpty else { throw Problem(faults: faults) }
            if let screen = call.screen {
                faults = screen(prose.texts(in: document), principal, call)
                guard faults.isEmpty else { throw Problem(faults: faults) }
            }
            return try await handle(
                call, principal, raw, try present(body), repeat try present(each values))
        }
    }

    private init(
        _ method: HTTPMethod, _ path: String, _ access: AccessDeclaration, _ pace: Pace,
        _ operation: Operation, _ parameters: [ParameterDeclaration], _ body: BodyDeclaration?,
        handle: @escaping @Sendable (Call) async throws -> HTTPResponse
    ) {
        self.method = method
        self.path = PathTemplate(path)
        self.access = access
        self.pace = pace
        self.operation = operation
        self.parameters = parameters
        self.body = body
        self.handle = handle
    }
}

/// What is there once no fault was found.
private func present<Value>(_ value: Value?) throws(Problem) -> Value {
    guard let value else { throw Problem(faults: []) }
    return value
}

private func readDocument(
    _ bytes: [UInt8], compose: @escaping @Sendable (String) -> String
) throws(Problem) -> JSONValue {
    do throws(JSONSyntaxError) {
        return try JSONReader(.ofRequests, compose: compose).read(bytes)
    } catch {
        let place = "\(error.reason), at byte \(error.offset)"
        throw Problem(
            .malformedRequest, "The body is not the JSON that is expected: \(place).",
            faults: [
                Fault(.body(error.pointer.text), error.limit == nil ? .badFormat : .outOfRange, place)
            ])
    }
}

extension [ParameterDeclaration] {
    fileprivate func names(in place: ParameterDeclaration.Place) -> [String] {
        filter { $0.place == place }.map(\.name)
    }
}

/// What the document says about a route, beyond what its handler needs.
package struct Operation: Sendable {
    /// Unique, for generated clients.
    package let id: String
    /// The group that it is shown in.
    package let tag: String
    package let summary: String
    package let doc: String?
    package let responses: [ResponseDeclaration]
    /// The refusals that are its own; those that any route can answer are added.
    package let problems: [ProblemKind]
    /// Named schemas that `doc` speaks of, since OpenAPI has no place for them: the messages of a WebSocket.
    package let messages: [JSONSchema]

    package init(
        _ id: String, tag: String, _ summary: String, doc: String? = nil,
        responses: [ResponseDeclaration], problems: [ProblemKind] = [], messages: [JSONSchema] = []
    ) {
        self.id = id
        self.tag = tag
        self.summary = summary
        self.doc = doc
        self.responses = responses
        self.problems = problems
        self.messages = messages
    }
}

/// A body that a route takes.
package struct BodyDeclaration: Sendable {
    /// The largest JSON body, in bytes.
    package static let jsonLimit = JSONLimits.ofRequests.bytes

    /// One type of body.
    package struct Content: Sendable {
        package let mediaType: String
        package let schema: JSONSchema
        package let example: JSONValue?

        package init(_ mediaType: String, _ schema: JSONSchema, example: JSONValue? = nil) {
            self.mediaType = mediaType
            self.schema = schema
            self.example = example
        }
    }

    package let doc: String
    /// The types that are taken.
    package let content: [Content]
    /// Whether other types are refused before the handler runs.
    package let isTypeChecked: Bool

    package init(_ doc: String, _ content: [Content], isTypeChecked: Bool = true) {
        self.doc = doc
        self.content = content
        self.isTypeChecked = isTypeChecked
    }

    package static func json(_ schema: JSONSchema) -> Self {
        Self("JSON (RFC 8259).", [Content("application/json", schema)])
    }
}

/// An answer that a route can give when all is well.
package struct ResponseDeclaration: Sendable {
    package let status: HTTPStatus
    package let doc: String
    package let content: [BodyDeclaration.Content]
    package let fields: [FieldDeclaration]
    package let links: [Link]

    package init(
        _ status: HTTPStatus, _ doc: String, _ content: [BodyDeclaration.Content] = [],
        fields: [FieldDeclaration] = [], links: [Link] = []
    ) {
        self.status = status
        self.doc = doc
        self.content = content
        self.fields = fields
        self.links = links
    }

    /// An answer in JSON.
    package static func json<Value>(
        _ status: HTTPStatus, _ doc: String, _ output: JSONOutput<Value>, fields: [FieldDeclaration] = [],
        links: [Link] = []
    ) -> Self {
        Self(
            status, doc, [BodyDeclaration.Content("application/json", output.schema)], fields: fields,
            links: links)
    }
}

/// A header field of an answer.
package struct FieldDeclaration: Sendable {
    package let name: String
    package let schema: JSONSchema
    package let doc: String

    package init(_ name: String, _ schema: JSONSchema, _ doc: String) {
        self.name = name
        self.schema = schema
        self.doc = doc
    }
}

/// How an answer leads to another operation.
package struct Link: Sendable {
    /// The operation that it leads to.
    package let operation: String
    /// Runtime expressions for its parameters.
    package let parameters: [(name: String, expression: String)]
    /// The body to send, with runtime expressions in it.
    package let body: JSONValue?

    package init(
        to operation: String, _ parameters: [(name: String, expression: String)] = [], body: JSONValue? = nil
    ) {
        self.operation = operation
        self.parameters = parameters
        self.body = body
    }
}
