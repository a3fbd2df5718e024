/// One durable unit of work in the queue.
///
/// Its life is a pure state machine: each mutating method takes what happened and returns the event that
/// follows, or throws the rule that forbids it. See `Job+Lifecycle.swift` for the transitions.
///
/// ```
/// available ◀─┐          ┌──▶ completed
/// scheduled ──┼▶ running ┼──▶ cancelled ◀── (any that waits)
/// retryable ◀─┘          └──▶ discarded
/// ```
public struct Job: Hashable, Sendable {
    /// What a job is about, when that is something with an identifier of its own.
    public enum Subject: Sendable {}

    /// Where the job stands in its life.
    public enum State: Hashable, Sendable {
        /// It waits for a worker. Entered on insertion, after an interruption and by a retry by hand.
        case available
        /// It waits for ``Job/dueAt``. Entered on insertion with a later time and by snoozing.
        case scheduled
        /// It failed and waits for its next try at ``Job/dueAt``.
        case retryable
        /// A worker has it.
        case running(Lease)
        /// It was done, and when.
        case completed(at: Timestamp)
        /// A person or its own handler called it off, and when.
        case cancelled(at: Timestamp)
        /// It was given up, and when; it stays listed and can be retried by hand.
        case discarded(at: Timestamp)

        /// The names under which clients and stores know the states.
        public enum Name: String, CaseIterable, Sendable {
            case available, scheduled, retryable, running, completed, cancelled, discarded

            /// Whether nothing more happens by itself.
            public var isFinal: Bool {
                switch self {
                case .available, .scheduled, .retryable, .running: false
                case .completed, .cancelled, .discarded: true
                }
            }
        }

        /// The state without its data.
        public var name: Name {
            switch self {
            case .available: .available
            case .scheduled: .scheduled
            case .retryable: .retryable
            case .running: .running
            case .completed: .completed
            case .cancelled: .cancelled
            case .discarded: .discarded
            }
        }
    }

    /// A worker's right to a running job, which ends by itself unless it is renewed.
    public struct Lease: Hashable, Sendable {
        /// The least time for which a lease is given: a commit beside a busy process may take seconds.
        public static let shortest = Duration.seconds(30)

        /// The process that has the job.
        public let owner: Identifier<JobOwner>
        /// When it was claimed.
        public let since: Timestamp
        /// When it ends by itself.
        public internal(set) var until: Timestamp
        /// Whether someone has asked for the job to be called off.
        public internal(set) var isCancelling: Bool

        /// A lease as a store kept it.
        public init(owner: Identifier<JobOwner>, since: Timestamp, until: Timestamp, isCancelling: Bool) {
            self.owner = owner
            self.since = since
            self.until = until
            self.isCancelling = isCancelling
        }
    }

    /// The priorities, most urgent first.
    public static let priorities = 0...9
    /// The priority of work that nobody called urgent.
    public static let ordinaryPriority = 5
    /// How much longer than the next more urgent priority a job waits in an endless rush: a less urgent job
    /// counts as having come this much later for each step, so that none starves.
    public static let headStart = Duration.seconds(600)
    /// The queue of work that needs no queue of its own.
    public static let ordinaryQueue = "default"
    /// What the name of a queue begins with from which one owner alone takes jobs.
    public static let privateQueuePrefix = "private-"
    /// How often work is tried when nothing else is said.
    public static let ordinaryFailureLimit = 4
    /// After how many interruptions without a checkpoint a job is given up: it probably brings its worker down.
    public static let interruptionLimit = 50
    /// How long a job that has ended is kept for people to look at.
    public static let lifetimeOnceEnded = Duration.seconds(30 * 86_400)
    /// How many attempts the log holds; the oldest are dropped.
    public static let longestLog = 20

    /// Its identifier.
    public let id: Identifier<Job>
    /// The user for whom it runs; nil for the server's own.
    public let owner: Identifier<User>?
    /// Which handler runs it, such as `run_video_task`.
    public let kind: String
    /// What it is about: such jobs are cancelled and removed with their subject.
    public let subject: Identifier<Subject>?
    /// What its handler needs to know besides the subject, in the handler's own encoding.
    public let arguments: [UInt8]
    /// The queue that it waits in.
    public internal(set) var queue: String
    /// How urgent it is; see ``priorities``.
    public let priority: Int
    /// At most one job with this key counts; see ``claimsUniqueKey``.
    public let uniqueKey: String?
    /// After how many failures it is given up.
    public let failureLimit: Int
    /// When it was enqueued.
    public let createdAt: Timestamp
    /// The earliest moment of the next try, and its place among the jobs that wait.
    public internal(set) var dueAt: Timestamp
    /// Where it stands.
    public internal(set) var state: State
    /// How often it was claimed: the fencing number of the worker that has it.
    public internal(set) var attempt: Int
    /// How often it failed since it was enqueued or retried by hand.
    public internal(set) var failures: Int
    /// How often its worker was lost since its last checkpoint.
    public internal(set) var interruptions: Int
    /// How far it is.
    public internal(set) var progress: JobProgress
    /// How its latest unsuccessful attempts ended, oldest first.
    public internal(set) var log: [JobAttempt]

