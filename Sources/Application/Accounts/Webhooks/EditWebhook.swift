public import Domain

/// Changes where events go, which ones, and whether.
public struct EditWebhook: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Changes the webhook.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/webhook``, ``Domain/WebhookError``.
    public func callAsFunction(
        _ id: Identifier<Webhook>, _ edit: Webhook.Edit, by caller: Caller, from origin: Origin
    ) async throws -> Webhook {
        try caller.require(.webhooksWrite)
        let deed = desk.deed(by: caller, from: origin)
        return try await desk.store.write { writer in
            var webhook = try writer.webhook(id, of: caller)
            guard try webhook.edit(edit, at: deed.now) else { return webhook }
            try writer.webhookWriter.update(webhook)
            try writer.note(.webhookChanged, on: webhook.subject, of: deed)
            return webhook
        }
    }
}
