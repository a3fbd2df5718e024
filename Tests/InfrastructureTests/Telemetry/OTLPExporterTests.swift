import Application
import Domain
import FoundationEssentials
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("Traces on their way to a collector")
struct OTLPExporterTests {
    /// What a collector reads (opentelemetry-proto, trace/v1), as strictly as its JSON is to be read.
    private struct Received: Decodable {
        struct Value: Decodable {
            let stringValue: String?
            let intValue: String?
            let doubleValue: Double?
        }
        struct Attribute: Decodable {
            let key: String
            let value: Value
        }
        struct Resource: Decodable { let attributes: [Attribute] }
        struct Scope: Decodable {
            let name: String
            let version: String
        }
        struct Status: Decodable {
            let code: Int?
            let message: String?
        }
        struct Span: Decodable {
            let traceId: String
            let spanId: String
            let parentSpanId: String?
            let name: String
            let kind: Int
            let startTimeUnixNano: String
            let endTimeUnixNano: String
            let attributes: [Attribute]
            let status: Status
        }
        struct ScopeSpans: Decodable {
            let scope: Scope
            let spans: [Span]
        }
        struct ResourceSpans: Decodable {
            let resource: Resource
            let scopeSpans: [ScopeSpans]
        }
        let resourceSpans: [ResourceSpans]

        init(_ request: ScriptedServer.Request) throws {
            self = try JSONDecoder().decode(Self.self, from: Data(request.body))
        }

        var spans: [Span] { resourceSpans.flatMap { $0.scopeSpans.flatMap(\.spans) } }
    }

    private final class SilentLog: Log {
        let lines = Mutex<[String]>([])
        let level = LogLevel.info
        func write(_ level: LogLevel, _ event: String, _ fields: [LogField]) {
            lines.withLock { $0.append(event) }
        }
    }

    /// A clock whose sleepers wake at once, and which remembers how long they wanted to sleep.
    private final class ImpatientClock: WallClock {
        let sleeps = Mutex<[Duration]>([])
        func now() -> Timestamp { Timestamp(milliseconds: 0) }
        func sleep(until deadline: Timestamp) async throws {
            sleeps.withLock { $0.append(deadline - now()) }
        }
    }

    private let metrics = Metrics()
    private let log = SilentLog()

    private func exporter(
        _ endpoint: String, clock: any WallClock, _ change: (inout OTLPExporter.Settings) -> Void = { _ in }
    ) -> OTLPExporter {
        var settings = OTLPExporter.Settings(endpoint: endpoint, version: "1.2.3", instance: "me")
        change(&settings)
        return OTLPExporter(settings, client: HTTPClient(), clock: clock, log: log, metrics: metrics)
    }

    private func count(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        metrics.snapshot().points(named: name).first { $0.labels == labels }?.value
    }

    /// A request with a part that fails, both recorded.
    private func record(into sink: any SpanSink, requests: Int = 1) async {
        let random = SeededRandomSource(seed: 5)
        let signals = Signals(
            tracer: Tracer(share: 1, random: random, now: SystemClock.nanoseconds, sink: sink))
        for number in 0..<requests {
            let context = WorkContext(
                request: "r", task: nil,
                trace: TracePosition(high: 0, low: 0xAB, span: UInt64(number + 1), isSampled: true), under: 3,
                signals: signals)
            await WorkContext.$current.withValue(context) {
                try? await WorkContext.part("call \"chat\"\n", .client) {
                    WorkContext.current?.span?.note("count", .integer(1 << 60))
                    WorkContext.current?.span?.note("share", .number(0.5))
                    throw PortError.unavailable("gone")
                }
            }
            context.span?.note("http.request.method", "GET")
            context.end()
        }
    }

