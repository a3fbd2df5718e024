import Application
import Domain

/// The webhooks and what is delivered, in SQLite.
struct SQLiteWebhooks: WebhookReader, WebhookWriter {
    let session: SQLiteSession

    private static let columns: StaticString = "id, owner, version, created_at, record"
    private static let deliveryColumns: StaticString = """
        id, owner, webhook, task, address, created_at, state, state_at, attempts, record
        """
    private static let findOne = SQL("SELECT", columns, "FROM webhooks WHERE id = ?")
    private static let ofOwner = SQL("SELECT", columns, "FROM webhooks WHERE owner = ? ORDER BY id DESC")
    private static let findDelivery = SQL("SELECT", deliveryColumns, "FROM webhook_deliveries WHERE id = ?")
    private static let toWebhook = SQL(
        "SELECT", deliveryColumns,
        "FROM webhook_deliveries WHERE webhook = ? AND id < ? ORDER BY id DESC LIMIT ?")
    private static let aboutTask = SQL(
        "SELECT", deliveryColumns,
        "FROM webhook_deliveries WHERE task = ? AND id < ? ORDER BY id DESC LIMIT ?")

    func find(_ id: Identifier<Webhook>) throws -> Webhook? {
        try session.first(Self.findOne, id, as: Webhook.init(row:))
    }

    func all(of owner: Identifier<User>) throws -> [Webhook] {
        try session.all(Self.ofOwner, owner, as: Webhook.init(row:))
    }

    func notifySecret(of owner: Identifier<User>) throws -> NotifySecret? {
        try session.first(
            "SELECT id, created_at, current, former, former_until FROM notify_secrets WHERE owner = ?", owner
        ) { row in
            let id = row.next(Identifier<NotifySecret>.self)
            let createdAt = row.next(Timestamp.self)
            let current = row.next([UInt8].self)
            let former = row.next([UInt8]?.self)
            let until = row.next(Timestamp?.self)
            let replaced = former.flatMap { former in
                until.map { SigningSecrets.Former(sealed: former, until: $0) }
            }
            return NotifySecret(
                id: id, owner: owner, secrets: SigningSecrets(current: current, former: replaced),
                createdAt: createdAt)
        }
    }

    func delivery(_ id: Identifier<WebhookDelivery>) throws -> WebhookDelivery? {
        try session.first(Self.findDelivery, id, as: WebhookDelivery.init(row:))
    }

    func deliveries(
        to webhook: Identifier<Webhook>, limit: Int, before cursor: Identifier<WebhookDelivery>?
    ) throws -> Page<WebhookDelivery, Identifier<WebhookDelivery>> {
        let found = try session.all(
            Self.toWebhook, webhook, cursor ?? .last, limit + 1, as: WebhookDelivery.init(row:))
        return Page(upTo: limit, of: found) { $0.id }
    }

    func deliveries(
        about task: Identifier<VideoTask>, limit: Int, before cursor: Identifier<WebhookDelivery>?
    ) throws -> Page<WebhookDelivery, Identifier<WebhookDelivery>> {
        let found = try session.all(
            Self.aboutTask, task, cursor ?? .last, limit + 1, as: WebhookDelivery.init(row:))
        return Page(upTo: limit, of: found) { $0.id }
    }

    func insert(_ webhook: Webhook) throws {
        let added = try session.run(
            """
            INSERT INTO webhooks (id, owner, version, created_at, record) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (id) DO NOTHING
            """, webhook.id, webhook.owner, webhook.version, webhook.createdAt,
            WebhookRecord(webhook).record)
        guard added == 1 else { throw PortError.conflict("the webhook exists already") }
    }

    func update(_ webhook: Webhook) throws {
        let changed = try session.run(
            "UPDATE webhooks SET version = ?2, record = ?3 WHERE id = ?1 AND version < ?2", webhook.id,
            webhook.version, WebhookRecord(webhook).record)
        guard changed == 1 else { throw PortError.conflict("the webhook was changed meanwhile") }
    }

    func delete(_ id: Identifier<Webhook>) throws {
        try session.run("DELETE FROM webhook_deliveries WHERE webhook = ?", id)
        try session.run("DELETE FROM webhooks WHERE id = ?", id)
    }

