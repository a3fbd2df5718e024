/// A kind of refusal that clients can tell from others by its code.
package struct ProblemKind: Hashable, Sendable {
    /// Stable, for programs.
    package let code: String
    /// The status that it is answered with.
    package let status: HTTPStatus
    /// The same for every refusal of this kind, for people.
    package let title: String

    package init(_ code: String, _ status: HTTPStatus, _ title: String) {
        self.code = code
        self.status = status
        self.title = title
    }

    package static let malformedRequest = Self("malformed_request", .badRequest, "The request cannot be read")
    package static let unauthenticated = Self(
        "unauthenticated", .unauthorized, "It is not known who asks")
    package static let notFound = Self("not_found", .notFound, "There is no such thing")
    package static let methodNotAllowed = Self(
        "method_not_allowed", .methodNotAllowed, "The method cannot be used here")
    package static let notAcceptable = Self(
        "not_acceptable", .notAcceptable, "Nothing here is of an accepted type")
    package static let requestTimeout = Self(
        "request_timeout", .requestTimeout, "The request came too slowly")
    package static let payloadTooLarge = Self("payload_too_large", .contentTooLarge, "The body is too large")
    package static let addressTooLong = Self("uri_too_long", .uriTooLong, "The address is too long")
    package static let unsupportedMediaType = Self(
        "unsupported_media_type", .unsupportedMediaType, "The body's type is not taken here")
    package static let rangeNotSatisfiable = Self(
        "range_not_satisfiable", .rangeNotSatisfiable, "The range lies outside the file")
    package static let misdirected = Self(
        "misdirected_request", .misdirectedRequest, "The Host is not this server")
    package static let validationFailed = Self(
        "validation_failed", .unprocessableContent, "Something in the request is not as it must be")
    package static let upgradeRequired = Self(
        "upgrade_required", .upgradeRequired, "Only WebSockets are answered here")
    package static let fieldsTooLarge = Self(
        "header_fields_too_large", .headerFieldsTooLarge, "The header is too large")
    package static let internalError = Self(
        "internal_error", .internalServerError, "Something went wrong here")
    package static let overloaded = Self("overloaded", .serviceUnavailable, "The server cannot answer now")
    package static let rateLimited = Self("rate_limited", .tooManyRequests, "Too many requests have come")
    package static let originNotAllowed = Self(
        "origin_not_allowed", .forbidden, "Pages of this origin may not do this")
    package static let expectationFailed = Self(
        "expectation_failed", .expectationFailed, "What Expect asks for cannot be met")
    package static let notImplemented = Self(
        "transfer_coding_not_implemented", .notImplemented, "The transfer coding is not understood")
    package static let versionNotSupported = Self(
        "http_version_not_supported", .httpVersionNotSupported, "This version of HTTP is not spoken")
    package static let preconditionFailed = Self(
        "precondition_failed", .preconditionFailed, "A condition of the request does not hold")

    /// The kinds that the layers below routes know by their codes alone.
    private static let known = [
        malformedRequest, requestTimeout, payloadTooLarge, addressTooLong, upgradeRequired,
        fieldsTooLarge, internalError, overloaded, rangeNotSatisfiable, preconditionFailed, methodNotAllowed,
        unsupportedMediaType, misdirected, originNotAllowed, expectationFailed, notImplemented,
        versionNotSupported,
    ]

    /// A kind by its code and status; an unknown one is called after its code.
    package static func of(_ code: String, _ status: HTTPStatus) -> ProblemKind {
        let title = known.first { $0.code == code }?.title
        return ProblemKind(code, status, title ?? String(code.map { $0 == "_" ? " " : $0 }))
    }
}

/// A refusal, to be answered as RFC 9457 says.
package struct Problem: Error, Sendable {
    package let kind: ProblemKind
    /// What was wrong this time and what to do.
    package let detail: String
    /// Everything in the request that is at fault.
    package let faults: [Fault]
    /// Header fields that belong to the refusal, such as `Allow` or `Retry-After`.
    package let fields: [(name: String, value: String)]

    package init(
        _ kind: ProblemKind, _ detail: String, faults: [Fault] = [],
        fields: [(name: String, value: String)] = []
    ) {
        self.kind = kind
        self.detail = detail
        self.faults = faults
        self.fields = fields
    }

    /// A request that has these faults.
    package init(faults: [Fault]) {
        let detail = faults.map { "\($0.place.name) \($0.detail)" }.joined(separator: "; ")
        self.init(.validationFailed, detail, faults: faults)
    }

    /// A request of which it is not known who makes it (RFC 6750, section 3).
    ///
    /// - Parameter isTokenInvalid: Whether a token was shown, but one that is not good.
    package static func unauthenticated(_ detail: String, isTokenInvalid: Bool = false) -> Problem {
        let error = isTokenInvalid ? #", error="invalid_token""# : ""
        return Problem(
            .unauthenticated, detail, fields: [("WWW-Authenticate", #"Bearer realm="cutroom""# + error)])
    }

    package static let mediaType = "application/problem+json"

    /// The response; `instance` is the path that was asked for.
    package func response(instance: String, traceID: String) -> HTTPResponse {
        let document = ProblemDocument(problem: self, instance: instance, traceID: traceID)
        var response = HTTPResponse(
            kind.status, ProblemDocument.output.encode(document), type: Self.mediaType)
        for (name, value) in fields { response.fields[name] = value }
        response.fields["Cache-Control"] = "no-store"
        response.refusal = kind.code
        return response
    }
}

/// A problem as it stands on the wire.
package struct ProblemDocument: Sendable {
    package let problem: Problem
    package let instance: String
    package let traceID: String

    package static let output = JSONOutput<ProblemDocument>.object(
        "Problem", "Why a request was refused (RFC 9457).",
        [
            JSONField(
                "type", JSONOutput(.string(format: "uri-reference")) { $1.string($0) },
                "Where this kind of problem is described."
            ) { "/docs#\($0.problem.kind.code)" },
            JSONField("title", .text, "The kind of problem, for people.") { $0.problem.kind.title },
            JSONField("status", .integer(400...599), "The status code.") { $0.problem.kind.status.code },
            JSONField("detail", .text, "What was wrong this time and what to do.") { $0.problem.detail },
            JSONField(
                "instance", JSONOutput(.string(format: "uri-reference")) { $1.string($0) },
                "The path that was asked for."
            ) { $0.instance },
            JSONField("code", .text, "The kind of problem, stable, for programs.") { $0.problem.kind.code },
            JSONField("traceId", .text, "By what the request is found in the log.") { $0.traceID },
            JSONField("errors", .list(of: fault), "Everything that is at fault.") { $0.problem.faults },
        ])

    private static let fault = JSONOutput<Fault>.object(
        "Fault", "One thing that is at fault: a place in the body or a parameter.",
        [
            .optional("pointer", .text, "Where in the body, as a JSON Pointer.", example: "/source/url") {
                if case .body(let pointer) = $0.place { pointer } else { nil }
            },
            .optional("parameter", .text, "Which parameter of the query or header.", example: "limit") {
                if case .parameter(let name) = $0.place { name } else { nil }
            },
            JSONField("code", .name, "What kind of fault, for programs.") { $0.code },
            JSONField("detail", .text, "What was expected.") { $0.detail },
        ])
}

extension Fault.Place {
    fileprivate var name: String {
        switch self {
        case .body(""): "the body"
        case .body(let pointer): pointer
        case .parameter(let name): name
        }
    }
}
