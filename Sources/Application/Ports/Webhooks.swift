public import Domain

/// Reads webhooks, what signs them, and what is delivered.
public protocol WebhookReader {
    /// The webhook with that identifier, nil when there is none.
    func find(_ id: Identifier<Webhook>) throws -> Webhook?
    /// A user's webhooks, newest first.
    func all(of owner: Identifier<User>) throws -> [Webhook]
    /// What signs deliveries to addresses that a user's tasks name; nil before it is made.
    func notifySecret(of owner: Identifier<User>) throws -> NotifySecret?
    /// The delivery with that identifier, nil when there is none.
    func delivery(_ id: Identifier<WebhookDelivery>) throws -> WebhookDelivery?
    /// Up to `limit` deliveries to a webhook made before the one at `cursor`, newest first.
    func deliveries(
        to webhook: Identifier<Webhook>, limit: Int, before cursor: Identifier<WebhookDelivery>?
    ) throws -> Page<WebhookDelivery, Identifier<WebhookDelivery>>
    /// Up to `limit` deliveries to the address that a task named, in the same way.
    func deliveries(
        about task: Identifier<VideoTask>, limit: Int, before cursor: Identifier<WebhookDelivery>?
    ) throws -> Page<WebhookDelivery, Identifier<WebhookDelivery>>
}

/// Changes webhooks, what signs them, and what is delivered.
public protocol WebhookWriter {
    /// Adds a webhook.
    ///
    /// - Throws: ``PortError/conflict(_:)`` when it exists already.
    func insert(_ webhook: Webhook) throws
    /// Replaces a webhook by a later version.
    ///
    /// - Throws: ``PortError/conflict(_:)`` when the stored version is not before the webhook's.
    func update(_ webhook: Webhook) throws
    /// Removes a webhook with all deliveries to it.
    func delete(_ id: Identifier<Webhook>) throws
    /// Keeps what signs deliveries to addresses that a user's tasks name, in place of what was kept.
    func put(_ secret: NotifySecret) throws
    /// Adds a delivery, unless it is there.
    ///
    /// - Returns: Whether it was added.
    func insert(_ delivery: WebhookDelivery) throws -> Bool
    /// Replaces a delivery by what became of it; does nothing when it is gone.
    func update(_ delivery: WebhookDelivery) throws
    /// Removes everything of a user.
    func forgetAll(of owner: Identifier<User>) throws
    /// Forgets up to `limit` deliveries that were made before `moment`; returns how many.
    func forgetDeliveries(before moment: Timestamp, limit: Int) throws -> Int
}

/// Makes the secrets of webhooks, seals them, and signs with them.
///
/// It may take a key that is made at first use, which can fail.
public protocol WebhookSecrets: Sendable {
    /// A fresh secret.
    func make() throws -> WebhookSecret
    /// The sealed secret; `context` must be given again to open it.
    func seal(_ secret: WebhookSecret, context: String) throws -> [UInt8]
    /// The secret in a seal.
    ///
    /// - Throws: ``PortError/corrupt(_:)`` when it was not sealed here, or for another context.
    func open(_ sealed: [UInt8], context: String) throws -> WebhookSecret
    /// The HMAC with SHA-256 (RFC 2104) of bytes under a secret.
    func tag(of bytes: [UInt8], by secret: WebhookSecret) -> [UInt8]
}

/// One delivery as it is sent.
public struct WebhookMessage: Hashable, Sendable {
    /// Where to.
    public let address: WebhookAddress
    /// The header fields that are its own.
    public let fields: [String: String]
    /// The body, as JSON.
    public let body: [UInt8]

    /// A delivery.
    public init(address: WebhookAddress, fields: [String: String], body: [UInt8]) {
        self.address = address
        self.fields = fields
        self.body = body
    }
}

/// Sends events to receivers that strangers have named.
public protocol WebhookSender: Sendable {
    /// Sends once, within a deadline, and reads no more of the answer than ``Domain/WebhookReply/bodyLimit``.
    ///
    /// - Throws: ``PortError/cancelled`` when the task was cancelled.
    func send(_ message: WebhookMessage) async throws(PortError) -> WebhookReply
}
