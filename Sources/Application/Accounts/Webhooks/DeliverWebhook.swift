public import Domain

/// Makes one attempt to deliver an event: a use case whose caller is the queue.
///
/// How often and when is the delivery's own business: its job sleeps between the attempts and is done when the delivery
/// has ended, however. What an attempt came to is kept before the job is; an attempt whose process is killed meanwhile
/// is made again, with the same identifier of the event.
public struct DeliverWebhook: JobHandler {
    /// What the handler needs besides its job.
    public struct Ports: Sendable {
        var store: any Store
        var secrets: any WebhookSecrets
        var sender: any WebhookSender
        var clock: any WallClock
        var random: any RandomSource
        var identifiers: IdentifierMaker
        var encode: @Sendable (WebhookEvent) -> [UInt8]

        /// The ports of deliveries.
        ///
        /// - Parameter encode: Makes the body from an event, the same each time.
        public init(
            store: any Store, secrets: any WebhookSecrets, sender: any WebhookSender, clock: any WallClock,
            random: any RandomSource, identifiers: IdentifierMaker,
            encode: @escaping @Sendable (WebhookEvent) -> [UInt8]
        ) {
            self.store = store
            self.secrets = secrets
            self.sender = sender
            self.clock = clock
            self.random = random
            self.identifiers = identifiers
            self.encode = encode
        }
    }

    /// The kind of its jobs.
    public static let jobKind = "deliver_webhook"
    /// The queue of its jobs, in which they wait for no task.
    public static let queue = "webhooks"
    /// How many deliveries are under way at once in one process: they wait for others most of the time.
    public static let concurrency = 32
    /// As often as it takes: what fails here is the store, not the receiver.
    private static let failureLimit = 1000

    /// The kind of its jobs.
    public var kind: String { Self.jobKind }

    private let ports: Ports
    private let slots = DeliverySlots()

    /// The handler over its ports.
    public init(_ ports: Ports) {
        self.ports = ports
    }

    /// The job that makes a delivery; it is the server's own, and has the delivery's own identifier.
    static func job(for delivery: WebhookDelivery) -> Job {
        Job(
            id: Identifier(high: delivery.id.high, low: delivery.id.low), kind: jobKind,
            subject: Identifier(delivery.id), queue: queue, failureLimit: failureLimit,
            now: delivery.createdAt)
    }

    /// Makes an attempt, if it is time.
    public func run(_ job: RunningJob) async -> JobOutcome {
        guard let id = job.job.subject?.of(WebhookDelivery.self) else {
            return .failed(
                JobFailure(code: "malformed", message: "The job names no delivery."), retry: .never)
        }
        do {
            guard let (delivery, webhook) = try known(id) else { return .cancelled }
            let now = ports.clock.now()
            switch delivery.state {
            case .delivered, .failed: return .completed
            case .pending(let next) where next > now: return .snoozed(until: next)
            case .pending: break
            }
            guard let address = delivery.address(by: webhook) else { return try await abandon(id, by: job) }
            let receiver = DeliverySlots.Receiver(owner: delivery.owner, host: address.host)
            if let place = slots.enter(receiver, at: now) { return .snoozed(until: place) }
            defer { slots.leave(receiver, at: ports.clock.now()) }
            let reply = try await reply(to: delivery, webhook, at: address, now: now)
            let attempt = WebhookAttempt(at: now, duration: ports.clock.now() - now, reply: reply)
            return try await keep(attempt, of: id, by: job)
        } catch {
            if job.stopReason != nil || error as? JobError == .calledOff { return .cancelled }
            return .failed(
                JobFailure(code: "delivery_failed", message: "A delivery cannot be made now: \(error)"),
                retry: .byPolicy)
        }
    }

    /// The delivery, and the webhook that it goes to; nil when either is gone.
    private func known(_ id: Identifier<WebhookDelivery>) throws -> (WebhookDelivery, Webhook?)? {
        try ports.store.read { reader in
            guard let delivery = try reader.webhooks.delivery(id) else { return nil }
            guard case .webhook(let id) = delivery.target else { return (delivery, nil) }
            return try reader.webhooks.find(id).map { (delivery, $0) }
        }
    }

