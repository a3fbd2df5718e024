import Application
import Domain
import Synchronization
import Testing

@Suite("The log as a whole")
struct LogTests {
    private let clock = InMemoryClock()
    private let ring = LogRing(capacity: 5)
    private let metrics = Metrics()
    private let loggers: Loggers

    init() {
        loggers = Loggers(.info, clock: clock, metrics: metrics, sinks: [ring])
    }

    private func events(_ filter: LogFilter = LogFilter()) throws -> [String] {
        try ListLogLines(ring)(filter, by: .local, limit: 100).items.map(\.record.event)
    }

    @Test(
        "O14: what would let someone in is not written",
        arguments: [
            ("Authorization: Bearer abc.def-123", "Authorization: Bearer [redacted]"),
            ("basic dXNlcjpwYXNz, then more", "basic [redacted], then more"),
            ("key cr_0123456789abcdef0123 was used", "key [redacted] was used"),
            ("key=cr_0123456789abcdef0123", "key=[redacted]"),
            ("(crr_0123456789abcdef0123)", "([redacted])"),
            ("eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln", "[redacted]"),
            ("token:eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln.", "token:[redacted]"),
            ("https://user:hunter2@a.example/v?x=1", "https://[redacted]@a.example/v?x=1"),
            ("https://a.example/v?x=1&token=abc&y=2", "https://a.example/v?x=1&token=[redacted]&y=2"),
            ("https://a.example/v?X-Amz-Signature=abc", "https://a.example/v?X-Amz-Signature=[redacted]"),
            ("https://a.example/reset/crp_0123456789abcdef", "https://a.example/reset/[redacted]"),
            ("sent to ada@example.org today", "sent to [email] today"),
            ("user=ada@example.org", "user=[email]"),
        ])
    func redacted(text: String, shown: String) {
        #expect(Redaction.redacted(text) == shown)
    }

    @Test(
        "O14: what is no secret is written as it was",
        arguments: [
            "/api/v1/tasks/0198f2a1-0000-7000-8000-000000000001", "the basic idea", "run_video_task", "a @ b",
            "https://a.example/watch?v=eyJ", "Überraschung 👩‍👩‍👧 = 1", "key", "cr_", "12:30:45", "",
        ])
    func ordinary(text: String) {
        // “Basic” in front of a word is how credentials are shown: that one is the price.
        #expect(Redaction.redacted(text) == (text == "the basic idea" ? "the basic [redacted]" : text))
    }

    @Test(
        "O14: a field whose name says that it is a secret is one, and an address where one is meant is shown",
        arguments: [
            ("password", "x", "[redacted]"), ("refresh_token", "x", "[redacted]"),
            ("chat_api_key", "x", "[redacted]"), ("Authorization", "x", "[redacted]"),
            ("email", "ada@example.org", "ada@example.org"), ("reason", "ada@example.org", "[email]"),
            ("tokens_of_speech", "x", "x"),
        ])
    func byName(name: String, value: String, shown: String) throws {
        loggers.named("server").write(.info, "x", [LogField(name: name, value: .text(value))])
        let line = try #require(try ListLogLines(ring)(LogFilter(), by: .local).items.first)
        #expect(line.record.fields == [LogField(name: name, value: .text(shown))])
    }

    @Test("O14: the ring keeps the last lines, newest first, and tells them by pages without a gap")
    func pages() throws {
        let log = loggers.named("server")
        for number in 1...8 { log.write(.info, "line \(number)") }
        #expect(try events() == (4...8).reversed().map { "line \($0)" })
        let list = ListLogLines(ring)
        var seen: [String] = []
        var cursor: Int64?
        repeat {
            let page = try list(LogFilter(), by: .local, limit: 2, before: cursor)
            seen += page.items.map(\.record.event)
            cursor = page.next
            // What comes meanwhile is not shown twice, and pushes out the oldest.
            if seen.count == 2 { log.write(.info, "late") }
        } while cursor != nil
        #expect(seen == ["line 8", "line 7", "line 6", "line 5"])
    }

