public import Domain

/// Delivers an event once more.
public struct ReplayWebhookDelivery: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Writes down another delivery of the same event, whose identifier tells the receiver that it is the same.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/delivery``, ``Domain/WebhookError/disabled``.
    public func callAsFunction(
        _ id: Identifier<WebhookDelivery>, to receiver: WebhookReceiver, by caller: Caller
    ) async throws -> WebhookDelivery {
        try caller.require(.webhooksWrite)
        let now = desk.clock.now()
        let fresh: Identifier<WebhookDelivery> = desk.identifiers.make()
        return try await desk.store.write { writer in
            let former = try writer.delivery(id, to: receiver, of: caller)
            if case .webhook(let id) = former.target,
                try writer.webhook(id, of: caller).state != .enabled
            {
                throw WebhookError.disabled
            }
            let delivery = WebhookDelivery(
                id: fresh, owner: former.owner, target: former.target, event: former.event, at: now)
            try writer.post(delivery)
            return delivery
        }
    }
}
