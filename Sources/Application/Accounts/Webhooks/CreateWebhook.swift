public import Domain

/// A webhook with its secret, which is shown once.
public struct IssuedWebhook: Sendable {
    /// The webhook.
    public let webhook: Webhook
    /// What its deliveries are signed with.
    public let secret: WebhookSecret
}

/// Has a user's events delivered to an address.
public struct CreateWebhook: Sendable {
    /// What is asked for.
    public struct Command: Sendable {
        /// Where to.
        public let address: WebhookAddress
        /// What its owner wants to be reminded of.
        public let description: String
        /// Which events.
        public let events: Set<WebhookEvent.Kind>
        /// Whether they go there from now on.
        public let isEnabled: Bool

        /// A wish.
        public init(
            address: WebhookAddress, description: String = "",
            events: Set<WebhookEvent.Kind> = WebhookEvent.Kind.subscribable, isEnabled: Bool = true
        ) {
            self.address = address
            self.description = description
            self.events = events
            self.isEnabled = isEnabled
        }
    }

    private let desk: AccountDesk
    private let secrets: any WebhookSecrets

    /// The use case over its ports.
    public init(desk: AccountDesk, secrets: any WebhookSecrets) {
        self.desk = desk
        self.secrets = secrets
    }

    /// Makes a webhook.
    ///
    /// - Throws: ``Domain/AccessError``, ``Domain/WebhookError``; ``PortError`` when there is no key to seal with.
    public func callAsFunction(_ command: Command, by caller: Caller, from origin: Origin) async throws
        -> IssuedWebhook
    {
        try caller.require(.webhooksWrite)
        let deed = desk.deed(by: caller, from: origin)
        let id: Identifier<Webhook> = desk.identifiers.make()
        let secret = try secrets.make()
        let sealed = try secrets.seal(secret, context: Webhook.context(of: id))
        return try await desk.store.write { writer in
            try writer.requirePresence(of: caller.user)
            let webhook = try Webhook.make(
                id: id, owner: caller.user, address: command.address, description: command.description,
                events: command.events, isEnabled: command.isEnabled, secret: sealed,
                present: writer.webhooks.all(of: caller.user).count, at: deed.now)
            try writer.webhookWriter.insert(webhook)
            try writer.note(.webhookCreated, on: webhook.subject, of: deed)
            return IssuedWebhook(webhook: webhook, secret: secret)
        }
    }
}

extension Webhook {
    /// What the audit trail says something was done to.
    var subject: AuditEntry.Subject { .thing(kind: "webhook", id: "\(id)", owner: owner) }
}
