internal import Application
internal import Domain

/// Has all that is done for a request know what it is done for, and records it where its trace is recorded.
struct RequestSignals: RequestObserver {
    private static let tasks = Array("/api/v1/tasks/".utf8)
    private static let identifierLength = 36

    let signals: Signals
    let routes: [Route]

    /// Answers a request within its context.
    @Sendable func around(_ exchange: Exchange, _ answer: () async -> HTTPResponse) async -> HTTPResponse {
        let trace = exchange.trace
        let isSampled =
            signals.tracer.map { trace.isContinued ? trace.isSampled : $0.samples(low: trace.low) } ?? false
        let context = WorkContext(
            request: exchange.requestID, task: Self.task(in: exchange.request.path),
            trace: TracePosition(high: trace.high, low: trace.low, span: trace.span, isSampled: isSampled),
            under: trace.parent, signals: signals)
        let response = await WorkContext.$current.withValue(context) { await answer() }
        context.end()
        return response
    }

    func answered(
        _ exchange: Exchange, _ response: HTTPResponse, failure: (any Error)?, after duration: Duration
    ) {
        guard let span = WorkContext.current?.span else { return }
        let method = exchange.request.method?.rawValue ?? "_OTHER"
        span.note("http.request.method", .text(method))
        span.note("http.response.status_code", .integer(Int64(response.status.code)))
        span.note("url.path", .text(exchange.request.path))
        if let route = exchange.route {
            span.rename("\(method) \(routes[route].path.text)")
            span.note("http.route", .text(routes[route].path.text))
        } else {
            span.rename(method)
        }
        let code = response.refusal?.problem.kind.code
        if let code { span.note("error.type", .text(code)) }
        // What the client is to blame for is no failure of this server.
        if response.status.code >= 500 { span.fail(code ?? "\(response.status.code)") }
    }

    /// The task that an address is about.
    private static func task(in path: String) -> Identifier<VideoTask>? {
        let bytes = path.utf8
        guard bytes.count >= tasks.count + identifierLength, bytes.starts(with: tasks) else { return nil }
        return Identifier(String(Substring(bytes.dropFirst(tasks.count).prefix(identifierLength))))
    }
}
