/// An event on its way to one receiver: tried until the receiver takes it, or for a day and a half.
public struct WebhookDelivery: Hashable, Sendable {
    /// Where it goes.
    public enum Target: Hashable, Sendable {
        /// To a webhook, wherever that leads at the moment of an attempt.
        case webhook(Identifier<Webhook>)
        /// To the address that a task named.
        case task(Identifier<VideoTask>, WebhookAddress)
    }

    /// Where it stands.
    public enum State: Hashable, Sendable {
        /// It is tried at that moment or later.
        case pending(next: Timestamp)
        /// The receiver has taken it, and when.
        case delivered(at: Timestamp)
        /// It was given up, and when.
        case failed(at: Timestamp)

        /// The names under which clients and stores know the states.
        public enum Name: String, CaseIterable, Sendable {
            case pending, delivered, failed
        }

        /// The state without its data.
        public var name: Name {
            switch self {
            case .pending: .pending
            case .delivered: .delivered
            case .failed: .failed
            }
        }
    }

    /// How long it is kept for people to look at.
    public static let lifetime = Duration.seconds(30 * 86_400)

    /// Its identifier; a replay of the same event has one of its own.
    public let id: Identifier<WebhookDelivery>
    /// Whose event it is.
    public let owner: Identifier<User>
    /// Where it goes.
    public let target: Target
    /// What is told.
    public let event: WebhookEvent
    /// When it was written down.
    public let createdAt: Timestamp
    /// Where it stands.
    public private(set) var state: State
    /// How often it was tried.
    public private(set) var attempts: Int
    /// The last attempt; nil before the first.
    public private(set) var last: WebhookAttempt?

    /// A delivery that is due at once.
    public init(
        id: Identifier<WebhookDelivery>, owner: Identifier<User>, target: Target, event: WebhookEvent,
        at now: Timestamp
    ) {
        self.init(
            id: id, owner: owner, target: target, event: event, createdAt: now, state: .pending(next: now),
            attempts: 0, last: nil)
    }

    /// Restores a delivery as a store kept it.
    public init(
        id: Identifier<WebhookDelivery>, owner: Identifier<User>, target: Target, event: WebhookEvent,
        createdAt: Timestamp, state: State, attempts: Int, last: WebhookAttempt?
    ) {
        self.id = id
        self.owner = owner
        self.target = target
        self.event = event
        self.createdAt = createdAt
        self.state = state
        self.attempts = attempts
        self.last = last
    }

    /// Takes note of an attempt, and decides what follows.
    ///
    /// - Parameters:
    ///   - now: When it ended.
    ///   - chance: 64 random bits for the pause before the next.
    public mutating func note(_ attempt: WebhookAttempt, at now: Timestamp, chance: UInt64) -> WebhookVerdict
    {
        attempts += 1
        last = attempt
        let verdict: WebhookVerdict
        switch attempt.reply {
        case .answered(200..<300, _, _): verdict = .delivered
        case .answered(410, _, _): verdict = .gone
        case .answered(let status, _, let wish):
            verdict = again(after: status == 429 || status == 503 ? wish : nil, at: now, chance: chance)
        case .unreachable: verdict = again(after: nil, at: now, chance: chance)
        }
        state =
            switch verdict {
            case .delivered: .delivered(at: now)
            case .gone, .failed: .failed(at: now)
            case .retried(let moment): .pending(next: moment)
            }
        return verdict
    }

    /// Ends it without an attempt, since nobody is to have it any more.
    public mutating func abandon(at now: Timestamp) {
        if case .pending = state { state = .failed(at: now) }
    }

    /// Someone wants it tried now; what was delivered is not delivered again so.
    public mutating func hasten(at now: Timestamp) {
        if case .delivered = state { return }
        state = .pending(next: now)
    }

    private func again(after wish: Duration?, at now: Timestamp, chance: UInt64) -> WebhookVerdict {
        guard let pause = WebhookSchedule.pause(afterAttempt: attempts, chance: chance) else {
            return .failed
        }
        return .retried(at: now + max(pause, min(wish ?? .zero, WebhookSchedule.longestPause)))
    }
}

/// One attempt to deliver an event.
public struct WebhookAttempt: Hashable, Sendable {
    /// When it began.
    public let at: Timestamp
    /// How long it took.
    public let duration: Duration
    /// What came of it.
    public let reply: WebhookReply

    /// An attempt.
    public init(at moment: Timestamp, duration: Duration, reply: WebhookReply) {
        at = moment
        self.duration = duration
        self.reply = reply
    }
}

/// What a receiver says to a delivery.
public enum WebhookReply: Hashable, Sendable {
    /// The most bytes of an answer that are read and kept.
    public static let bodyLimit = 4096

    /// It answered: the first bytes of what it said, and how long it asks to wait.
    case answered(status: Int, body: [UInt8], retryAfter: Duration?)
    /// It was not reached, and why.
    case unreachable(String)
}

/// What follows from an attempt.
public enum WebhookVerdict: Hashable, Sendable {
    /// The receiver has it.
    case delivered
    /// It is tried again then.
    case retried(at: Timestamp)
    /// It is given up.
    case failed
    /// The receiver wants nothing any more.
    case gone
}

/// When a delivery is tried again: the schedule that Standard Webhooks proposes, over a day and a half.
public enum WebhookSchedule {
    /// The pauses after the first attempt, the second, and so on, before jitter.
    public static let pauses: [Duration] = [
        .seconds(5), .seconds(5 * 60), .seconds(30 * 60), .seconds(2 * 3600), .seconds(5 * 3600),
        .seconds(10 * 3600), .seconds(14 * 3600),
    ]
    /// How often a delivery is tried.
    public static let mostAttempts = pauses.count + 1
    /// By which part of itself a pause may be longer, so that what failed together is not tried together.
    public static let jitter = 0.2
    /// The longest that a receiver can make a delivery wait.
    public static let longestPause = Duration.seconds(86_400)

    /// The pause after the attempt with that number (1 for the first); nil after the last.
    ///
    /// - Parameter chance: 64 random bits, which place the pause within the jitter.
    public static func pause(afterAttempt number: Int, chance: UInt64) -> Duration? {
        guard number >= 1, number < mostAttempts else { return nil }
        let plain = pauses[number - 1]
        let place = Double(chance >> 11) / Double(UInt64(1) << 53)
        return plain + .milliseconds(Int64(plain.inSeconds * jitter * place * 1000))
    }
}
