public import Domain

/// Removes a webhook; what has not arrived there yet is not delivered any more.
public struct DeleteWebhook: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Removes the webhook and the log of its deliveries.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/webhook``.
    public func callAsFunction(_ id: Identifier<Webhook>, by caller: Caller, from origin: Origin) async throws
    {
        try caller.require(.webhooksWrite)
        let deed = desk.deed(by: caller, from: origin)
        try await desk.store.write { writer in
            let webhook = try writer.webhook(id, of: caller)
            // The jobs of deliveries that are gone end by themselves.
            try writer.webhookWriter.delete(id)
            try writer.note(.webhookDeleted, on: webhook.subject, of: deed)
        }
    }
}
