public import Domain

/// Does the jobs of one kind: a use case whose caller is the queue.
///
/// A job is done at least once: a handler must be able to find out what an earlier attempt has finished.
public protocol JobHandler: Sendable {
    /// The kind of jobs that it does, such as `run_video_task`.
    var kind: String { get }
    /// When a failed job is tried again.
    var retryPolicy: RetryPolicy { get }
    /// Makes one attempt.
    ///
    /// The surrounding Swift task is cancelled when the attempt is to stop early; ``RunningJob/stopReason``
    /// says why. What is returned after that matters only for a completed job that was to be handed back at a
    /// shutdown: it counts as completed.
    func run(_ job: RunningJob) async -> JobOutcome
}

extension JobHandler {
    /// Four tries within ten minutes.
    public var retryPolicy: RetryPolicy { .ordinary }
}
