package import Domain

/// A handler whose attempts are counted and timed, and known by their jobs in the log and in traces.
package struct ObservedJobHandler: JobHandler {
    private let handler: any JobHandler
    private let signals: Signals

    /// The same handler, observed.
    package init(_ handler: any JobHandler, by signals: Signals) {
        self.handler = handler
        self.signals = signals
    }

    /// The kind of its jobs.
    package var kind: String { handler.kind }
    /// When a job is tried again after a failure.
    package var retryPolicy: RetryPolicy { handler.retryPolicy }

    /// Makes one attempt.
    package func run(_ job: RunningJob) async -> JobOutcome {
        let metrics = signals.metrics
        if let lease = job.job.lease {
            let wait = max(.zero, lease.since - max(job.job.dueAt, job.job.createdAt))
            metrics.histogram(.jobWait).with(kind).observe(wait)
        }
        let context = WorkContext(job.job, signals: signals)
        let began = ContinuousClock.now
        let outcome = await WorkContext.$current.withValue(context) { await handler.run(job) }
        metrics.histogram(.jobRun).with(kind).observe(.now - began)
        metrics.counter(.jobAttempts).with(kind, outcome.name(stopped: job.stopReason)).increment()
        context.span?.note("messaging.message.id", .text("\(job.job.id)"))
        context.span?.note("cutroom.attempt", .integer(Int64(job.job.attempt)))
        if case .failed(let failure, _) = outcome { context.span?.fail(failure.code) }
        context.end()
        return outcome
    }
}

extension JobOutcome {
    /// What metrics call it.
    fileprivate func name(stopped reason: JobStopReason?) -> String {
        switch (self, reason) {
        case (.completed, _): "completed"
        case (_, .shutdown?): "interrupted"
        case (_, .leaseLost?): "lost"
        case (.snoozed, _): "snoozed"
        case (.cancelled, _): "cancelled"
        case (.failed, _): "failed"
        }
    }
}
