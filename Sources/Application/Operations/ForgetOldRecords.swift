import Domain

/// Forgets what is kept for a time only: answers that would not be given again, jobs that ended long ago, what is
/// over of people's stays, and what nobody known did.
public struct ForgetOldRecords: Sendable {
    /// How many records were forgotten.
    public struct Count: Hashable, Sendable {
        /// Answers that would not be given again.
        public var answers = 0
        /// Jobs that ended long ago.
        public var jobs = 0
        /// Sessions that were over long ago, and their refresh tokens.
        public var sessions = 0
        /// Counts of failed attempts to sign in that no longer count.
        public var throttles = 0
        /// Tokens that were mailed and have expired.
        public var mailedTokens = 0
        /// Events of accounts that were told long ago.
        public var accountEvents = 0
        /// API keys that have been void for long.
        public var keys = 0
        /// Lines of the audit trail about what nobody known did long ago.
        public var auditEntries = 0
        /// Deliveries of events that were made long ago.
        public var deliveries = 0
        /// Bans that were over long ago.
        public var bans = 0

        /// None.
        public init() {}
    }

    /// How many are forgotten in one unit of work, so that nobody waits long behind it.
    static let batch = 500
    /// How often it is worth looking.
    static let interval = Duration.seconds(60)

    private let store: any Store
    private let clock: any WallClock
    private let tell: @Sendable (_ what: String, any Error) -> Void

    /// The use case over its ports.
    ///
    /// - Parameter tell: Is told what could not be forgotten, and why, for the log.
    public init(
        store: any Store, clock: any WallClock,
        tell: @escaping @Sendable (_ what: String, any Error) -> Void = { _, _ in }
    ) {
        self.store = store
        self.clock = clock
        self.tell = tell
    }

    private typealias Step = (
        what: String, count: WritableKeyPath<Count, Int>, forget: @Sendable (any StoreWriter) throws -> Int
    )

    /// Forgets what is too old now; where that fails for some, all others are forgotten nevertheless.
    ///
    /// It costs as much as what it forgets: each record is written once and forgotten once.
    @discardableResult
    public func callAsFunction() async throws -> Count {
        var count = Count()
        var failure: (any Error)?
        for step in steps(at: clock.now()) {
            do {
                count[keyPath: step.count] = try await inBatches(step.forget)
            } catch {
                if Task.isCancelled { throw error }
                tell(step.what, error)
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return count
    }

    private func steps(at now: Timestamp) -> [Step] {
        // One moment for all throttles: that of the policy which remembers longest.
        let memory = max(SignInThrottle.Policy.account.memory, SignInThrottle.Policy.address.memory)
        return [
            (
                "stored answers", \.answers,
                { try $0.answerWriter.forget(before: now - StoredAnswer.lifetime, limit: Self.batch) }
            ),
            (
                "jobs", \.jobs,
                { try $0.jobWriter.forget(endedBefore: now - Job.lifetimeOnceEnded, limit: Self.batch) }
            ),
            (
                "sessions", \.sessions,
                { try $0.sessionWriter.forget(overBefore: now - Session.lifetimeOnceOver, limit: Self.batch) }
            ),
            (
                "sign-in attempts", \.throttles,
                { try $0.throttleWriter.forget(before: now - memory, limit: Self.batch) }
            ),
            (
                "mailed tokens", \.mailedTokens,
                {
                    try $0.mailedTokenWriter.forget(
                        expiredBefore: now - MailedToken.lifetimeOnceExpired, limit: Self.batch)
                }
            ),
            (
                "events of accounts", \.accountEvents,
                { try $0.accountEventWriter.forget(before: now - AccountEvent.lifetime, limit: Self.batch) }
            ),
            (
                "API keys", \.keys,
                { try $0.keyWriter.forget(voidBefore: now - APIKey.lifetimeOnceVoid, limit: Self.batch) }
            ),
            (
                "lines of the audit trail", \.auditEntries,
                {
                    try $0.auditWriter.forgetAnonymous(
                        before: now - AuditEntry.lifetimeOfAnonymous, limit: Self.batch)
                }
            ),
            (
                "deliveries", \.deliveries,
                {
                    try $0.webhookWriter.forgetDeliveries(
                        before: now - WebhookDelivery.lifetime, limit: Self.batch)
                }
            ),
            (
                "bans", \.bans,
                { try $0.banWriter.forget(overBefore: now - AddressBan.lifetimeOnceOver, limit: Self.batch) }
            ),
        ]
    }

    private func inBatches(_ forget: @escaping @Sendable (any StoreWriter) throws -> Int) async throws -> Int
    {
        var count = 0
        while true {
            let forgotten = try await store.write(forget)
            count += forgotten
            if forgotten < Self.batch { return count }
        }
    }

    /// Forgets again and again, until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            // What fails now was told of, and is tried again soon.
            _ = try? await self()
            try? await clock.sleep(until: clock.now() + Self.interval)
        }
    }
}