    @Test("O14: lines are found by level, request, task, logger and time")
    func filters() throws {
        let task: Identifier<VideoTask> = Identifier(high: 1, low: 2)
        let context = WorkContext(
            request: "order-7", task: task, trace: TracePosition(high: 1, low: 2, span: 3, isSampled: false),
            under: nil, signals: Signals())
        loggers.named("server").write(.info, "begun")
        WorkContext.$current.withValue(context) { loggers.named("http").write(.warning, "asked") }
        clock.advance(by: .seconds(1))
        loggers.named("jobs").write(.error, "job", ["subject": .text("\(task)")])
        func found(_ change: (inout LogFilter) -> Void) throws -> [String] {
            var filter = LogFilter()
            change(&filter)
            return try events(filter)
        }
        #expect(try found { $0.level = .warning } == ["job", "asked"])
        #expect(try found { $0.requestID = "order-7" } == ["asked"])
        #expect(try found { $0.task = task } == ["job", "asked"])
        #expect(try found { $0.logger = "server" } == ["begun"])
        #expect(try found { $0.since = clock.now() } == ["job"])
        #expect(throws: AccessError.self) {
            try ListLogLines(ring)(LogFilter(), by: Caller(user: User.local, role: .user, means: .local))
        }
    }

    @Test("O12: a logger is set to another level for a while, and alone")
    func levels() throws {
        let (http, jobs) = (loggers.named("http"), loggers.named("jobs"))
        let set = SetLoggerLevel(loggers)
        http.write(.debug, "unseen")
        let status = try set("http", to: .debug, for: .seconds(60), by: .local)
        #expect(status.level == .debug && status.configured == .info)
        #expect(status.expiresAt == clock.now() + .seconds(60))
        // The same logger, whoever asked for it before.
        http.write(.debug, "seen")
        jobs.write(.debug, "unseen")
        clock.advance(by: .seconds(60))
        http.write(.debug, "unseen")
        #expect(try events() == ["seen", "log level changed"])
        #expect(try ListLoggers(loggers)(by: .local).first?.expiresAt == nil)
        #expect(throws: NotFound.logger) { try set("nobody", to: .debug, for: .seconds(1), by: .local) }
    }

    @Test("O12: every line of a piece of work says what it is for, in all its tasks, and no other line does")
    func context() async throws {
        let signals = Signals()
        let ring = LogRing()
        let log = Loggers(.info, clock: clock, sinks: [ring]).named("x")
        await withTaskGroup(of: Void.self) { group in
            for number in UInt64(1)...50 {
                group.addTask {
                    let context = WorkContext(
                        request: "request \(number)", task: nil,
                        trace: TracePosition(high: 0, low: number, span: number, isSampled: false),
                        under: nil, signals: signals)
                    context.note(user: Identifier(high: 0, low: number))
                    await WorkContext.$current.withValue(context) {
                        await withTaskGroup(of: Void.self) { parts in
                            for _ in 0..<4 {
                                parts.addTask {
                                    await Task.yield()
                                    log.write(.info, "of \(number)")
                                }
                            }
                        }
                    }
                }
            }
        }
        log.write(.info, "of nobody")
        let page = try ListLogLines(ring)(LogFilter(), by: .local, limit: 100)
        #expect(page.items.first?.record.requestID == nil)
        for line in page.items.dropFirst() {
            let number = try #require(UInt64(line.record.event.dropFirst(3)))
            #expect(line.record.requestID == "request \(number)")
            #expect(line.record.trace?.low == number && line.record.user?.low == number)
        }
        #expect(page.items.count == 100)
    }

    @Test("O14: lines are counted by level, and those that a sink could not take by sink")
    func counted() {
        struct Broken: LogSink {
            let name = "broken"
            func take(_ record: LogRecord) -> Bool { false }
        }
        let log = Loggers(.info, clock: clock, metrics: metrics, sinks: [Broken(), ring]).named("x")
        for level in LogLevel.allCases { log.write(level, "x") }
        let lines = metrics.snapshot().points(named: "cutroom_log_lines_total")
        #expect(lines.filter { $0.value == 1 }.count == 3)
        let lost = metrics.snapshot().points(named: "cutroom_log_lines_lost_total")
        #expect(lost.map(\.labels) == [["sink": "broken"]] && lost.map(\.value) == [3])
    }
}
