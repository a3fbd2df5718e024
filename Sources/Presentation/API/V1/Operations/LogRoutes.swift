internal import Application
internal import Domain

/// Reading the log, and seeing more or less of it.
struct LogRoutes: Sendable {
    private let can: LogCapabilities
    private let administrators: Access<Caller>

    init(_ capabilities: Capabilities) {
        can = capabilities.logs
        administrators = capabilities.callers(.admin)
    }

    var all: [Route] { [lines, loggers, level] }

    private static let name = Parameter<String>.path(
        "name", .string(length: 1...64, pattern: "^[a-z0-9_]+$"), "The logger.", example: "http"
    ) { $0 }
    private static let task: Parameter<Identifier<VideoTask>?> = .optional(
        .query, "task_id", .identifier, "Only lines about this task.", default: nil
    ) { text in
        guard let id = Identifier<VideoTask>(text) else {
            return .failure(ParameterFault(.badFormat, "must be the identifier of a task"))
        }
        return .success(id)
    }

    private static func word(_ name: String, _ length: ClosedRange<Int>, _ doc: String) -> Parameter<String?>
    {
        .optional(.query, name, .string(length: length), doc, default: nil) { text in
            guard length.contains(text.unicodeScalars.count) else {
                let detail = "must have \(length.lowerBound)–\(length.upperBound) characters"
                return .failure(ParameterFault(.outOfRange, detail))
            }
            return .success(text)
        }
    }

    private var lines: Route {
        Route(
            .get, "/api/v1/operations/logs", for: administrators,
            Operation(
                "listLogLines", tag: "operations", "Read the last lines of the log, newest first",
                doc: "Those of this process that are still in memory, without the secrets in them.",
                responses: [.json(.ok, "A page of lines.", LogWire.page)]),
            Parameter<LogLevel?>.query("level", "Only lines that are at least as severe."),
            Self.word("request_id", 1...128, "Only lines of this request."), Self.task,
            Self.word("logger", 1...64, "Only lines of this part of the program."),
            Parameters.moment("since", "Only lines from this moment on."), Parameters.limit(),
            Parameters.cursor() as Parameter<Identifier<LogRecord>?>
        ) { _, caller, level, requestID, task, logger, since, limit, cursor in
            var filter = LogFilter()
            filter.level = level
            filter.requestID = requestID
            filter.task = task
            filter.logger = logger
            filter.since = since
            let page = try can.listLines(
                filter, by: caller, limit: limit, before: cursor.map { Int64(clamping: $0.low) })
            return .json(
                .ok, LogWire.page,
                Page(
                    items: page.items, next: page.next.map { Identifier(high: 0, low: UInt64(clamping: $0)) }),
                capacity: 512 * (page.items.count + 1))
        }
    }

    private var loggers: Route {
        Route(
            .get, "/api/v1/operations/loggers", for: administrators,
            Operation(
                "listLoggers", tag: "operations", "List the parts of the program that write into the log",
                responses: [
                    .json(
                        .ok, "The loggers.", LogWire.loggers,
                        links: [Link(to: "setLogger", [("name", "$response.body#/items/0/name")])])
                ])
        ) { _, caller in
            .json(.ok, LogWire.loggers, try can.listLoggers(by: caller), capacity: 4096)
        }
    }

    private var level: Route {
        Route(
            .put, "/api/v1/operations/loggers/{name}", for: administrators,
            Operation(
                "setLogger", tag: "operations", "See more, or less, of what a part of the program tells",
                doc: "It holds for this process, and ends by itself.",
                responses: [.json(.ok, "The logger.", LogWire.logger)]),
            Self.name, json: LogWire.change
        ) { _, caller, _, change, name in
            .json(
                .ok, LogWire.logger,
                try can.setLevel(name, to: change.level, for: .seconds(change.seconds), by: caller))
        }
    }
}

/// How the log stands on the wire.
enum LogWire {
    static let logger = JSONOutput<Loggers.Status>.object(
        "Logger", "A part of the program that writes into the log.",
        [
            JSONField("name", .text, "The part.", example: "http") { $0.name },
            JSONField("level", .name, "The least severe level that it writes now.", example: "info") {
                $0.level
            },
            JSONField("configured_level", .name, "The one that the settings say.", example: "info") {
                $0.configured
            },
            JSONField(
                "expires_at", .nullable(.moment),
                "When the present level ends; null for that of the settings."
            ) { $0.expiresAt },
        ])

    static let loggers = JSONOutput<[Loggers.Status]>.object(
        "Loggers", "The parts of the program that write into the log.",
        [JSONField("items", .list(of: logger), "By name.") { $0 }])

    static let change: JSONInput<(level: LogLevel, seconds: Int)> = .object(
        "LoggerInput", "What a part of the program is to tell.",
        JSONInputField<LogLevel>.required("level", .name, "The least severe level.", example: "debug"),
        JSONInputField<Int>.optional(
            "expires_in_s", .integer(1...Int(Loggers.longestChange.wholeMilliseconds / 1000)),
            "For how many seconds.", meaning: 3600)
    ) { level, seconds throws(Faults) in (level, seconds) }

    static let page: JSONOutput<Page<LogRing.Entry, Identifier<LogRecord>>> = PageWire.page(
        "LogPage", "A page of the lines of the log, newest first.", of: line)

    private static let field = JSONOutput<LogField>.object(
        "LogField", "A particular of a line.",
        [
            JSONField("name", .text, "Its name.", example: "status") { $0.name },
            JSONField("value", .text, "Its value.", example: "200") { field in
                switch field.value {
                case .text(let text): text
                // Meant for who sees the console, and for nobody else.
                case .disclosed: Redaction.mark
                case .integer(let number): "\(number)"
                case .number(let number): "\(number)"
                }
            },
        ])

    private static let line = JSONOutput<LogRing.Entry>.object(
        "LogLine", "A line of the log.",
        [
            JSONField("time", .moment, "When it was written.") { $0.record.time },
            JSONField("level", .name, "How severe it is.", example: "info") { $0.record.level },
            JSONField("logger", .text, "The part of the program that speaks.", example: "http") {
                $0.record.logger
            },
            JSONField("event", .text, "What happened, always in the same few words.", example: "request") {
                $0.record.event
            },
            JSONField("fields", .list(of: field), "The particulars.") { $0.record.fields },
            JSONField("request_id", .nullable(.text), "The request that it belongs to.") {
                $0.record.requestID
            },
            JSONField("job_id", .nullable(.identifier()), "The job that it belongs to.") { $0.record.job },
            JSONField("task_id", .nullable(.identifier()), "The task that it is about.") { $0.record.task },
            JSONField("user_id", .nullable(.identifier()), "The user for whom something was done.") {
                $0.record.user
            },
            JSONField("trace_id", .nullable(.text), "The trace that it belongs to.") {
                $0.record.trace?.traceID
            },
            JSONField("span_id", .nullable(.text), "The span that it was written in.") {
                $0.record.trace?.spanID
            },
        ])
}
