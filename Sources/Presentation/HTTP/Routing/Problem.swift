/// A refusal, to be answered as RFC 9457 says.
package struct Problem: Error, Sendable {
    package let kind: ProblemKind
    /// What was wrong this time and what to do.
    package let detail: String
    /// Everything in the request that is at fault.
    package let faults: [Fault]
    /// Header fields that belong to the refusal, such as `Allow` or `Retry-After`.
    package let fields: [(name: String, value: String)]
    /// The program or service that is to blame, where one is.
    package let service: String?

    package init(
        _ kind: ProblemKind, _ detail: String, faults: [Fault] = [],
        fields: [(name: String, value: String)] = [], service: String? = nil
    ) {
        self.kind = kind
        self.detail = detail
        self.faults = faults
        self.fields = fields
        self.service = service
    }

    /// After how many seconds it may be tried again, where that is known.
    package var retryAfter: Int? {
        fields.first { $0.name == "Retry-After" }.flatMap { Int($0.value) }
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

}

extension HTTPResponse {
    /// Answers with a refusal, which ``Service`` writes out once it is known whom it is for.
    package init(refusing problem: Problem) {
        self.init(problem.kind.status, fields: ["Content-Type": Problem.mediaType])
        for (name, value) in problem.fields { fields[name] = value }
        fields["Cache-Control"] = "no-store"
        refusal = Refusal(problem)
    }
}

/// The refusal that a response words; a class, since responses are handed on many times and few are refusals.
package final class Refusal: Sendable {
    package let problem: Problem

    init(_ problem: Problem) {
        self.problem = problem
    }
}

/// A problem as it stands on the wire.
package struct ProblemDocument: Sendable {
    package let problem: Problem
    /// The path that was asked for.
    package let instance: String
    package let traceID: String
    package let requestID: String
    /// The operation that was asked for; nil when none was found.
    package let operation: String?
    /// When it was refused, as RFC 3339 has it; nil where nobody knows the time.
    package let moment: String?

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
            JSONField("severity", .name, "How much it matters to the server.", example: "low") {
                $0.problem.kind.severity
            },
            JSONField("retryable", .truth, "Whether the same request may work later.") {
                $0.problem.kind.isRetryable
            },
            JSONField("recovery_suggestions", .list(of: .text), "What to do, the most promising first.") {
                $0.problem.kind.recovery
            },
            .optional("operation", .text, "The operationId of what was asked for.", example: "getTask") {
                $0.operation
            },
            .optional("service", .text, "The program or service that is to blame.", example: "chat") {
                $0.problem.service
            },
            JSONField("request_id", .text, "What the client calls the request, else its trace.") {
                $0.requestID
            },
            .optional("retry_after", .count, "After how many seconds to try again.", example: 30) {
                $0.problem.retryAfter
            },
            .optional("timestamp", JSONOutput(.string(format: "date-time")) { $1.string($0) }, "When it was.")
            { $0.moment },
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