    @Test("X16: a collector gets what the protocol says, to the letter")
    func letter() async throws {
        let server = ScriptedServer { _ in .json("{}") }
        let exporter = exporter(server.address, clock: SystemClock())
        let before = SystemClock.nanoseconds()
        await record(into: exporter)
        await exporter.finish(within: .seconds(10))

        let request = try #require(server.requests.first)
        #expect(server.requests.count == 1)
        #expect(request.method == "POST" && request.target == "/v1/traces")
        #expect(request.header("content-type") == "application/json")
        let received = try Received(request)
        let resource = try #require(received.resourceSpans.first).resource.attributes
        #expect(resource.map(\.key) == ["service.name", "service.version", "service.instance.id"])
        #expect(resource.map(\.value.stringValue) == ["cutroom", "1.2.3", "me"])
        #expect(received.resourceSpans[0].scopeSpans[0].scope.name == "cutroom")
        #expect(received.spans.count == 2)
        for span in received.spans {
            #expect(span.traceId == "000000000000000000000000000000ab")
            #expect(span.spanId.wholeMatch(of: #/[0-9a-f]{16}/#) != nil)
            #expect(span.parentSpanId?.wholeMatch(of: #/[0-9a-f]{16}/#) != nil)
            #expect((1...5).contains(span.kind))
            let (start, end) = (Int64(span.startTimeUnixNano), Int64(span.endTimeUnixNano))
            #expect(try #require(start) >= before)
            #expect(try #require(start) <= (try #require(end)))
        }
        let (part, root) = (received.spans[0], received.spans[1])
        #expect(part.name == "call \"chat\"\n" && part.kind == 3 && part.parentSpanId == root.spanId)
        #expect(part.status.code == 2 && part.status.message == "PortError")
        #expect(part.attributes.map(\.value.intValue) == ["\(1 << 60)", nil])
        #expect(part.attributes.last?.value.doubleValue == 0.5)
        #expect(root.kind == 2 && root.parentSpanId == "0000000000000003" && root.status.code == nil)
        #expect(count("cutroom_trace_spans_exported_total") == 2)
    }

    @Test("X16: what a collector cannot take now is sent again, when it says", arguments: [429, 503])
    func again(status: Int) async throws {
        let tries = Atomic(0)
        let server = ScriptedServer { _ in
            tries.wrappingAdd(1, ordering: .relaxed).newValue < 3
                ? .json("{}", status: status, headers: [("Retry-After", "7")]) : .json("{}")
        }
        let clock = ImpatientClock()
        let exporter = exporter(server.address, clock: clock)
        await record(into: exporter)
        await exporter.flush()
        #expect(server.requests.count == 3)
        #expect(Set(server.requests.map(\.body)).count == 1)
        #expect(clock.sleeps.withLock { $0 } == [.seconds(7), .seconds(7)])
        #expect(count("cutroom_trace_spans_exported_total") == 2)
        #expect(log.lines.withLock { $0 } == ["traces are not taken"])
    }

    @Test("X16: what a collector refuses, or never takes, is counted as lost", arguments: [400, 503])
    func lost(status: Int) async throws {
        let server = ScriptedServer { _ in .json("{}", status: status) }
        let exporter = exporter(server.address, clock: ImpatientClock())
        await record(into: exporter)
        await exporter.flush()
        #expect(server.requests.count == (status == 400 ? 1 : 5))
        let reason = status == 400 ? "refused" : "not_sent"
        #expect(count("cutroom_trace_spans_dropped_total", ["reason": reason]) == 2)
        #expect(count("cutroom_trace_spans_exported_total") == 0)
    }

    @Test("X16: who ends a span never waits: where there is no room it is counted and lost")
    func bounded() async throws {
        let server = ScriptedServer { _ in .json("{}") }
        let exporter = exporter(server.address, clock: SystemClock()) { settings in
            settings.capacity = 10
            settings.batch = 4
        }
        await record(into: exporter, requests: 8)
        #expect(server.requests.isEmpty)
        #expect(count("cutroom_trace_spans_dropped_total", ["reason": "queue_full"]) == 6)
        await exporter.finish(within: .seconds(10))
        #expect(try server.requests.map { try Received($0).spans.count } == [4, 4, 2])
        #expect(count("cutroom_trace_spans_exported_total") == 10)
    }

    @Test("X16: a collector that says nothing does not keep the process from ending")
    func silent() async throws {
        let server = ScriptedServer { _ in .silence }
        let exporter = exporter(server.address, clock: SystemClock())
        await record(into: exporter)
        await exporter.finish(within: .milliseconds(50))
        #expect(count("cutroom_trace_spans_exported_total") == 0)
        let lost = ["refused", "not_sent"].compactMap {
            count("cutroom_trace_spans_dropped_total", ["reason": $0])
        }
        #expect(lost.reduce(0, +) == 2)
    }
}
