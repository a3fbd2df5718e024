internal import Application
internal import Synchronization

/// Counts requests and their durations, by route.
final class RouteMetrics: RequestObserver {
    /// From how long on a request counts as slow.
    private static let slow = Duration.seconds(1)

    /// What counts for one route, made when it is first used.
    private final class Meter: Sendable {
        struct State {
            var duration: Histogram?
            /// Few, so that looking through them is quickest.
            var statuses: [(code: Int, count: Counter)] = []
        }

        let method: String
        let route: String
        /// A lock for each route, so that busy ones do not wait for each other; held for no longer than it takes to
        /// find the instruments.
        let state = Mutex(State())

        init(method: String, route: String) {
            self.method = method
            self.route = route
        }
    }

    private let meters: [Meter]
    private let requests: MetricFamily<Counter>
    private let durations: MetricFamily<Histogram>
    private let refusals: MetricFamily<Counter>
    private let faults: MetricFamily<Counter>
    private let slow: Counter

    /// Metrics of these routes.
    init(routes: [Route], metrics: Metrics) {
        // The last is for requests that no route answers.
        meters =
            routes.map { Meter(method: $0.method.rawValue, route: $0.path.text) } + [
                Meter(method: "", route: "")
            ]
        requests = metrics.counter(.httpRequests)
        durations = metrics.histogram(.httpDuration)
        refusals = metrics.counter(.httpRefusals)
        faults = metrics.counter(.httpFaults)
        slow = metrics.counter(.httpSlow).with()
    }

    func answered(
        _ exchange: Exchange, _ response: HTTPResponse, failure: (any Error)?, after duration: Duration
    ) {
        let meter = meters[exchange.route ?? meters.count - 1]
        let status = response.status.code
        let (histogram, counter) = meter.state.withLock { state -> (Histogram, Counter) in
            let histogram = state.duration ?? durations.with(meter.method, meter.route)
            state.duration = histogram
            if let known = state.statuses.first(where: { $0.code == status }) {
                return (histogram, known.count)
            }
            let counter = requests.with(meter.method, meter.route, "\(status)")
            state.statuses.append((status, counter))
            return (histogram, counter)
        }
        histogram.observe(duration)
        counter.increment()
        if duration >= Self.slow { slow.increment() }
        // Codes are words of the program, never of a client, so that there are only so many.
        if let code = response.refusal?.problem.kind.code { refusals.with(code).increment() }
        if let found = (failure as? Problem)?.faults ?? (failure as? Faults)?.faults {
            for rule in Set(found.map(\.code)) { faults.with(rule.rawValue).increment() }
        }
    }
}
