import Domain

extension Metrics {
    /// Has metrics tell what is stored and how the queue stands; while the store cannot be read they show nothing,
    /// since that is not the same as zero.
    ///
    /// - Parameter hasCredits: Whether there are ledgers to tell of.
    package func tell(of store: any Store, clock: any WallClock, hasCredits: Bool) {
        func collect(
            _ definition: MetricDefinition,
            _ samples: @escaping @Sendable (any StoreReader) throws -> [MetricSample]
        ) {
            self.collect(definition) { (try? store.read(samples)) ?? [] }
        }
        collect(.tasks) { reader in
            let counts = try reader.tasks.statistics(of: nil).tasks
            return VideoTask.Status.Name.allCases.map { MetricSample([$0.rawValue], .count(counts[$0] ?? 0)) }
        }
        collect(.clips) { [MetricSample(.count(try $0.tasks.statistics(of: nil).clips))] }
        collect(.uploads) { [MetricSample(.count(try $0.tasks.statistics(of: nil).uploads))] }
        collect(.mediaBytes) { reader in
            [MetricSample(.number(Double(try reader.tasks.statistics(of: nil).mediaBytes)))]
        }
        collect(.jobStates) { reader in
            let counts = try reader.jobs.counts(of: nil)
            return Job.State.Name.allCases.map { MetricSample([$0.rawValue], .count(counts[$0] ?? 0)) }
        }
        collect(.queueDepth) { reader in
            let counts = try reader.jobs.counts(of: nil)
            let waiting: [Job.State.Name] = [.available, .scheduled, .retryable]
            return [MetricSample(.count(waiting.reduce(0) { $0 + (counts[$1] ?? 0) }))]
        }
        collect(.queueAge) { reader in
            let age = try reader.jobs.oldestAvailable().map { clock.now() - $0 } ?? .zero
            return [MetricSample(.number(max(0, age.inSeconds)))]
        }
        guard hasCredits else { return }
        collect(.creditsMoved) { reader in
            try reader.credits.totals().sorted { $0.key.rawValue < $1.key.rawValue }
                .map { MetricSample([$0.key.rawValue], .count($0.value)) }
        }
        collect(.creditsHeld) { [MetricSample(.count(CreditTotals(try $0.credits.totals()).held))] }
    }

    /// Has a metric tell how many letters no mail server has taken.
    package func tell(ofUndelivered count: @escaping @Sendable () -> Int) {
        collect(.mailUndelivered) { [MetricSample(.count(count()))] }
    }

    /// Has a metric tell how many follow tasks.
    package func tell(of feed: TaskFeed) {
        collect(.followers) { [MetricSample(.count(feed.followerCount))] }
    }

    /// Has a metric tell how the breakers of upstreams stand: one sample for each upstream and state, the shape in
    /// which a state can be counted and alerted on.
    package func tell(of upstreams: Upstreams) {
        collect(.upstreamBreaker) {
            upstreams.all.flatMap { upstream in
                CircuitBreaker.State.Name.allCases.map { state in
                    MetricSample(
                        [upstream.name, state.rawValue], .count(upstream.state.name == state ? 1 : 0))
                }
            }
        }
    }
}

extension MetricValue {
    /// A number of things.
    package static func count(_ count: Int) -> Self { .number(Double(count)) }
}