    private func reply(
        to delivery: WebhookDelivery, _ webhook: Webhook?, at address: WebhookAddress, now: Timestamp
    ) async throws -> WebhookReply {
        let secrets: [WebhookSecret]
        do {
            secrets = try await self.secrets(of: delivery, webhook, at: now)
        } catch PortError.corrupt {
            return .unreachable("The secret cannot be read with the server's present key. Rotate it.")
        }
        let (id, seconds) = ("\(delivery.event.id)", now.milliseconds / 1000)
        let body = ports.encode(delivery.event)
        let content = WebhookSignature.content(of: id, at: seconds, body: body)
        return try await ports.sender.send(
            WebhookMessage(
                address: address,
                fields: [
                    "webhook-id": id, "webhook-timestamp": "\(seconds)",
                    "webhook-signature": WebhookSignature.field(
                        secrets.map { ports.secrets.tag(of: content, by: $0) }),
                ], body: body))
    }

    private func secrets(of delivery: WebhookDelivery, _ webhook: Webhook?, at now: Timestamp) async throws
        -> [WebhookSecret]
    {
        let (sealed, context): (SigningSecrets, String)
        if let webhook {
            (sealed, context) = (webhook.secrets, Webhook.context(of: webhook.id))
        } else {
            let known = try await ports.store.notifySecret(
                of: delivery.owner, or: ports.identifiers.make(), from: ports.secrets, at: now)
            (sealed, context) = (known.secrets, NotifySecret.context(of: known.id))
        }
        let signing = sealed.signing(at: now)
        // A former one that a lost key has sealed must not hold up what the present one signs.
        return try signing.prefix(1).map { try ports.secrets.open($0, context: context) }
            + signing.dropFirst().compactMap { try? ports.secrets.open($0, context: context) }
    }

    /// Keeps what came of an attempt, for the delivery and for the webhook.
    private func keep(_ attempt: WebhookAttempt, of id: Identifier<WebhookDelivery>, by job: RunningJob)
        async throws -> JobOutcome
    {
        let now = ports.clock.now()
        let chance = ports.random.next()
        let line: Identifier<AuditEntry> = ports.identifiers.make()
        return try await job.checkpoint { writer in
            guard var delivery = try writer.webhooks.delivery(id) else { return .cancelled }
            let verdict = delivery.note(attempt, at: now, chance: chance)
            try writer.webhookWriter.update(delivery)
            if case .webhook(let id) = delivery.target, var webhook = try writer.webhooks.find(id) {
                let former = webhook
                let reason = webhook.note(verdict, at: now)
                if webhook != former { try writer.webhookWriter.update(webhook) }
                if let reason {
                    try writer.auditWriter.append(
                        AuditEntry(
                            id: line, at: now, action: .webhookDisabled, initiator: .server,
                            subject: webhook.subject, address: nil, isSuccess: true, detail: reason.rawValue))
                }
            }
            if case .retried(let moment) = verdict { return .snoozed(until: moment) }
            return .completed
        }
    }

    /// Ends a delivery to a webhook that is switched off.
    private func abandon(_ id: Identifier<WebhookDelivery>, by job: RunningJob) async throws -> JobOutcome {
        let now = ports.clock.now()
        try await job.write { writer in
            guard var delivery = try writer.webhooks.delivery(id) else { return }
            delivery.abandon(at: now)
            try writer.webhookWriter.update(delivery)
        }
        return .completed
    }
}

extension WebhookDelivery {
    /// Where it goes; nil when the webhook is switched off.
    fileprivate func address(by webhook: Webhook?) -> WebhookAddress? {
        switch target {
        case .webhook: webhook.flatMap { $0.state == .enabled ? $0.address : nil }
        case .task(_, let address): address
        }
    }
}
