import Domain

extension RunVideoTask {
    /// How long a task waits when the disk is full.
    static let pauseWhenFull = Duration.seconds(60)
    /// The longest that another server can make a task wait: its tries are to be over within ten minutes or so.
    static let longestPause = Duration.seconds(600)

    /// What an error in an attempt means for the task and its job.
    ///
    /// What is final fails the task at once; what may pass leaves it running, with the time of the next try
    /// in its message, until the job's tries are used up.
    func outcome(of error: any Error, task id: Identifier<VideoTask>, job: RunningJob) async -> JobOutcome {
        let (stage, cause) = (error as? StageError).map { ($0.stage, $0.cause) } ?? (nil, error)
        if job.stopReason != nil || cause is CancellationError
            || [.leaseLost, .calledOff].contains(cause as? JobError)
            || cause as? PortError == .cancelled
        {
            return .cancelled
        }
        let failure = TaskFailure(cause, stage: stage)
        let reason = JobFailure(code: failure.code, message: failure.message)
        let now = clock.now()
        do {
            switch cause {
            case PortError.full:
                // There may be no room for the message either; the job waits all the same.
                try? await tell("the disk is full; trying again in a minute", task: id, job: job)
                return .snoozed(until: now + Self.pauseWhenFull)
            case PortError.unavailable(_, let retryAfter):
                if let planned = job.nextTry(ifFailingAt: now) {
                    let moment = max(planned, now + min(retryAfter ?? .zero, Self.longestPause))
                    let wait = (moment - now).wholeMilliseconds / 1000
                    try await tell("\(failure.message); trying again in \(wait) s", task: id, job: job)
                    return .failed(reason, retry: .at(moment))
                }
            default: break
            }
            try await job.write { writer in
                guard var task = try writer.tasks.find(id), !task.status.isFinal else { return }
                let events = try task.fail(failure, at: now)
                try writer.taskWriter.update(task)
                try writer.announce(events, of: task)
                try writer.settle(task, at: now)
            }
            return .failed(reason, retry: .never)
        } catch {
            // The store does not take it now, or the lease is lost: another attempt will find out.
            return .failed(reason, retry: .byPolicy)
        }
    }

    private func tell(_ message: String, task id: Identifier<VideoTask>, job: RunningJob) async throws {
        try await job.write { writer in
            guard let task = try writer.tasks.find(id) else { return }
            try writer.taskWriter.record(progress: task.progress, message: message, of: id)
        }
    }
}
