internal import Synchronization

/// Counts requests and their durations for Prometheus, by route.
package final class RequestMetrics: RequestObserver {
    /// Upper bounds of the histogram's buckets, in seconds.
    static let bounds = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10]

    private struct Meter {
        var statuses: [Int: Int] = [:]
        var buckets = [Int](repeating: 0, count: RequestMetrics.bounds.count + 1)
        var seconds = 0.0
    }

    /// One lock for each route, so that busy routes do not wait for each other; the last is for none.
    private let meters: [Guarded]
    private let labels: [String]
    /// How often each kind of refusal was answered, by its code.
    private let refusals = Mutex<[String: Int]>([:])

    private final class Guarded: Sendable {
        let meter = Mutex(Meter())
    }

    /// Metrics of these routes.
    package init(routes: [Route]) {
        labels =
            routes.map { "method=\"\($0.method.rawValue)\",route=\"\($0.path.text)\"" }
            + ["method=\"\",route=\"\""]
        meters = labels.map { _ in Guarded() }
    }

    package func answered(
        _ exchange: Exchange, _ response: HTTPResponse, failure: (any Error)?, after duration: Duration
    ) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        meters[exchange.route ?? meters.count - 1].meter.withLock { meter in
            meter.statuses[response.status.code, default: 0] += 1
            meter.buckets[bucket] += 1
            meter.seconds += seconds
        }
        // Codes are words of the program, never of a client, so that there are only so many.
        if let code = response.refusal?.problem.kind.code { refusals.withLock { $0[code, default: 0] += 1 } }
    }

    /// The metrics in Prometheus' text format (version 0.0.4).
    package func write(to text: inout MetricsText) {
        let readings = zip(labels, meters.map { $0.meter.withLock { $0 } }).filter { !$1.statuses.isEmpty }
        text.family("cutroom_http_requests_total", "counter", "Requests answered.")
        for (labels, meter) in readings {
            for (status, count) in meter.statuses.sorted(by: { $0.key < $1.key }) {
                text.sample("cutroom_http_requests_total", "\(labels),status=\"\(status)\"", Double(count))
            }
        }
        let name = "cutroom_http_request_duration_seconds"
        text.family(name, "histogram", "From the head of a request to the head of its answer.")
        for (labels, meter) in readings {
            var total = 0
            for (bound, count) in zip(Self.bounds, meter.buckets) {
                total += count
                text.sample("\(name)_bucket", "\(labels),le=\"\(bound)\"", Double(total))
            }
            total += meter.buckets[Self.bounds.count]
            text.sample("\(name)_bucket", "\(labels),le=\"+Inf\"", Double(total))
            text.sample("\(name)_sum", labels, meter.seconds)
            text.sample("\(name)_count", labels, Double(total))
        }
        text.family("cutroom_http_refusals_total", "counter", "Requests refused, by the code of the refusal.")
        for (code, count) in refusals.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            text.sample("cutroom_http_refusals_total", "code=\"\(code)\"", Double(count))
        }
    }
}

/// Text in Prometheus' exposition format (version 0.0.4) while it is written.
package struct MetricsText: Sendable {
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// What was written so far.
    package private(set) var text = ""

    package init() {}

    /// Begins a family of samples.
    package mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    /// Writes a sample; `labels` are `name="value"` pairs with commas between, or nothing.
    package mutating func sample(_ name: String, _ labels: String, _ value: Double) {
        let shown = value == value.rounded() && value.magnitude < 1e15 ? "\(Int64(value))" : "\(value)"
        text += labels.isEmpty ? "\(name) \(shown)\n" : "\(name){\(labels)} \(shown)\n"
    }
}
