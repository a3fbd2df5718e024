/// A kind of failure that clients can tell from others by its code: a row of ``ProblemTable``.
package struct ProblemKind: Hashable, Sendable {
    /// What a failure is about.
    package enum Family: String, CaseIterable, Sendable {
        /// Who asks, and what they may do.
        case auth
        /// What stands in the request.
        case validation
        /// Something that looks like abuse.
        case security
        /// The server itself.
        case system
        /// A rule about the things that are stored.
        case business
        /// A program or service that the server uses.
        case service
    }

    /// How much a failure matters to who looks after the server; it chooses the level of its line in the log.
    package enum Severity: String, CaseIterable, Comparable, Sendable {
        /// Everyday: somebody mistyped something.
        case low
        /// Worth a look when there are many.
        case medium
        /// Something that was promised could not be done, or somebody tries to do harm.
        case high
        /// Somebody has to act now.
        case critical

        /// Orders by how much it matters.
        package static func < (first: Severity, second: Severity) -> Bool { first.rank < second.rank }

        private var rank: Int {
            switch self {
            case .low: 0
            case .medium: 1
            case .high: 2
            case .critical: 3
            }
        }
    }

    /// Stable, for programs.
    package let code: String
    /// The status that it is answered with.
    package let status: HTTPStatus
    /// What it is about.
    package let family: Family
    /// How much it matters.
    package let severity: Severity
    /// Whether the same request may work later, without anything being changed in it.
    package let isRetryable: Bool
    /// One sentence, the same for every failure of this kind, that may be shown to anyone.
    package let title: String
    /// What to do about it, the most promising first.
    package let recovery: [String]

    init(
        _ code: String, _ status: HTTPStatus, _ family: Family, _ severity: Severity,
        retry isRetryable: Bool = false, _ title: String, _ recovery: [String]
    ) {
        self.code = code
        self.status = status
        self.family = family
        self.severity = severity
        self.isRetryable = isRetryable
        self.title = title
        self.recovery = recovery
    }

    /// The kind of that code; what the table does not know is a failure of the server.
    package static func named(_ code: String) -> ProblemKind {
        ProblemTable.kind(code) ?? .internalError
    }

    /// A kind by its code, answered with `status`, as the layers below routes name it.
    package static func of(_ code: String, _ status: HTTPStatus) -> ProblemKind {
        let kind = named(code)
        return ProblemKind(
            kind.code, status, kind.family, kind.severity, retry: kind.isRetryable, kind.title, kind.recovery)
    }

    package static let malformedRequest = named("malformed_request")
    package static let unauthenticated = named("unauthenticated")
    package static let notFound = named("not_found")
    package static let methodNotAllowed = named("method_not_allowed")
    package static let notAcceptable = named("not_acceptable")
    package static let requestTimeout = named("request_timeout")
    package static let payloadTooLarge = named("payload_too_large")
    package static let addressTooLong = named("uri_too_long")
    package static let unsupportedMediaType = named("unsupported_media_type")
    package static let rangeNotSatisfiable = named("range_not_satisfiable")
    package static let misdirected = named("misdirected_request")
    package static let validationFailed = named("validation_failed")
    package static let upgradeRequired = named("upgrade_required")
    package static let fieldsTooLarge = named("header_fields_too_large")
    package static let internalError = ProblemTable.internalError
    package static let overloaded = named("overloaded")
    package static let rateLimited = named("rate_limited")
    package static let originNotAllowed = named("origin_not_allowed")
    package static let expectationFailed = named("expectation_failed")
    package static let notImplemented = named("transfer_coding_not_implemented")
    package static let versionNotSupported = named("http_version_not_supported")
    package static let preconditionFailed = named("precondition_failed")
    package static let refused = named("request_refused")
}
