extension Job {
    /// A worker takes it.
    ///
    /// - Parameter lease: When the worker's right to it ends unless it is renewed.
    @discardableResult
    public mutating func claim(by owner: Identifier<JobOwner>, at now: Timestamp, until lease: Timestamp)
        throws(JobError) -> JobEvent
    {
        guard isDue(at: now) else { throw .notDue(state.name) }
        state = .running(Lease(owner: owner, since: now, until: lease, isCancelling: false))
        attempt += 1
        return .claimed
    }

    /// Its worker is still at it.
    public mutating func renew(_ hold: JobHold, until moment: Timestamp) throws(JobError) {
        var lease = try lease(of: hold)
        lease.until = moment
        state = .running(lease)
    }

    /// Its worker tells how far it is.
    public mutating func report(_ progress: JobProgress, by hold: JobHold) throws(JobError) {
        _ = try lease(of: hold)
        self.progress = progress
    }

    /// Its worker has finished something that will not have to be done again: the count of interruptions
    /// starts anew.
    public mutating func checkpoint(_ hold: JobHold) throws(JobError) {
        _ = try lease(of: hold)
        interruptions = 0
    }

    /// Its worker has made its attempt.
    ///
    /// Whatever the outcome, a job that was to be called off is cancelled.
    ///
    /// - Parameters:
    ///   - policy: When it is tried again after a failure.
    ///   - chance: 64 random bits for the policy.
    @discardableResult
    public mutating func end(
        _ hold: JobHold, as outcome: JobOutcome, at now: Timestamp, policy: RetryPolicy, chance: UInt64
    ) throws(JobError) -> JobEvent {
        let lease = try lease(of: hold)
        if lease.isCancelling { return becomeCancelled(at: now) }
        switch outcome {
        case .completed:
            progress = JobProgress(percent: 100, stage: progress.stage)
            state = .completed(at: now)
            return .completed
        case .snoozed(let moment):
            dueAt = moment
            state = .scheduled
            return .snoozed(until: moment)
        case .cancelled:
            return becomeCancelled(at: now)
        case .failed(let failure, let retry):
            failures += 1
            note(.failed(failure), of: lease, at: now)
            guard let next = nextTry(after: retry, at: now, policy: policy, chance: chance) else {
                state = .discarded(at: now)
                return .discarded(after: failure)
            }
            dueAt = next
            state = .retryable
            return .retried(at: next, after: failure)
        }
    }

    /// Its worker was lost or handed it back; it keeps its place among those that wait.
    @discardableResult
    public mutating func interrupt(_ hold: JobHold, because reason: JobInterruption, at now: Timestamp)
        throws(JobError) -> JobEvent
    {
        let lease = try lease(of: hold)
        interruptions += 1
        note(.interrupted(reason), of: lease, at: now)
        if lease.isCancelling { return becomeCancelled(at: now) }
        guard interruptions < Self.interruptionLimit else {
            state = .discarded(at: now)
            return .discarded(after: nil)
        }
        state = .available
        return .interrupted(reason)
    }

    /// Someone calls it off: at once when it waits, else its worker is asked to.
    ///
    /// Asking twice changes nothing.
    ///
    /// - Returns: What happened, nil when nothing did.
    @discardableResult
    public mutating func requestCancellation(at now: Timestamp) throws(JobError) -> JobEvent? {
        switch state {
        case .available, .scheduled, .retryable:
            return becomeCancelled(at: now)
        case .running(var lease):
            guard !lease.isCancelling else { return nil }
            lease.isCancelling = true
            state = .running(lease)
            return .cancellationRequested
        case .cancelled:
            return nil
        case .completed, .discarded:
            throw .notCancellable(state.name)
        }
    }

    /// Someone wants it tried again now, as if it had never failed.
    @discardableResult
    public mutating func retry(at now: Timestamp) throws(JobError) -> JobEvent {
        switch state {
        case .scheduled, .retryable: break
        case .cancelled, .discarded:
            // The owner of a private queue is content with one end; from now on anybody may do it.
            if privateOwner != nil { queue = Self.ordinaryQueue }
        case .available, .running, .completed: throw .notRetryable(state.name)
        }
        state = .available
        dueAt = now
        failures = 0
        interruptions = 0
        return .revived
    }

    /// When it would be tried again if its attempt failed now; nil when that would be its last failure.
    ///
    /// - Parameter chance: The same 64 random bits that ``end(_:as:at:policy:chance:)`` will be given.
    public func nextTry(ifFailingAt now: Timestamp, policy: RetryPolicy, chance: UInt64) -> Timestamp? {
        var failed = self
        failed.failures += 1
        return failed.nextTry(after: .byPolicy, at: now, policy: policy, chance: chance)
    }

    private func nextTry(
        after retry: JobOutcome.Retry, at now: Timestamp, policy: RetryPolicy, chance: UInt64
    )
        -> Timestamp?
    {
        guard failures < failureLimit else { return nil }
        return switch retry {
        case .never: nil
        case .byPolicy: now + policy.pause(afterFailure: failures, chance: chance)
        case .at(let moment): moment
        }
    }

    /// The fence: nothing is done for a worker whose attempt is not the present one.
    private func lease(of hold: JobHold) throws(JobError) -> Lease {
        guard case .running(let lease) = state, hold.job == id, hold.attempt == attempt else {
            throw .leaseLost
        }
        return lease
    }

    private mutating func becomeCancelled(at now: Timestamp) -> JobEvent {
        state = .cancelled(at: now)
        return .cancelled
    }

    private mutating func note(_ ending: JobAttempt.Ending, of lease: Lease, at now: Timestamp) {
        if log.count >= Self.longestLog { log.removeFirst(log.count - Self.longestLog + 1) }
        log.append(JobAttempt(number: attempt, startedAt: lease.since, endedAt: now, ending: ending))
    }
}
