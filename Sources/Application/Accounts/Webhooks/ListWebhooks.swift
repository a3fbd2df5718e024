public import Domain

/// Lists the caller's webhooks, newest first.
public struct ListWebhooks: Sendable {
    private let store: any Store

    /// The use case over its port.
    public init(store: any Store) {
        self.store = store
    }

    /// The webhooks, those included that are switched off.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller) throws -> [Webhook] {
        try caller.require(.webhooksRead)
        return try store.read { try $0.webhooks.all(of: caller.user) }
    }
}
