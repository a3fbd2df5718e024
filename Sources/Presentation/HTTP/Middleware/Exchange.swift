internal import Synchronization

/// A request on its way through the service, and what was found out about it.
///
/// A class, since every function on the way is handed it, and what an asynchronous one holds is allocated for it.
package final class Exchange: Sendable {
    private struct Findings {
        var route: Int?
        var rateLimit: RateLimitState?
    }

    package let request: HTTPRequest
    package let trace: TraceContext
    /// What the client calls the request, else its trace; answered as `X-Request-Id`.
    package let requestID: String
    /// When it came.
    package let startedAt: ContinuousClock.Instant
    private let findings = Mutex(Findings())

    init(_ request: HTTPRequest, random: () -> UInt64) {
        self.request = request
        startedAt = .now
        let trace = TraceContext(traceparent: request.fields["traceparent"], random: random)
        self.trace = trace
        requestID = request.fields["X-Request-Id"].flatMap(Self.acceptable) ?? trace.traceID
    }

    /// The route that answers it, by its place in the list of routes; nil when none does.
    package internal(set) var route: Int? {
        get { findings.withLock { $0.route } }
        set { findings.withLock { $0.route = newValue } }
    }

    /// How it stands to the limit under which it was counted; nil when it was not.
    var rateLimit: RateLimitState? { findings.withLock { $0.rateLimit } }

    /// Notes under which limit the request was counted, for its answer to tell.
    ///
    /// - Throws: ``ProblemKind/rateLimited`` when there were too many.
    func note(_ state: RateLimitState) throws(Problem) {
        findings.withLock { $0.rateLimit = state }
        try state.require()
    }

    /// What a client may call a request: it goes into logs and back into a header.
    private static func acceptable(_ id: String) -> String? {
        let isPlain = id.utf8.allSatisfy { isTokenByte($0) }
        return (1...128).contains(id.utf8.count) && isPlain ? id : nil
    }
}

/// Something that every request passes on its way in and every response on its way out.
///
/// Two flat calls instead of a chain of closures: passing costs no allocation.
package protocol Middleware: Sendable {
    /// Looks at a request; an answer ends its way here.
    func receive(_ exchange: Exchange) throws(Problem) -> HTTPResponse?
    /// Looks at the response, whoever made it.
    func send(_ response: inout HTTPResponse, for exchange: Exchange)
}

/// Is told of every request once it is answered; streams may still be running then.
package protocol RequestObserver: Sendable {
    /// - Parameter failure: What was thrown, where the response is a refusal that words it.
    func answered(
        _ exchange: Exchange, _ response: HTTPResponse, failure: (any Error)?, after duration: Duration)
}
