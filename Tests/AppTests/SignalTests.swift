import FoundationEssentials
import Glibc
import Infrastructure
import TestSupport
import Testing

@Suite("What the program tells of itself", .timeLimit(.minutes(10)))
struct SignalTests {
    /// What is looked at of what a collector gets.
    private struct Batch: Decodable {
        struct Scope: Decodable { let spans: [Span] }
        struct Resource: Decodable { let scopeSpans: [Scope] }
        struct Span: Decodable {
            let traceId: String
            let spanId: String
            let parentSpanId: String?
            let name: String
        }
        let resourceSpans: [Resource]
    }

    private static let traceID = "0af7651916cd43dd8448eb211c80319c"

    private func spans(at collector: ScriptedServer) throws -> [Batch.Span] {
        try collector.requests.flatMap { request in
            try JSONDecoder().decode(Batch.self, from: Data(request.body)).resourceSpans
                .flatMap { $0.scopeSpans.flatMap(\.spans) }
        }
    }

    private func get(_ url: String, sampled: Bool) async throws -> HTTPResponse {
        let parent = "00-\(Self.traceID)-b7ad6b7169203331-0\(sampled ? 1 : 0)"
        return try await Web.client.send(
            HTTPRequest(url, headers: [("traceparent", parent)], destination: .configured))
    }

    @Test(
        "O38: Prometheus' own checker finds nothing to complain about",
        .enabled(if: ChildProcesses.find("promtool") != nil, "promtool is not installed (Debian: prometheus)")
    )
    func promtool() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0")
            let address = try await running.address()
            _ = try await Web.get(address + "/api/v1/tasks")
            let metrics = try await Web.get(address + "/metrics")
            let path = cutroom.folder + "/metrics.txt"
            try cutroom.write(String(decoding: metrics.body, as: UTF8.self), to: path)
            let run = try await cutroom.run(
                program: "/bin/sh", words: ["-c", "promtool check metrics < '\(path)' 1>&2"])
            #expect(run.status == 0 && run.errors == "", "\(run.errors)")
            running.signal(SIGTERM)
            _ = try await running.end()
        }
    }

    @Test("O38: the process tells of itself under the usual names")
    func process() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await running.address()
            let text = String(decoding: try await Web.get(address + "/metrics").body, as: UTF8.self)
            func value(_ name: String) -> Double? {
                text.split(separator: "\n").first { $0.hasPrefix(name + " ") || $0.hasPrefix(name + "{") }
                    .flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
            }
            #expect(try #require(value("process_resident_memory_bytes")) > 1_048_576)
            #expect(try #require(value("process_cpu_seconds_total")) > 0)
            #expect(try #require(value("process_open_fds")) > 3)
            let started = try #require(value("process_start_time_seconds"))
            #expect(abs(started - Double(time(nil))) < 600)
            #expect(value("cutroom_build_info") == 1)
            #expect(value("cutroom_queue_oldest_age_seconds") == 0)
            running.signal(SIGTERM)
            _ = try await running.end()
        }
    }

    @Test("X16: what was recorded reaches the collector before the program ends, and what was not never does")
    func traced() async throws {
        let collector = ScriptedServer { _ in .json("{}") }
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment = [
                "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address, "CUTROOM_TRACE_SAMPLE": "0",
            ]
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await running.address()
            #expect(try await get(address + "/api/v1/tasks", sampled: true).status == 200)
            #expect(try await get(address + "/api/v1/jobs", sampled: false).status == 200)
            #expect(try await Web.get(address + "/api/v1/stats").status == 200)
            running.signal(SIGTERM)
            #expect(try await running.end().status == 0)
        }
        let spans = try spans(at: collector)
        #expect(Set(spans.map(\.name)) == ["GET /api/v1/tasks", "ListVideoTasks"])
        #expect(spans.allSatisfy { $0.traceId == Self.traceID })
        #expect(spans.contains { $0.parentSpanId == "b7ad6b7169203331" })
    }

    @Test("O14: the file of the log has every line to the last, and belongs to one process")
    func file() async throws {
        try await Cutroom.use { cutroom in
            let path = cutroom.folder + "/cutroom.log"
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0", "--log-file", path)
            _ = try await running.address()
            let second = try await cutroom.run("worker", "--log-file", path)
            #expect(second.status == 2 && second.errors.contains("written by another process"))
            running.signal(SIGTERM)
            _ = try await running.end()
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.split(separator: "\n").last?.contains("\"event\":\"stopped\"") == true, "\(text)")
        }
    }

    @Test(
        "X16: an order is one trace, through its job and stages to the programs that are run",
        .enabled(if: Slow.enabled))
    func order() async throws {
        let collector = ScriptedServer { _ in .json("{}") }
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment = ["CUTROOM_OTLP_ENDPOINT": collector.address, "CUTROOM_TRACE_SAMPLE": "1"]
            let video = try await Recording.short(in: cutroom.folder)
            let running = try cutroom.start("serve", "--port", "0")
            let address = try await running.address()
            let upload = try await Web.upload(video, at: address)
            let task = try await Web.order(
                #"{"upload_id":"\#(upload)"}"#, options: #"{"count":1,"min_duration":5,"mode":"fast"}"#,
                at: address)
            _ = try await Web.follow(task, at: address)
            let metrics = String(decoding: try await Web.get(address + "/metrics").body, as: UTF8.self)
            #expect(metrics.contains(#"cutroom_ffmpeg_speed_ratio_count{work="render"} 1"#))
            #expect(metrics.contains(#"cutroom_program_runs_total{program="ffmpeg",outcome="done"}"#))
            #expect(metrics.contains(#"cutroom_cache_lookups_total{result="miss"}"#))
            let lines = try await Web.get("\(address)/api/v1/operations/logs?task_id=\(task)")
            #expect(String(decoding: lines.body, as: UTF8.self).contains("job completed"))
            running.signal(SIGTERM)
            _ = try await running.end()
        }
        let spans = try spans(at: collector)
        let root = try #require(spans.first { $0.name == "POST /api/v1/tasks" })
        let names = Set(spans.filter { $0.traceId == root.traceId }.map(\.name))
        #expect(
            names.isSuperset(of: [
                "SubmitVideoTask", "job run_video_task", "stage acquiring", "stage transcribing",
                "stage analyzing", "stage rendering", "run ffmpeg", "run ffprobe",
            ]), "\(names)")
        let known = Set(spans.map(\.spanId))
        for span in spans where span.traceId == root.traceId && span.spanId != root.spanId {
            #expect(known.contains(try #require(span.parentSpanId)), "\(span.name)")
        }
    }
}
