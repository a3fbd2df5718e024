/// How far a job is.
public struct JobProgress: Hashable, Sendable {
    /// Nothing has been done yet.
    public static let none = JobProgress(percent: 0, stage: "")

    /// How much is done, 0–100.
    public let percent: Double
    /// What is being done, in a word.
    public let stage: String

    /// How far a job is; `percent` is clamped to 0–100.
    public init(percent: Double, stage: String) {
        self.percent = min(max(percent, 0), 100)
        self.stage = stage
    }
}

/// Why an attempt failed.
public struct JobFailure: Hashable, Sendable {
    /// A stable code such as `unavailable`.
    public let code: String
    /// A sentence for a person.
    public let message: String

    /// A failure.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// Why a worker did not bring an attempt to an end.
public enum JobInterruption: String, CaseIterable, Sendable {
    /// Its process was asked to end and handed the job back.
    case shutdown
    /// Its process is gone.
    case ownerGone = "owner_gone"
    /// Its lease was not renewed in time.
    case leaseExpired = "lease_expired"
}

/// An attempt that ended without completing the job.
public struct JobAttempt: Hashable, Sendable {
    /// How it ended.
    public enum Ending: Hashable, Sendable {
        /// It failed, and why.
        case failed(JobFailure)
        /// Its worker was lost.
        case interrupted(JobInterruption)
    }

    /// The attempt's number, 1 for the first.
    public let number: Int
    /// When it was claimed.
    public let startedAt: Timestamp
    /// When it ended or was found to have ended.
    public let endedAt: Timestamp
    /// How it ended.
    public let ending: Ending

    /// An attempt that ended.
    public init(number: Int, startedAt: Timestamp, endedAt: Timestamp, ending: Ending) {
        self.number = number
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.ending = ending
    }
}
