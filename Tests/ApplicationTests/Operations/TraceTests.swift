import Application
import Domain
import Synchronization
import Testing

@Suite("Traces")
struct TraceTests {
    private final class Collector: SpanSink {
        let spans = Mutex<[FinishedSpan]>([])
        func take(_ span: FinishedSpan) { spans.withLock { $0.append(span) } }
        var all: [FinishedSpan] { spans.withLock { $0 } }
        func named(_ name: String) -> FinishedSpan? { all.first { $0.name == name } }
    }

    private let collector = Collector()
    private let time = Time()

    private final class Time: Sendable {
        let nanoseconds = Mutex<Int64>(1_790_000_000_000_000_000)
        func next() -> Int64 {
            nanoseconds.withLock {
                $0 += 1000; return $0
            }
        }
    }

    private func signals(share: Double = 1, seed: UInt64 = 3) -> Signals {
        Signals(
            tracer: Tracer(
                share: share, random: SeededRandomSource(seed: seed), now: { [time] in time.next() },
                sink: collector))
    }

    private func request(_ signals: Signals, isSampled: Bool = true) -> WorkContext {
        WorkContext(
            request: "r", task: nil, trace: TracePosition(high: 7, low: 8, span: 9, isSampled: isSampled),
            under: 5, signals: signals)
    }

    @Test(
        "X16: a trace leads from the request over the use case and the job to each stage, whichever process has it"
    )
    func whole() async throws {
        let workshop = Workshop()
        let context = request(signals())
        let task = try await WorkContext.$current.withValue(context) { try await workshop.order() }
        context.end()
        // Another process: all it knows is what the job says.
        let job = try await workshop.claim()
        let elsewhere = signals(share: 0, seed: 4)
        #expect(await ObservedJobHandler(workshop.handler, by: elsewhere).run(job) == .completed)
        #expect(try workshop.details(task).task.status == .completed)

        let spans = collector.all
        #expect(spans.allSatisfy { $0.position.high == 7 && $0.position.low == 8 })
        #expect(Set(spans.map(\.position.span)).count == spans.count)
        #expect(spans.allSatisfy { $0.startedAt <= $0.endedAt })
        let root = try #require(collector.named("request"))
        #expect(root.parent == 5 && root.kind == .server && root.position.span == 9)
        let order = try #require(collector.named("SubmitVideoTask"))
        #expect(order.parent == root.position.span)
        let run = try #require(collector.named("job run_video_task"))
        #expect(run.parent == order.position.span && run.kind == .consumer)
        for stage in Stage.allCases {
            let span = try #require(collector.named("stage \(stage.rawValue)"))
            #expect(span.parent == run.position.span && span.failure == nil)
        }
    }

    @Test("X16: what fails says so, with the code of the rule")
    func failure() async throws {
        let workshop = Workshop()
        await WorkContext.$current.withValue(request(signals())) {
            await #expect(throws: NotFound.task) {
                try await workshop.cancel(Identifier(high: 9, low: 9), by: .local)
            }
        }
        #expect(collector.named("CancelVideoTask")?.failure == "not_found")
    }

    @Test("X16: of what is not sampled nothing is recorded, and its job carries nothing")
    func unsampled() async throws {
        let workshop = Workshop()
        let context = request(signals(), isSampled: false)
        let task = try await WorkContext.$current.withValue(context) { try await workshop.order() }
        context.end()
        #expect(collector.all.isEmpty)
        #expect(try workshop.job(of: task)?.arguments == [])
        let job = try await workshop.claim()
        _ = await ObservedJobHandler(workshop.handler, by: signals(share: 0)).run(job)
        #expect(collector.all.isEmpty)
    }

    @Test("X16: a task that is resumed goes on in the trace of who resumed it")
    func resumed() async throws {
        let workshop = Workshop()
        let task = try await workshop.order()
        _ = try await workshop.cancel(task.id, by: .local)
        try await WorkContext.$current.withValue(request(signals())) {
            _ = try await workshop.resume(task.id, by: .local)
        }
        let jobs = try workshop.store.read { try $0.jobs.unfinished(of: Identifier(task.id)) }
        let carried = try #require(jobs.last.flatMap { TracePosition(traceparent: $0.arguments) })
        #expect(carried.high == 7 && carried.low == 8 && carried.isSampled)
    }

    @Test("X16: the share of traces that begin here is the one that is set", arguments: [0, 0.01, 0.25, 1])
    func share(share: Double) {
        let tracer = Tracer(share: share, random: SeededRandomSource(seed: 1), now: { 0 }, sink: collector)
        let random = SeededRandomSource(seed: 11)
        let count = 20_000
        let sampled = (0..<count).count { _ in tracer.samples(low: random.next()) }
        // Five standard deviations of a binomial distribution.
        let spread = 5 * (Double(count) * share * (1 - share)).squareRoot()
        #expect(abs(Double(sampled) - Double(count) * share) <= spread)
    }

    @Test(
        "X16: a place in a trace is read as it was written, and nothing else is",
        arguments: [
            "", "00-0-0-01", "ff-00000000000000000000000000000001-0000000000000001-01",
            "00-00000000000000000000000000000000-0000000000000001-01",
            "00-00000000000000000000000000000001-0000000000000000-01",
            "00-0000000000000000000000000000000A-0000000000000001-01",
            "00-00000000000000000000000000000001-0000000000000001-01-x", "{\"webhook\":\"1\"}",
        ])
    func positions(malformed: String) {
        #expect(TracePosition(traceparent: malformed.utf8) == nil)
        let position = TracePosition(high: 0x1F, low: .max, span: 0xA, isSampled: true)
        #expect(position.traceparent == "00-000000000000001fffffffffffffffff-000000000000000a-01")
        #expect(TracePosition(traceparent: position.traceparent.utf8) == position)
    }
}
