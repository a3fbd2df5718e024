internal import Domain

/// How the upstreams stand in the metrics.
enum UpstreamWire {
    /// One sample for each upstream and state: the shape in which a state can be counted and alerted on.
    static func write(
        _ upstreams: [(name: String, state: CircuitBreaker.State)], to text: inout MetricsText
    ) {
        guard !upstreams.isEmpty else { return }
        let name = "cutroom_upstream_breaker"
        text.family(name, "gauge", "1 for the state in which the breaker of an upstream is.")
        for upstream in upstreams {
            for state in CircuitBreaker.State.Name.allCases {
                text.sample(
                    name, "upstream=\"\(upstream.name)\",state=\"\(state.rawValue)\"",
                    upstream.state.name == state ? 1 : 0)
            }
        }
    }
}