    func put(_ secret: NotifySecret) throws {
        try session.run(
            """
            INSERT OR REPLACE INTO notify_secrets (owner, id, created_at, current, former, former_until)
            VALUES (?, ?, ?, ?, ?, ?)
            """, secret.owner, secret.id, secret.createdAt, secret.secrets.current,
            secret.secrets.former?.sealed, secret.secrets.former?.until)
    }

    func insert(_ delivery: WebhookDelivery) throws -> Bool {
        try session.run(
            """
            INSERT INTO webhook_deliveries (
                id, owner, webhook, task, address, created_at, state, state_at, attempts, record)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO NOTHING
            """,
            delivery.id, delivery.owner, delivery.target.webhook, delivery.target.task?.id,
            delivery.target.task?.address.text, delivery.createdAt, delivery.state.name.rawValue,
            delivery.state.moment, delivery.attempts, WebhookDeliveryRecord(delivery).record) == 1
    }

    func update(_ delivery: WebhookDelivery) throws {
        try session.run(
            "UPDATE webhook_deliveries SET state = ?, state_at = ?, attempts = ?, record = ? WHERE id = ?",
            delivery.state.name.rawValue, delivery.state.moment, delivery.attempts,
            WebhookDeliveryRecord(delivery).record, delivery.id)
    }

    func forgetAll(of owner: Identifier<User>) throws {
        try session.run("DELETE FROM webhook_deliveries WHERE owner = ?", owner)
        try session.run("DELETE FROM webhooks WHERE owner = ?", owner)
        try session.run("DELETE FROM notify_secrets WHERE owner = ?", owner)
    }

    func forgetDeliveries(before moment: Timestamp, limit: Int) throws -> Int {
        try session.run(
            """
            DELETE FROM webhook_deliveries WHERE number IN (
                SELECT number FROM webhook_deliveries WHERE created_at < ? ORDER BY created_at LIMIT ?)
            """, moment, limit)
    }
}

extension WebhookDelivery.Target {
    fileprivate var webhook: Identifier<Webhook>? {
        if case .webhook(let id) = self { id } else { nil }
    }

    fileprivate var task: (id: Identifier<VideoTask>, address: WebhookAddress)? {
        if case .task(let id, let address) = self { (id, address) } else { nil }
    }
}

extension WebhookDelivery.State {
    fileprivate var moment: Timestamp {
        switch self {
        case .pending(let moment), .delivered(let moment), .failed(let moment): moment
        }
    }

    fileprivate init(_ name: Name, at moment: Timestamp) {
        self =
            switch name {
            case .pending: .pending(next: moment)
            case .delivered: .delivered(at: moment)
            case .failed: .failed(at: moment)
            }
    }
}

extension Webhook {
    fileprivate init(row: inout Row) throws {
        let id = row.next(Identifier<Webhook>.self)
        let owner = row.next(Identifier<User>.self)
        let version = row.next(Int.self)
        let createdAt = row.next(Timestamp.self)
        let record = try row.nextRecord(WebhookRecord.self)
        self.init(
            id: id, owner: owner, address: record.address, description: record.description,
            events: record.events, state: record.state, secrets: record.secrets,
            failingSince: record.failingSince, createdAt: createdAt, version: version)
    }
}

extension WebhookDelivery {
    fileprivate init(row: inout Row) throws {
        let id = row.next(Identifier<WebhookDelivery>.self)
        let owner = row.next(Identifier<User>.self)
        let webhook = row.next(Identifier<Webhook>?.self)
        let task = row.next(Identifier<VideoTask>?.self)
        let address = row.next(String?.self)
        let createdAt = row.next(Timestamp.self)
        let state: State.Name = try RecordReader.named(row.next())
        let moment = row.next(Timestamp.self)
        let attempts = row.next(Int.self)
        let record = try row.nextRecord(WebhookDeliveryRecord.self)
        let target: Target
        switch (webhook, task, address) {
        case (let webhook?, nil, nil): target = .webhook(webhook)
        case (nil, let task?, let address?): target = .task(task, WebhookAddress(stored: address))
        default: throw PortError.corrupt("a delivery that leads nowhere")
        }
        self.init(
            id: id, owner: owner, target: target, event: record.event, createdAt: createdAt,
            state: State(state, at: moment), attempts: attempts, last: record.last)
    }
}
