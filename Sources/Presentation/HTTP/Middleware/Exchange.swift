/// A request on its way through the service, and what was found out about it.
package struct Exchange: Sendable {
    package let request: HTTPRequest
    package let trace: TraceContext
    /// What the client calls the request, else its trace; answered as `X-Request-Id`.
    package let requestID: String
    /// When it came.
    package let startedAt: ContinuousClock.Instant
    /// The route that answers it, by its place in the list of routes; nil when none does.
    package internal(set) var route: Int?
    /// How it stands to the limit under which it was counted; nil when it was not.
    var rateLimit: RateLimitState?

    init(_ request: HTTPRequest, random: () -> UInt64) {
        self.request = request
        startedAt = .now
        trace = TraceContext(traceparent: request.fields["traceparent"], random: random)
        requestID = request.fields["X-Request-Id"].flatMap(Self.acceptable) ?? trace.traceID
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