    /// Enqueues a job: available at once, or scheduled when `dueAt` is later than `now`.
    ///
    /// - Parameters:
    ///   - owner: The user for whom it runs; nil for the server's own.
    ///   - priority: Clamped to ``priorities``.
    ///   - failureLimit: At least 1.
    public init(
        id: Identifier<Job>, owner: Identifier<User>? = nil, kind: String,
        subject: Identifier<Subject>? = nil, arguments: [UInt8] = [], queue: String = Self.ordinaryQueue,
        priority: Int = Self.ordinaryPriority, uniqueKey: String? = nil,
        failureLimit: Int = Self.ordinaryFailureLimit, dueAt: Timestamp? = nil, now: Timestamp
    ) {
        self.id = id
        self.owner = owner
        self.kind = kind
        self.subject = subject
        self.arguments = arguments
        self.queue = queue
        self.priority = min(max(priority, Self.priorities.lowerBound), Self.priorities.upperBound)
        self.uniqueKey = uniqueKey
        self.failureLimit = max(1, failureLimit)
        createdAt = now
        self.dueAt = max(dueAt ?? now, now)
        state = self.dueAt > now ? .scheduled : .available
        attempt = 0
        failures = 0
        interruptions = 0
        progress = .none
        log = []
    }

    /// Restores a job as a store kept it.
    public init(
        id: Identifier<Job>, owner: Identifier<User>?, kind: String, subject: Identifier<Subject>?,
        arguments: [UInt8], queue: String, priority: Int, uniqueKey: String?, failureLimit: Int,
        createdAt: Timestamp, dueAt: Timestamp, state: State, attempt: Int, failures: Int,
        interruptions: Int, progress: JobProgress, log: [JobAttempt]
    ) {
        self.id = id
        self.owner = owner
        self.kind = kind
        self.subject = subject
        self.arguments = arguments
        self.queue = queue
        self.priority = priority
        self.uniqueKey = uniqueKey
        self.failureLimit = failureLimit
        self.createdAt = createdAt
        self.dueAt = dueAt
        self.state = state
        self.attempt = attempt
        self.failures = failures
        self.interruptions = interruptions
        self.progress = progress
        self.log = log
    }

    /// Its place among the jobs that wait, in milliseconds: the lowest is claimed first, of equals the one
    /// with the lowest identifier.
    public var rank: Int64 {
        dueAt.milliseconds.saturatingSum(Int64(priority) * Self.headStart.wholeMilliseconds)
    }

    /// Whether a worker may claim it at that moment.
    ///
    /// What is available stays so even when the clock is set back.
    public func isDue(at now: Timestamp) -> Bool {
        switch state {
        case .available: true
        case .scheduled, .retryable: dueAt <= now
        case .running, .completed, .cancelled, .discarded: false
        }
    }

    /// Whether no other job with its unique key may be enqueued: it has not ended and is not about to be
    /// called off.
    public var claimsUniqueKey: Bool {
        guard uniqueKey != nil else { return false }
        return switch state {
        case .available, .scheduled, .retryable: true
        case .running(let lease): !lease.isCancelling
        case .completed, .cancelled, .discarded: false
        }
    }

    /// The queue from which that owner alone takes jobs; when the owner is gone, nobody ever will.
    public static func privateQueue(of owner: Identifier<JobOwner>) -> String {
        "\(privateQueuePrefix)\(owner)"
    }

    /// Whose private queue it is in; nil for a queue that is open to all.
    public var privateOwner: Identifier<JobOwner>? {
        guard queue.hasPrefix(Self.privateQueuePrefix) else { return nil }
        return Identifier(queue.dropFirst(Self.privateQueuePrefix.count))
    }

    /// The lease of a running job.
    public var lease: Lease? {
        if case .running(let lease) = state { lease } else { nil }
    }

    /// The right of the worker that has it now; nil unless it is running.
    public var hold: JobHold? {
        if case .running = state { JobHold(job: id, attempt: attempt) } else { nil }
    }

    /// When it ended, nil while it has not.
    public var endedAt: Timestamp? {
        switch state {
        case .available, .scheduled, .retryable, .running: nil
        case .completed(let moment), .cancelled(let moment), .discarded(let moment): moment
        }
    }
}

/// A process that runs jobs.
public enum JobOwner: Sendable {}

/// What fences a worker's writes: a job in one attempt.
///
/// Whoever claims the job next makes it worthless.
public struct JobHold: Hashable, Sendable {
    /// The job.
    public let job: Identifier<Job>
    /// The attempt for which it was given.
    public let attempt: Int

    /// The right to a job in one attempt.
    public init(job: Identifier<Job>, attempt: Int) {
        self.job = job
        self.attempt = attempt
    }
}

extension Identifier where Subject == Job.Subject {
    /// The identifier of a task, upload … as what a job is about.
    public init<Other>(_ other: Identifier<Other>) {
        self.init(high: other.high, low: other.low)
    }

    /// The identifier as that of a `Subject`; only the job's handler knows which kind it is.
    public func of<Other>(_ kind: Other.Type) -> Identifier<Other> {
        Identifier<Other>(high: high, low: low)
    }
}
