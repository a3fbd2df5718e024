internal import Application

/// Counts refusals by their codes, operations and services.
struct ErrorTally: RequestObserver {
    private let counters: ErrorCounters
    private let operations: [String]

    init(_ counters: ErrorCounters, routes: [Route]) {
        self.counters = counters
        operations = routes.map(\.operation.id)
    }

    func answered(
        _ exchange: Exchange, _ response: HTTPResponse, failure: (any Error)?, after duration: Duration
    ) {
        guard let problem = response.refusal?.problem else { return }
        counters.countFailure(
            code: problem.kind.code, operation: exchange.route.map { operations[$0] },
            service: problem.service)
    }
}
