public import Domain

/// Whom a list of deliveries is about.
public enum WebhookReceiver: Hashable, Sendable {
    /// A webhook.
    case webhook(Identifier<Webhook>)
    /// The address that a task named.
    case task(Identifier<VideoTask>)

    /// Whether a delivery goes there.
    func gets(_ delivery: WebhookDelivery) -> Bool {
        switch (self, delivery.target) {
        case (.webhook(let id), .webhook(let other)): id == other
        case (.task(let id), .task(let other, _)): id == other
        default: false
        }
    }
}
