package import Domain

/// One line of the log, before it is written in any form: without secrets, and with what it belongs to.
package struct LogRecord: Sendable {
    /// When it was written.
    package let time: Timestamp
    /// How severe it is.
    package let level: LogLevel
    /// The part of the program that speaks.
    package let logger: String
    /// What happened, always in the same few words.
    package let event: String
    /// The particulars.
    package let fields: [LogField]
    /// The request that it belongs to.
    package let requestID: String?
    /// The job that it belongs to.
    package let job: Identifier<Job>?
    /// The task that it is about.
    package let task: Identifier<VideoTask>?
    /// The user for whom something was done.
    package let user: Identifier<User>?
    /// The trace that it belongs to.
    package let trace: TracePosition?

    /// A line of what is done now.
    ///
    /// - Parameter fields: As they were given; what is secret in them is not kept.
    init(
        _ level: LogLevel, of logger: String, _ event: String, _ fields: [LogField], at time: Timestamp,
        in context: WorkContext?
    ) {
        self.time = time
        self.level = level
        self.logger = logger
        self.event = event
        self.fields = fields.map(Redaction.redacted)
        requestID = context?.requestID
        job = context?.job
        task = context?.task
        user = context?.user
        trace = context?.trace
    }

    /// The particulars, with what the line belongs to behind them under `request_id`, `job_id`, `task_id`, `user_id`,
    /// `trace_id` and `span_id`, unless it says so itself.
    package var allFields: [LogField] {
        var all = fields
        func add(_ name: String, _ value: String?) {
            guard let value, !fields.contains(where: { $0.name == name }) else { return }
            all.append(LogField(name: name, value: .text(value)))
        }
        add("request_id", requestID)
        add("job_id", job?.description)
        add("task_id", task?.description)
        add("user_id", user?.description)
        add("trace_id", trace?.traceID)
        add("span_id", trace?.spanID)
        return all
    }
}

/// Somewhere where lines go.
package protocol LogSink: Sendable {
    /// What metrics call it.
    var name: String { get }
    /// Takes a line before it returns, from any thread; false when it was lost.
    func take(_ record: LogRecord) -> Bool
}
