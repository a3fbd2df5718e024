/// A request that has found its route.
///
/// A class, since it is handed on many times.
package final class Call: Sendable {
    /// The parameters of its query.
    package let query: Query
    private let exchange: Exchange
    private let template: PathTemplate
    private let arguments: PathArguments
    /// Brings text of the body into Unicode's composed form (NFC).
    let compose: @Sendable (String) -> String
    /// Looks at what people wrote; nil where nobody does.
    let screen: TextScreening?

    init(
        _ exchange: Exchange, template: PathTemplate, arguments: PathArguments,
        compose: @escaping @Sendable (String) -> String, screen: TextScreening?
    ) {
        self.compose = compose
        self.screen = screen
        self.exchange = exchange
        self.template = template
        self.arguments = arguments
        query = Query(exchange.request.query)
    }

    package var request: HTTPRequest { exchange.request }

    /// By what the request is found in the log, here and elsewhere.
    package var trace: TraceContext { exchange.trace }

    /// When the request came.
    var startedAt: ContinuousClock.Instant { exchange.startedAt }

    /// How the request stands to the limit under which it was counted, once it was.
    var rateLimit: RateLimitState? { exchange.rateLimit }

    /// Notes under which limit the request was counted, for its answer to tell.
    ///
    /// - Throws: ``ProblemKind/rateLimited`` when there were too many.
    package func note(_ state: RateLimitState) throws(Problem) {
        try exchange.note(state)
    }

    /// What stands in the path at the place of that name; nil when it cannot be decoded.
    package func argument(_ name: String) -> String? {
        var index = 0
        for candidate in template.arguments {
            if candidate == name { break }
            index += 1
        }
        let raw = arguments.raw(index, in: request.path)
        var text = String(raw)
        let isEncoded = text.withUTF8 { $0.contains(UInt8(ascii: "%")) }
        return isEncoded ? PercentEncoding.decode(text.utf8) : text
    }

    /// Words a refusal of this call, for what answers in HTTP's own terms.
    package var refuse: HTTPRefusal {
        { status, code, detail in HTTPResponse(refusing: Problem(.of(code, status), detail)) }
    }
}
