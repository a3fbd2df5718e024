public import Domain

/// Shows a webhook.
public struct GetWebhook: Sendable {
    private let store: any Store

    /// The use case over its port.
    public init(store: any Store) {
        self.store = store
    }

    /// The webhook.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/webhook``.
    public func callAsFunction(_ id: Identifier<Webhook>, by caller: Caller) throws -> Webhook {
        try caller.require(.webhooksRead)
        return try store.read { try $0.webhook(id, of: caller) }
    }
}
