import Application
import Domain
import Testing

@Suite("Metrics")
struct MetricsTests {
    private static let things = MetricDefinition("things_total", .counter, by: ["kind"], bound: 3, "Things.")
    private static let level = MetricDefinition("level_ratio", .gauge, in: .ratio, "A level.")
    private static let times = MetricDefinition(
        "times_seconds", .histogram([1, 2, 4]), in: .seconds, "Times.")

    private let metrics = Metrics()

    @Test(
        "O38: nothing is lost when everyone counts at once, and one instrument is one however often it is asked for"
    )
    func concurrent() async {
        let level = metrics.gauge(Self.level).with()
        await withTaskGroup(of: Void.self) { group in
            for kind in 0..<8 {
                group.addTask { [metrics] in
                    let counter = metrics.counter(Self.things).with("\(kind % 2)")
                    for _ in 0..<10_000 {
                        counter.increment()
                        level.add(0.5)
                        metrics.histogram(Self.times).with().observe(0.25)
                    }
                }
            }
        }
        let snapshot = metrics.snapshot()
        #expect(
            snapshot.points(named: "things_total").map { ($0.labels["kind"], $0.value) }
                .allSatisfy { $0.1 == 40_000 })
        #expect(snapshot.points(named: "things_total").count == 2)
        #expect(snapshot.points(named: "level_ratio").map(\.value) == [40_000])
        #expect(snapshot.points(named: "times_seconds_count").map(\.value) == [80_000])
        #expect(snapshot.points(named: "times_seconds_sum").map(\.value) == [20_000])
    }

    @Test("O38: sets of labels beyond the bound count as “other”, and are counted as such")
    func bounded() {
        for kind in 0..<10 { metrics.counter(Self.things).with("\(kind)").increment() }
        metrics.counter(Self.things).with("1").increment()
        let points = metrics.snapshot().points(named: "things_total")
        #expect(points.map { $0.labels["kind"] } == ["0", "1", "2", "other"])
        #expect(points.map(\.value) == [1, 2, 1, 7])
        let overflow = metrics.snapshot().points(named: "cutroom_metrics_overflow_total")
        #expect(overflow.map(\.labels) == [["metric": "things_total"]])
        #expect(overflow.map(\.value) == [7])
    }

    @Test("O38: an observation falls into the first bucket that is large enough, its bound included")
    func buckets() throws {
        let histogram = metrics.histogram(Self.times).with()
        for value in [0.5, 1, 1.5, 2, 3, 100] { histogram.observe(value) }
        histogram.observe(.milliseconds(4000))
        let points = metrics.snapshot().points(named: "times_seconds_bucket")
        #expect(points.map { $0.labels["le"] } == ["1.0", "2.0", "4.0", "+Inf"])
        #expect(points.map(\.value) == [2, 4, 6, 7])
        let family = try #require(metrics.snapshot()["times_seconds"])
        guard case .histogram(let reading)? = family.samples.first?.value else {
            Issue.record("no histogram")
            return
        }
        #expect(reading.sum == 112)
        #expect(reading.quantile(0.5) == 1.75)
        #expect(reading.quantile(1) == 4)
        #expect(HistogramReading(bounds: [1], counts: [0, 0], sum: 0).quantile(0.5) == nil)
    }

    @Test("O38: what nobody has told shows nothing, and is not zero")
    func missing() {
        _ = metrics.histogram(Self.times).with()
        metrics.collect(Self.level) { [] }
        let snapshot = metrics.snapshot()
        #expect(snapshot["times_seconds"] == nil && snapshot["level_ratio"] == nil)
        #expect(snapshot.points(named: "level_ratio").isEmpty && snapshot.points(named: "nobody").isEmpty)
    }

    @Test(
        "O38: a metric is named after its unit and kind, by rules of Prometheus",
        arguments: MetricDefinition.all)
    func names(metric: MetricDefinition) {
        #expect(metric.name.wholeMatch(of: #/[a-z][a-z0-9_]*/#) != nil)
        #expect(metric.name.hasPrefix("cutroom_") || metric.name.hasPrefix("process_"))
        #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter))
        let words = metric.name.split(separator: "_").map(String.init)
        #expect(metric.unit == .none || words.contains(metric.unit.rawValue))
        for unit in MetricDefinition.Unit.allCases where unit != .none && words.last == unit.rawValue {
            #expect(metric.unit == unit)
        }
        #expect(!metric.help.isEmpty && !metric.labels.contains("le") && metric.bound > 0)
        #expect(MetricDefinition.all.count { $0.name == metric.name } == 1)
    }

    @Test("O38: the queue tells how deep it is and how old, tasks and credits how they stand")
    func store() async throws {
        let (store, clock) = (InMemoryStore(), InMemoryClock())
        metrics.tell(of: store, clock: clock, hasCredits: true)
        #expect(metrics.snapshot().points(named: "cutroom_queue_oldest_age_seconds").map(\.value) == [0])
        let jobs = [
            Job(id: Identifier(high: 1, low: 1), kind: "a", now: clock.now()),
            Job(
                id: Identifier(high: 1, low: 2), kind: "a", dueAt: clock.now() + .seconds(60),
                now: clock.now()),
        ]
        try await store.write { writer in for job in jobs { try writer.enqueue(job) } }
        clock.advance(by: .seconds(42))
        let snapshot = metrics.snapshot()
        #expect(snapshot.points(named: "cutroom_queue_depth").map(\.value) == [2])
        #expect(snapshot.points(named: "cutroom_queue_oldest_age_seconds").map(\.value) == [42])
        #expect(snapshot.points(named: "cutroom_tasks").count == VideoTask.Status.Name.allCases.count)
        #expect(snapshot.points(named: "cutroom_credits_held").map(\.value) == [0])
    }

    @Test("O38: calls of an upstream are counted by how they end, those that are not made included")
    func upstream() throws {
        let upstream = Upstream(
            "chat", clock: InMemoryClock(), random: SeededRandomSource(seed: 1), log: SilentLog(),
            metrics: metrics)
        try upstream.lease().answered()
        func letGo() throws { _ = try upstream.lease() }
        try letGo()
        for _ in 0..<5 { try upstream.lease().failed("gone") }
        #expect(throws: UpstreamResting.self) { _ = try upstream.lease() }
        let calls = metrics.snapshot().points(named: "cutroom_upstream_calls_total")
        #expect(calls.map { $0.labels["outcome"] } == ["answered", "failed", "resting", "unknown"])
        #expect(calls.map(\.value) == [1, 5, 1, 1])
        let count = metrics.snapshot().points(named: "cutroom_upstream_call_duration_seconds_count")
        #expect(count.map(\.value) == [7])
    }

    @Test("O38: an order and its job are counted by use case, kind of job, stage and how they ended")
    func work() async throws {
        let workshop = Workshop()
        let signals = Signals(metrics: metrics)
        let context = WorkContext(
            request: "r", task: nil, trace: TracePosition(high: 1, low: 1, span: 1, isSampled: false),
            under: nil, signals: signals)
        try await WorkContext.$current.withValue(context) {
            _ = try await workshop.order()
            await #expect(throws: NotFound.task) {
                try await workshop.cancel(Identifier(high: 9, low: 9), by: .local)
            }
        }
        workshop.clock.advance(by: .seconds(3))
        let job = try await workshop.claim()
        #expect(await ObservedJobHandler(workshop.handler, by: signals).run(job) == .completed)
        let snapshot = metrics.snapshot()
        func value(_ name: String, _ labels: [String: String]) -> Double? {
            snapshot.points(named: name).first { $0.labels == labels }?.value
        }
        let runs = "cutroom_use_case_runs_total"
        #expect(value(runs, ["use_case": "SubmitVideoTask", "outcome": "done"]) == 1)
        #expect(value(runs, ["use_case": "CancelVideoTask", "outcome": "refused"]) == 1)
        #expect(value(runs, ["use_case": "CancelVideoTask", "outcome": "done"]) == 0)
        let kind = RunVideoTask.jobKind
        #expect(value("cutroom_job_attempts_total", ["kind": kind, "outcome": "completed"]) == 1)
        #expect(value("cutroom_job_wait_seconds_sum", ["kind": kind]) == 3)
        #expect(value("cutroom_job_run_seconds_count", ["kind": kind]) == 1)
        for stage in Stage.allCases {
            #expect(value("cutroom_stage_duration_seconds_count", ["stage": stage.rawValue]) == 1)
        }
    }
}

private struct SilentLog: Log {
    let level = LogLevel.error

    func write(_ level: LogLevel, _ event: String, _ fields: [LogField]) {}
}
