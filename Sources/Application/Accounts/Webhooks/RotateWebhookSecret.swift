public import Domain

/// Signs the deliveries to a webhook with another secret.
public struct RotateWebhookSecret: Sendable {
    private let desk: AccountDesk
    private let secrets: any WebhookSecrets

    /// The use case over its ports.
    public init(desk: AccountDesk, secrets: any WebhookSecrets) {
        self.desk = desk
        self.secrets = secrets
    }

    /// Puts a new secret in use; the former one signs too for ``Domain/SigningSecrets/grace``.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/webhook``; ``PortError`` when there is no key to seal with.
    public func callAsFunction(_ id: Identifier<Webhook>, by caller: Caller, from origin: Origin)
        async throws -> IssuedWebhook
    {
        try caller.require(.webhooksWrite)
        let deed = desk.deed(by: caller, from: origin)
        let secret = try secrets.make()
        let sealed = try secrets.seal(secret, context: Webhook.context(of: id))
        return try await desk.store.write { writer in
            var webhook = try writer.webhook(id, of: caller)
            webhook.rotate(to: sealed, at: deed.now)
            try writer.webhookWriter.update(webhook)
            try writer.note(.webhookSecretRotated, on: webhook.subject, of: deed)
            return IssuedWebhook(webhook: webhook, secret: secret)
        }
    }
}
