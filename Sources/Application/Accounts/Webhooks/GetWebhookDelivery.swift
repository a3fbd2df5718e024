public import Domain

/// Shows what became of a delivery.
public struct GetWebhookDelivery: Sendable {
    private let store: any Store

    /// The use case over its port.
    public init(store: any Store) {
        self.store = store
    }

    /// The delivery.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/delivery``.
    public func callAsFunction(
        _ id: Identifier<WebhookDelivery>, to receiver: WebhookReceiver, by caller: Caller
    ) throws -> WebhookDelivery {
        try caller.require(.webhooksRead)
        return try store.read { try $0.delivery(id, to: receiver, of: caller) }
    }
}
