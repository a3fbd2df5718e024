public import Domain

/// What signs the deliveries to addresses that tasks name, opened.
public struct OpenedNotifySecret: Sendable {
    /// When it was made.
    public let createdAt: Timestamp
    /// The secret in use.
    public let secret: WebhookSecret
    /// Until when the former one signs too; nil when there is none that does.
    public let formerUntil: Timestamp?
}

/// Shows what signs the deliveries to addresses that the caller's tasks name; it is made when it is first needed.
///
/// Unlike the secret of a webhook it can be shown again, since a task may name an address before anybody has asked.
public struct GetNotifySecret: Sendable {
    private let desk: AccountDesk
    private let secrets: any WebhookSecrets

    /// The use case over its ports.
    public init(desk: AccountDesk, secrets: any WebhookSecrets) {
        self.desk = desk
        self.secrets = secrets
    }

    /// The secret.
    ///
    /// - Throws: ``Domain/AccessError``; ``PortError`` when there is no key to seal with.
    public func callAsFunction(by caller: Caller) async throws -> OpenedNotifySecret {
        try caller.require(.webhooksWrite)
        let now = desk.clock.now()
        let fresh: Identifier<NotifySecret> = desk.identifiers.make()
        let known = try await desk.store.notifySecret(of: caller.user, or: fresh, from: secrets, at: now)
        return try OpenedNotifySecret(known, by: secrets, at: now)
    }
}

extension OpenedNotifySecret {
    init(_ known: NotifySecret, by secrets: any WebhookSecrets, at now: Timestamp) throws {
        createdAt = known.createdAt
        secret = try secrets.open(known.secrets.current, context: NotifySecret.context(of: known.id))
        formerUntil = known.secrets.former.flatMap { now < $0.until ? $0.until : nil }
    }
}

extension Store {
    /// What signs for a user; made and kept where there is none yet.
    ///
    /// - Parameter fresh: The identifier of one that is made.
    func notifySecret(
        of user: Identifier<User>, or fresh: Identifier<NotifySecret>, from secrets: any WebhookSecrets,
        at now: Timestamp
    ) async throws -> NotifySecret {
        if let known = try read({ try $0.webhooks.notifySecret(of: user) }) { return known }
        let sealed = try secrets.seal(secrets.make(), context: NotifySecret.context(of: fresh))
        let made = NotifySecret(
            id: fresh, owner: user, secrets: SigningSecrets(current: sealed), createdAt: now)
        return try await write { writer in
            try writer.requirePresence(of: user)
            // Somebody else may have made one meanwhile.
            if let known = try writer.webhooks.notifySecret(of: user) { return known }
            try writer.webhookWriter.put(made)
            return made
        }
    }
}
