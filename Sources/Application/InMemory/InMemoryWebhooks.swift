public import Domain
import Synchronization

struct InMemoryWebhooks: WebhookReader {
    let reader: InMemoryReader

    func find(_ id: Identifier<Webhook>) throws -> Webhook? {
        reader.tables.webhooks[id]
    }

    func all(of owner: Identifier<User>) throws -> [Webhook] {
        reader.tables.webhooks.values.filter { $0.owner == owner }.sorted { $0.id > $1.id }
    }

    func notifySecret(of owner: Identifier<User>) throws -> NotifySecret? {
        reader.tables.notifySecrets[owner]
    }

    func delivery(_ id: Identifier<WebhookDelivery>) throws -> WebhookDelivery? {
        reader.tables.deliveries[id]
    }

    func deliveries(
        to webhook: Identifier<Webhook>, limit: Int, before cursor: Identifier<WebhookDelivery>?
    ) throws -> Page<WebhookDelivery, Identifier<WebhookDelivery>> {
        page(limit: limit, before: cursor) { $0.target == .webhook(webhook) }
    }

    func deliveries(
        about task: Identifier<VideoTask>, limit: Int, before cursor: Identifier<WebhookDelivery>?
    ) throws -> Page<WebhookDelivery, Identifier<WebhookDelivery>> {
        page(limit: limit, before: cursor) { delivery in
            if case .task(task, _) = delivery.target { true } else { false }
        }
    }

    private func page(
        limit: Int, before cursor: Identifier<WebhookDelivery>?, where belongs: (WebhookDelivery) -> Bool
    ) -> Page<WebhookDelivery, Identifier<WebhookDelivery>> {
        let found = reader.tables.deliveries.values
            .filter { delivery in belongs(delivery) && cursor.map { delivery.id < $0 } ?? true }
            .sorted { $0.id > $1.id }
        let items = Array(found.prefix(limit))
        return Page(items: items, next: found.count > limit ? items.last?.id : nil)
    }
}

struct InMemoryWebhookWriter: WebhookWriter {
    let writer: InMemoryWriter

    func insert(_ webhook: Webhook) throws {
        guard writer.tables.webhooks[webhook.id] == nil else {
            throw PortError.conflict("the webhook exists already")
        }
        writer.set(\.webhooks, webhook.id, webhook)
    }

    func update(_ webhook: Webhook) throws {
        guard let stored = writer.tables.webhooks[webhook.id], stored.version < webhook.version else {
            throw PortError.conflict("the webhook was changed meanwhile")
        }
        writer.set(\.webhooks, webhook.id, webhook)
    }

    func delete(_ id: Identifier<Webhook>) throws {
        for delivery in writer.tables.deliveries.values where delivery.target == .webhook(id) {
            writer.set(\.deliveries, delivery.id, nil)
        }
        writer.set(\.webhooks, id, nil)
    }

    func put(_ secret: NotifySecret) throws {
        writer.set(\.notifySecrets, secret.owner, secret)
    }

    func insert(_ delivery: WebhookDelivery) throws -> Bool {
        guard writer.tables.deliveries[delivery.id] == nil else { return false }
        writer.set(\.deliveries, delivery.id, delivery)
        return true
    }

    func update(_ delivery: WebhookDelivery) throws {
        guard writer.tables.deliveries[delivery.id] != nil else { return }
        writer.set(\.deliveries, delivery.id, delivery)
    }

    func forgetAll(of owner: Identifier<User>) throws {
        for delivery in writer.tables.deliveries.values where delivery.owner == owner {
            writer.set(\.deliveries, delivery.id, nil)
        }
        for webhook in writer.tables.webhooks.values where webhook.owner == owner {
            writer.set(\.webhooks, webhook.id, nil)
        }
        writer.set(\.notifySecrets, owner, nil)
    }

    func forgetDeliveries(before moment: Timestamp, limit: Int) throws -> Int {
        let old = writer.tables.deliveries.values.filter { $0.createdAt < moment }.map(\.id).prefix(limit)
        for id in old { writer.set(\.deliveries, id, nil) }
        return old.count
    }
}

extension Webhook {
    /// The same version of the webhook in other hands.
    func with(owner: Identifier<User>) -> Webhook {
        Webhook(
            id: id, owner: owner, address: address, description: description, events: events, state: state,
            secrets: secrets, failingSince: failingSince, createdAt: createdAt, version: version)
    }
}

extension WebhookDelivery {
    /// The same delivery in other hands.
    func with(owner: Identifier<User>) -> WebhookDelivery {
        WebhookDelivery(
            id: id, owner: owner, target: target, event: event, createdAt: createdAt, state: state,
            attempts: attempts, last: last)
    }
}

extension NotifySecret {
    /// The same secret in other hands.
    func with(owner: Identifier<User>) -> NotifySecret {
        NotifySecret(id: id, owner: owner, secrets: secrets, createdAt: createdAt)
    }
}

/// Makes secrets of a random source and signs without any protection: for tests.
public struct InMemoryWebhookSecrets: WebhookSecrets {
    private let random: any RandomSource
    private let box = InMemorySecretBox()

    /// Secrets of a random source.
    public init(random: any RandomSource) {
        self.random = random
    }

    /// The next secret.
    public func make() throws -> WebhookSecret {
        let bytes = (0..<WebhookSecret.byteCount / 8).flatMap { _ in
            let word = random.next()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
        }
        guard let secret = WebhookSecret(bytes: bytes) else {
            preconditionFailure("a secret of \(bytes.count) bytes")
        }
        return secret
    }

    /// The context and the bytes, for all to see.
    public func seal(_ secret: WebhookSecret, context: String) throws -> [UInt8] {
        box.seal(secret.bytes, context: context)
    }

    /// The secret in a seal.
    public func open(_ sealed: [UInt8], context: String) throws -> WebhookSecret {
        guard let secret = box.open(sealed, context: context).flatMap({ WebhookSecret(bytes: $0) }) else {
            throw PortError.corrupt("a seal of another context")
        }
        return secret
    }

    /// Eight bytes that depend on all of it (FNV-1a, by Fowler, Noll and Vo).
    public func tag(of bytes: [UInt8], by secret: WebhookSecret) -> [UInt8] {
        let sum = (secret.bytes + bytes).reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
        return (0..<8).map { UInt8(truncatingIfNeeded: sum >> UInt64(8 * $0)) }
    }
}

/// Keeps what is sent, and answers as it is told to.
public final class InMemoryWebhookSender: WebhookSender {
    private let answer: @Sendable (WebhookMessage) async throws(PortError) -> WebhookReply
    private let sent = Mutex<[WebhookMessage]>([])

    /// A sender to receivers that answer so.
    public init(
        _ answer: @escaping @Sendable (WebhookMessage) async throws(PortError) -> WebhookReply = { _ in
            .answered(status: 204, body: [], retryAfter: nil)
        }
    ) {
        self.answer = answer
    }

    /// What was sent so far, in order.
    public var messages: [WebhookMessage] { sent.withLock { $0 } }

    /// Keeps the message and answers.
    public func send(_ message: WebhookMessage) async throws(PortError) -> WebhookReply {
        sent.withLock { $0.append(message) }
        return try await answer(message)
    }
}
