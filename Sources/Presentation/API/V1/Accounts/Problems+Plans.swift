internal import Application
internal import Domain

/// The kinds of refusal that have to do with plans and credits.
extension ProblemKind {
    static let insufficientCredits = named("insufficient_credits")
    static let sourceBeyondPlan = named("quota_source_too_long")
    static let tasksAtOnce = named("quota_tasks_at_once")
    static let tasksPerDay = named("quota_tasks_per_day")
    static let storageQuota = named("quota_storage")
}

extension Capabilities {
    /// Whether callers have plans and credits.
    private var hasPlans: Bool { !authenticator.schemes.isEmpty }

    /// What an order, or one that goes on, may be refused for.
    var planRefusals: [ProblemKind] {
        hasPlans
            ? [
                .insufficientCredits, .sourceBeyondPlan, .tasksAtOnce, .tasksPerDay, .storageQuota,
                .userClosed,
            ]
            : []
    }

    /// What an upload may be refused for.
    var storageRefusals: [ProblemKind] { hasPlans ? [.storageQuota, .userClosed] : [] }

    /// What may stand against the caller alone.
    var callerRefusals: [ProblemKind] { hasPlans ? [.userClosed] : [] }
}

extension Problem {
    /// An order that a plan or the credits do not allow.
    init(_ refusal: OrderRefusal, at now: Timestamp?) {
        switch refusal {
        case .quota(let error): self.init(error, at: now)
        case .credits(_, let needed, let available):
            let fault = Fault(
                .body("/source"), .outOfRange, "needs \(needed) credits, of which \(available) are available")
            self.init(.insufficientCredits, refusal.explanation, faults: [fault])
        }
    }

    /// What a plan does not allow.
    init(_ error: QuotaError, at now: Timestamp?) {
        switch error {
        case .sourceTooLong:
            let fault = Fault(.body("/source"), .outOfRange, error.explanation)
            self.init(.sourceBeyondPlan, error.explanation, faults: [fault])
        case .tooManyTasks: self.init(.tasksAtOnce, error.explanation)
        case .storageFull: self.init(.storageQuota, error.explanation)
        case .dailyLimit(_, let until):
            self.init(.tasksPerDay, error.explanation, fields: Self.retry(from: until, at: now))
        }
    }

    /// The field that says from when on it may be tried again; none when the present moment is not known.
    static func retry(from moment: Timestamp, at now: Timestamp?) -> [(name: String, value: String)] {
        // Rounded up: who waits as long as that comes late enough.
        guard let wait = now.map({ max(1, ((moment - $0).wholeMilliseconds + 999) / 1000) }) else {
            return []
        }
        return [("Retry-After", String(wait))]
    }
}
