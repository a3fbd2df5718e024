/// An address to which the events of a user are delivered.
public struct Webhook: Hashable, Sendable {
    /// The most webhooks of one user.
    public static let mostOfOne = 20
    /// How many Unicode scalars a description has.
    public static let descriptionLength = 0...200
    /// How long nothing may arrive there before it is switched off.
    public static let patience = Duration.seconds(5 * 86_400)

    /// Whether events go there.
    public enum State: Hashable, Sendable {
        /// They do.
        case enabled
        /// They do not, since then.
        case disabled(Reason, at: Timestamp)

        /// Why events do not go there.
        public enum Reason: String, CaseIterable, Sendable {
            /// Its owner wants it so.
            case owner
            /// The receiver answered that it is gone for good (status 410).
            case gone
            /// For days nothing arrived.
            case failing
        }
    }

    /// Its identifier.
    public let id: Identifier<Webhook>
    /// Whose events are delivered.
    public let owner: Identifier<User>
    /// Where to.
    public private(set) var address: WebhookAddress
    /// What its owner wants to be reminded of.
    public private(set) var description: String
    /// Which events; at least one kind.
    public private(set) var events: Set<WebhookEvent.Kind>
    /// Whether events go there.
    public private(set) var state: State
    /// What deliveries are signed with.
    public private(set) var secrets: SigningSecrets
    /// Since when every attempt has failed; nil when the last one did not.
    public private(set) var failingSince: Timestamp?
    /// When it was made.
    public let createdAt: Timestamp
    /// How often it has changed; a store refuses to overwrite a later version.
    public private(set) var version: Int

    /// Makes a webhook.
    ///
    /// - Parameters:
    ///   - secret: What signs, sealed for ``context(of:)``.
    ///   - present: How many webhooks the owner has already.
    public static func make(
        id: Identifier<Webhook>, owner: Identifier<User>, address: WebhookAddress, description: String,
        events: Set<WebhookEvent.Kind>, isEnabled: Bool, secret: [UInt8], present: Int, at now: Timestamp
    ) throws(WebhookError) -> Webhook {
        guard present < mostOfOne else { throw .tooMany }
        return Webhook(
            id: id, owner: owner, address: address, description: try checked(description: description),
            events: try checked(events: events),
            state: isEnabled ? .enabled : .disabled(.owner, at: now),
            secrets: SigningSecrets(current: secret), failingSince: nil, createdAt: now, version: 0)
    }

    /// Restores a webhook as a store kept it.
    public init(
        id: Identifier<Webhook>, owner: Identifier<User>, address: WebhookAddress, description: String,
        events: Set<WebhookEvent.Kind>, state: State, secrets: SigningSecrets, failingSince: Timestamp?,
        createdAt: Timestamp, version: Int
    ) {
        self.id = id
        self.owner = owner
        self.address = address
        self.description = description
        self.events = events
        self.state = state
        self.secrets = secrets
        self.failingSince = failingSince
        self.createdAt = createdAt
        self.version = version
    }

    /// What the seals of its secrets are bound to.
    public static func context(of id: Identifier<Webhook>) -> String { "webhook \(id)" }

    /// Whether events of that kind go there now.
    public func takes(_ kind: WebhookEvent.Kind) -> Bool {
        state == .enabled && (kind == .ping || events.contains(kind))
    }

    /// What may be changed of a webhook; nil leaves it as it is.
    public struct Edit: Hashable, Sendable {
        /// Where to.
        public var address: WebhookAddress?
        /// What its owner wants to be reminded of.
        public var description: String?
        /// Which events.
        public var events: Set<WebhookEvent.Kind>?
        /// Whether events go there.
        public var isEnabled: Bool?

        /// A change.
        public init(
            address: WebhookAddress? = nil, description: String? = nil,
            events: Set<WebhookEvent.Kind>? = nil, isEnabled: Bool? = nil
        ) {
            self.address = address
            self.description = description
            self.events = events
            self.isEnabled = isEnabled
        }
    }

    /// Changes it; who switches it on, or names another address, starts with a clean record.
    ///
    /// - Returns: Whether anything changed.
    public mutating func edit(_ edit: Edit, at now: Timestamp) throws(WebhookError) -> Bool {
        let former = self
        if let description = edit.description {
            self.description = try Self.checked(description: description)
        }
        if let events = edit.events { self.events = try Self.checked(events: events) }
        if let address = edit.address, address != self.address {
            self.address = address
            failingSince = nil
        }
        switch (edit.isEnabled, state) {
        case (true, .disabled):
            state = .enabled
            failingSince = nil
        case (false, .enabled): state = .disabled(.owner, at: now)
        default: break
        }
        guard self != former else { return false }
        version += 1
        return true
    }

    /// Signs with another secret from now on; see ``SigningSecrets/rotate(to:at:)``.
    public mutating func rotate(to sealed: [UInt8], at now: Timestamp) {
        secrets.rotate(to: sealed, at: now)
        version += 1
    }

    /// Takes note of what came of an attempt.
    ///
    /// - Returns: Why it was switched off now; nil when it was not.
    public mutating func note(_ verdict: WebhookVerdict, at now: Timestamp) -> State.Reason? {
        let former = self
        var reason: State.Reason?
        switch verdict {
        case .delivered: failingSince = nil
        case .gone: reason = .gone
        case .retried, .failed:
            let since = failingSince ?? now
            failingSince = since
            if now - since >= Self.patience { reason = .failing }
        }
        if state != .enabled { reason = nil }
        if let reason { state = .disabled(reason, at: now) }
        if self != former { version += 1 }
        return reason
    }

    /// Whether a text can be a description: at most 200 characters on one line, white space at its ends not counted.
    public static func isDescription(_ text: String) -> Bool {
        UnwritableCharacter(in: text) == nil && descriptionLength.contains(text.trimmed.unicodeScalars.count)
    }

    private static func checked(description: String) throws(WebhookError) -> String {
        guard isDescription(description) else { throw .description }
        return description.trimmed
    }

    private static func checked(events: Set<WebhookEvent.Kind>) throws(WebhookError) -> Set<WebhookEvent.Kind>
    {
        guard !events.isEmpty, events.isSubset(of: WebhookEvent.Kind.subscribable) else { throw .events }
        return events
    }
}

/// The rules of webhooks.
public enum WebhookError: CodedError, Equatable {
    /// A description has at most 200 characters on one line.
    case description
    /// A webhook takes at least one kind of events, and none that nobody can ask for.
    case events
    /// A user has at most 20 webhooks.
    case tooMany
    /// Nothing is delivered to a webhook that is switched off.
    case disabled

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .description, .events: "validation_failed"
        case .tooMany: "webhook_too_many"
        case .disabled: "webhook_disabled"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .description:
            "A description has at most \(Webhook.descriptionLength.upperBound) characters on one line."
        case .events: "A webhook takes at least one kind of events."
        case .tooMany: "You have \(Webhook.mostOfOne) webhooks. Delete one first."
        case .disabled: "The webhook is switched off. Set enabled to true first."
        }
    }
}
