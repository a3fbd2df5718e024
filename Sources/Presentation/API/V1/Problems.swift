internal import Application
internal import Domain

/// The kinds of refusal of this version of the API, beyond those of HTTP itself.
extension ProblemKind {
    static let missingScope = named("missing_scope")
    static let conflict = named("conflict")
    static let notReady = named("not_ready")
    static let notMedia = named("not_media")
    static let mediaTooComplex = named("source_too_complex")
    static let captionsUnreadable = named("captions_unreadable")
    static let keyReused = named("idempotency_key_reused")
    static let storageFull = named("storage_full")
    static let serviceUnavailable = named("service_unavailable")
    static let upstreamTimeout = named("upstream_timeout")
}

extension Problem {
    /// The table from errors to refusals: whatever a handler throws becomes a problem here and nowhere else.
    ///
    /// - Parameter now: The moment, where a refusal may say how long to wait; nil when none does.
    init(describing error: any Error, at now: Timestamp? = nil) {
        switch error {
        case let problem as Problem: self = problem
        case let faults as Faults: self.init(faults: faults.faults)
        case let error as RequestBodyError: self.init(error)
        case let error as MultipartError: self.init(error)
        case let error as AccessError: self.init(error)
        case let error as NotFound: self.init(.notFound, error.explanation)
        case let error as NotReady: self.init(.notReady, error.explanation)
        case let error as IdempotencyError: self.init(.keyReused, error.explanation)
        case let error as SubmissionError: self.init(error)
        case let error as VideoTaskError: self.init(error)
        case let error as WebhookError: self.init(error)
        case let error as ComponentError: self.init(error)
        case let error as JobError: self.init(.conflict, error.explanation)
        case let error as MediaError: self.init(error)
        case let error as PortError: self.init(error)
        case let error as UpstreamResting: self.init(error)
        case let error as UpstreamTimeout:
            self.init(
                .upstreamTimeout, "\(error.upstream) did not answer in time.", service: error.upstream)
        case is CancellationError: self.init(.overloaded, "The server is stopping. Ask again.", retryAfter: 5)
        case let error as any CodedError:
            self =
                Problem(ofAccounts: error, at: now)
                ?? Problem(.named(error.code), error.explanation)
        default: self.init(.internalError, "The log says more, under this traceId.")
        }
    }

    private init(_ kind: ProblemKind, _ detail: String, retryAfter seconds: Int64, service: String? = nil) {
        self.init(kind, detail, fields: [("Retry-After", String(max(1, seconds)))], service: service)
    }

    /// A service that is left alone says when it is asked again; half a minute, where nobody knows.
    private init(_ resting: UpstreamResting) {
        self.init(
            .serviceUnavailable, "\(resting.upstream) does not answer. Ask again.",
            retryAfter: resting.retryAfter?.components.seconds ?? 30, service: resting.upstream)
    }

    private init(_ error: AccessError) {
        switch error {
        case .missingScope(let scope):
            let challenge = #"Bearer realm="cutroom", error="insufficient_scope", scope="\#(scope.rawValue)""#
            self.init(.missingScope, error.explanation, fields: [("WWW-Authenticate", challenge)])
        }
    }

    private init(_ error: RequestBodyError) {
        switch error {
        case .tooLarge(let limit): self.init(.payloadTooLarge, "At most \(limit) bytes are taken here.")
        case .interrupted: self.init(.malformedRequest, "The body broke off.")
        }
    }

    private init(_ error: MultipartError) {
        switch error {
        case .malformed:
            self.init(
                .malformedRequest,
                "The body is no multipart/form-data with the boundary that Content-Type names.")
        case .body(let error): self.init(error)
        }
    }

    /// An order that names only things that are not there is like an address under which nothing is.
    private init(_ error: SubmissionError) {
        let faults = error.faults.map(\.fault)
        if faults.allSatisfy({ $0.code == .notFound }) {
            self.init(.notFound, error.explanation, faults: faults)
        } else {
            self.init(faults: faults)
        }
    }

    private init(_ error: VideoTaskError) {
        switch error {
        case .title: self.init(faults: [Fault(.body("/title"), .badFormat, error.explanation)])
        case .alreadyEnded, .notResumable, .notRunning: self.init(.conflict, error.explanation)
        }
    }

    private init(_ error: MediaError) {
        switch error {
        case .notMedia: self.init(.notMedia, error.explanation)
        case .tooLarge: self.init(.payloadTooLarge, error.explanation)
        case .programMissing(let program):
            self.init(.overloaded, error.explanation, retryAfter: 60, service: program)
        case .programFailed(let program, _):
            // What a program says may name files of the server: that is for the log.
            self.init(
                .overloaded, "\(program) could not do its part. Ask again, or hand in another file.",
                retryAfter: 60, service: program)
        case .tooShort, .truncated, .tooLong, .tooComplex, .captionsUnreadable, .addressUnsupported,
            .addressRefused, .fetchRefused:
            self.init(.named(error.code), error.explanation)
        }
    }

    private init(_ error: PortError) {
        switch error {
        case .unavailable(_, let retryAfter):
            self.init(
                .overloaded, "Something that this needs does not answer. Ask again.",
                retryAfter: retryAfter?.components.seconds ?? 1)
        case .conflict(let reason): self.init(.conflict, "Something else has changed it: \(reason).")
        case .full: self.init(.storageFull, "No room is left on the server. Remove tasks, or free its disk.")
        case .corrupt: self.init(.internalError, "What is stored cannot be read. The log says more.")
        case .cancelled: self.init(.overloaded, "The server gave up on it. Ask again.", retryAfter: 1)
        }
    }
}

extension SubmissionError.Fault {
    fileprivate var fault: Fault {
        switch self {
        case .upload: Fault(.body("/source/upload_id"), .notFound, expectation)
        case .address: Fault(.body("/source/url"), .badFormat, expectation)
        case .captions: Fault(.body("/source/captions_upload_id"), .notFound, expectation)
        case .font: Fault(.body("/options/captions/font"), .notAllowed, expectation)
        case .template: Fault(.body("/options/captions/template"), .notAllowed, expectation)
        }
    }
}
