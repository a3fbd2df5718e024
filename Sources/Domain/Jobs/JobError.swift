/// The rules of a job's life.
public enum JobError: CodedError, Equatable {
    /// What was asked needs the job's lease, which has gone to someone else or ended.
    case leaseLost
    /// What was asked needs a job that nobody has called off.
    case calledOff
    /// Only a job that waits and is due can be claimed.
    case notDue(Job.State.Name)
    /// Only a job that has not ended can be called off.
    case notCancellable(Job.State.Name)
    /// Only a job that was given up or called off, or that waits for a later time, can be retried by hand.
    case notRetryable(Job.State.Name)

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .leaseLost: "lease_lost"
        case .calledOff: "cancelled"
        case .notDue, .notCancellable, .notRetryable: "conflict"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .leaseLost: "The job has gone to another worker or has ended."
        case .calledOff: "The job is being cancelled."
        case .notDue(let state): "The job is \(state.rawValue) and cannot be claimed now."
        case .notCancellable(let state):
            "The job is \(state.rawValue); only one that has not ended can be cancelled."
        case .notRetryable(let state):
            "The job is \(state.rawValue); only a discarded, cancelled, scheduled or retryable one can be retried."
        }
    }
}
