extension Tier {
    /// Checks that a source is not longer than the plan allows.
    public func require(sourceOf length: Duration) throws(QuotaError) {
        if let longestSource, length > longestSource { throw .sourceTooLong(limit: longestSource) }
    }

    /// Checks that one more task may wait or run beside the `unfinished` ones.
    public func require(oneMoreThan unfinished: Int) throws(QuotaError) {
        guard unfinished < concurrentTasks else { throw .tooManyTasks(limit: concurrentTasks) }
    }

    /// Checks that `added` bytes may be kept beside the `used` ones.
    public func require(roomFor added: Int64, beside used: Int64) throws(QuotaError) {
        let (sum, overflows) = used.addingReportingOverflow(added)
        guard !overflows, sum <= storage else { throw .storageFull(limit: storage) }
    }
}

/// What a plan does not allow.
public enum QuotaError: CodedError, Equatable {
    /// The source is longer than the plan allows.
    case sourceTooLong(limit: Duration)
    /// As many tasks as the plan allows wait or run already.
    case tooManyTasks(limit: Int)
    /// No more bytes may be kept.
    case storageFull(limit: Int64)
    /// As many tasks as the plan allows have been ordered today.
    case dailyLimit(Int, until: Timestamp)

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .sourceTooLong: "quota_source_too_long"
        case .tooManyTasks: "quota_tasks_at_once"
        case .storageFull: "quota_storage"
        case .dailyLimit: "quota_tasks_per_day"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .sourceTooLong(let limit): "The plan takes sources of up to \(limit.components.seconds) seconds."
        case .tooManyTasks(let limit):
            "The plan allows \(limit) unfinished tasks at once. Wait for one to end, or cancel one."
        case .storageFull(let limit): "The plan keeps \(limit) bytes. Delete tasks or uploads to make room."
        case .dailyLimit(let limit, _): "The plan allows \(limit) tasks a day. Order more tomorrow."
        }
    }
}
