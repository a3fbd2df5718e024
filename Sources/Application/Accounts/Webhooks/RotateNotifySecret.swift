public import Domain

/// Signs the deliveries to addresses that the caller's tasks name with another secret.
public struct RotateNotifySecret: Sendable {
    private let desk: AccountDesk
    private let secrets: any WebhookSecrets

    /// The use case over its ports.
    public init(desk: AccountDesk, secrets: any WebhookSecrets) {
        self.desk = desk
        self.secrets = secrets
    }

    /// Puts a new secret in use; the former one signs too for ``Domain/SigningSecrets/grace``.
    ///
    /// - Throws: ``Domain/AccessError``; ``PortError`` when there is no key to seal with.
    public func callAsFunction(by caller: Caller, from origin: Origin) async throws -> OpenedNotifySecret {
        try caller.require(.webhooksWrite)
        let deed = desk.deed(by: caller, from: origin)
        let fresh: Identifier<NotifySecret> = desk.identifiers.make()
        let known = try await desk.store.notifySecret(
            of: caller.user, or: fresh, from: secrets, at: deed.now)
        let sealed = try secrets.seal(secrets.make(), context: NotifySecret.context(of: known.id))
        let rotated = try await desk.store.write { writer in
            try writer.requirePresence(of: caller.user)
            var secret = try writer.webhooks.notifySecret(of: caller.user) ?? known
            secret.rotate(to: sealed, at: deed.now)
            try writer.webhookWriter.put(secret)
            try writer.note(
                .webhookSecretRotated,
                on: .thing(kind: "notify_secret", id: "\(secret.id)", owner: caller.user), of: deed)
            return secret
        }
        return try OpenedNotifySecret(rotated, by: secrets, at: deed.now)
    }
}
