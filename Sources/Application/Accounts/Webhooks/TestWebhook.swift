public import Domain

/// Sends a ping to a webhook, to try whether events arrive.
public struct TestWebhook: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Writes the ping down to be delivered.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/webhook``, ``Domain/WebhookError/disabled``.
    public func callAsFunction(_ id: Identifier<Webhook>, by caller: Caller) async throws -> WebhookDelivery {
        try caller.require(.webhooksWrite)
        let now = desk.clock.now()
        let event = WebhookEvent(id: desk.identifiers.make(), kind: .ping, at: now, subject: .webhook(id))
        let delivery = WebhookDelivery(
            id: desk.identifiers.make(), owner: caller.user, target: .webhook(id), event: event, at: now)
        return try await desk.store.write { writer in
            guard try writer.webhook(id, of: caller).takes(.ping) else { throw WebhookError.disabled }
            try writer.post(delivery)
            return delivery
        }
    }
}
