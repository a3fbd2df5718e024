import Synchronization

/// The upstreams of this process, each with the one breaker that all who call it share.
package final class Upstreams: Sendable {
    private let known = Mutex<[Upstream]>([])
    private let clock: any WallClock
    private let random: any RandomSource
    private let log: any Log
    private let metrics: Metrics?

    /// No upstreams yet.
    package init(clock: any WallClock, random: any RandomSource, log: any Log, metrics: Metrics? = nil) {
        self.metrics = metrics
        self.clock = clock
        self.random = random
        self.log = log
    }

    /// All that were asked for so far, in that order.
    package var all: [Upstream] { known.withLock { $0 } }

    /// The one of that name, a new one the first time.
    package func named(_ name: String) -> Upstream {
        known.withLock { known in
            if let upstream = known.first(where: { $0.name == name }) { return upstream }
            let upstream = Upstream(name, clock: clock, random: random, log: log, metrics: metrics)
            known.append(upstream)
            return upstream
        }
    }
}
