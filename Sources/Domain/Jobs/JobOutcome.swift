/// What a handler says about the attempt it has just made.
public enum JobOutcome: Hashable, Sendable {
    /// When a failed job is tried again, if its failure limit allows.
    public enum Retry: Hashable, Sendable {
        /// Trying again would end the same way.
        case never
        /// When the handler's ``RetryPolicy`` says.
        case byPolicy
        /// At that moment, which the handler has already told people.
        case at(Timestamp)
    }

    /// Everything is done.
    case completed
    /// Nothing went wrong, but it can only go on later; counts as no failure.
    case snoozed(until: Timestamp)
    /// There is nothing left to do, since nobody wants it any more.
    case cancelled
    /// It could not be done.
    case failed(JobFailure, retry: Retry)
}

/// What happened to a job.
public enum JobEvent: Hashable, Sendable {
    /// A worker has claimed it.
    case claimed
    /// It was snoozed.
    case snoozed(until: Timestamp)
    /// It failed and will be tried again then.
    case retried(at: Timestamp, after: JobFailure)
    /// Its worker was lost and it waits for another.
    case interrupted(JobInterruption)
    /// Its worker has been asked to call it off.
    case cancellationRequested
    /// It was made available by hand.
    case revived
    /// It was done.
    case completed
    /// It was called off.
    case cancelled
    /// It was given up; the failure is nil when it was interrupted too often.
    case discarded(after: JobFailure?)
}
