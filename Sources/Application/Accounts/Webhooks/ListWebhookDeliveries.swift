public import Domain

/// Lists what was delivered to a webhook, or to the address that a task named, newest first.
public struct ListWebhookDeliveries: Sendable {
    private let store: any Store

    /// The use case over its port.
    public init(store: any Store) {
        self.store = store
    }

    /// A page of deliveries.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/webhook``, ``NotFound/task``.
    public func callAsFunction(
        to receiver: WebhookReceiver, by caller: Caller, limit: Int = PageSize.usual,
        before cursor: Identifier<WebhookDelivery>? = nil
    ) throws -> Page<WebhookDelivery, Identifier<WebhookDelivery>> {
        try caller.require(.webhooksRead)
        let limit = PageSize.nearest(to: limit)
        return try store.read { reader in
            switch receiver {
            case .webhook(let id):
                _ = try reader.webhook(id, of: caller)
                return try reader.webhooks.deliveries(to: id, limit: limit, before: cursor)
            case .task(let id):
                _ = try reader.task(id, of: caller)
                return try reader.webhooks.deliveries(about: id, limit: limit, before: cursor)
            }
        }
    }
}
