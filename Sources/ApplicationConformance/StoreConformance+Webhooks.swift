import Application
import Domain

extension Sample {
    static func webhook(_ number: Int, of owner: Int = 1, at address: String = "https://a.example/x?y=ä")
        throws -> Webhook
    {
        try Webhook.make(
            id: id(number), owner: someone(owner), address: WebhookAddress(stored: address),
            description: "Über “\(number)”", events: [.taskFailed, .clipReady], isEnabled: true,
            secret: [0, 255, UInt8(number & 0x7F)], present: 0, at: now)
    }

    /// A webhook in every state, numbered from 1.
    static func webhooksInEveryState() throws -> [Webhook] {
        var off = try webhook(2)
        _ = try off.edit(Webhook.Edit(isEnabled: false), at: now)
        var gone = try webhook(3)
        _ = gone.note(.gone, at: now)
        var failing = try webhook(4)
        _ = failing.note(.failed, at: now - Webhook.patience)
        _ = failing.note(.failed, at: now)
        var rotated = try webhook(5)
        rotated.rotate(to: [9], at: now)
        _ = rotated.note(.retried(at: now), at: now)
        return [try webhook(1), off, gone, failing, rotated]
    }

    static func delivery(
        _ number: Int, of owner: Int = 1, to target: WebhookDelivery.Target, at moment: Timestamp = now
    ) -> WebhookDelivery {
        let facts = WebhookEvent.TaskFacts(id: id(7), status: .failed, clips: 3, failure: "not_media")
        let subjects: [WebhookEvent.Subject] = [
            .task(facts), .clip(id(8), of: facts), .webhook(id(9)),
            .task(WebhookEvent.TaskFacts(id: id(7), status: .completed, clips: 0)),
        ]
        let kinds = WebhookEvent.Kind.allCases
        return WebhookDelivery(
            id: id(number), owner: someone(owner), target: target,
            event: WebhookEvent(
                id: id(100 + number), kind: kinds[number % kinds.count], at: now,
                subject: subjects[number % subjects.count]),
            at: moment)
    }

    /// A delivery in every state, with every kind of reply.
    static func deliveriesInEveryState(to target: WebhookDelivery.Target) -> [WebhookDelivery] {
        let replies: [WebhookReply?] = [
            nil, .answered(status: 204, body: [], retryAfter: nil),
            .answered(status: 503, body: [0, 255], retryAfter: .seconds(7)),
            .answered(status: 410, body: Array("gone".utf8), retryAfter: nil),
            .unreachable("“Nobody” is there."),
        ]
        return replies.enumerated().map { index, reply in
            var delivery = delivery(20 + index, to: target)
            if let reply {
                let attempt = WebhookAttempt(at: now, duration: .milliseconds(1250), reply: reply)
                _ = delivery.note(attempt, at: now + .seconds(2), chance: 0)
            }
            return delivery
        }
    }
}

extension StoreConformance {
    static let webhooks: [ConformanceRule<any Store>] = [
        ConformanceRule("a webhook in any state is read back as it was written, newest first by owner") {
            store in
            let webhooks = try Sample.webhooksInEveryState()
            let other = try Sample.webhook(6, of: 2)
            try await store.write { writer in
                for webhook in webhooks + [other] { try writer.webhookWriter.insert(webhook) }
            }
            try store.read { reader in
                for webhook in webhooks {
                    try expect(try reader.webhooks.find(webhook.id), is: webhook, "a webhook")
                }
                try expect(
                    try reader.webhooks.all(of: Sample.someone(1)), is: webhooks.reversed(), "the webhooks")
                try expect(try reader.webhooks.all(of: Sample.someone(3)), is: [], "nobody's webhooks")
                try expect(try reader.webhooks.find(Sample.id(99)), is: nil, "no webhook")
            }
        },
        ConformanceRule("a webhook is added once, and replaced by later versions only") { store in
            var webhook = try Sample.webhook(1)
            let first = webhook
            try await store.write { try $0.webhookWriter.insert(first) }
            try await expect(throws: isConflict, "it was added twice") {
                try await store.write { try $0.webhookWriter.insert(first) }
            }
            try await expect(throws: isConflict, "it was replaced by the same version") {
                try await store.write { try $0.webhookWriter.update(first) }
            }
            webhook.rotate(to: [7], at: Sample.now)
            let second = webhook
            try await store.write { try $0.webhookWriter.update(second) }
            try expect(try store.read { try $0.webhooks.find(first.id) }, is: second, "the webhook")
        },
        ConformanceRule("what signs for a user's tasks is replaced, and is the user's alone") { store in
            var secret = NotifySecret(
                id: Sample.id(1), owner: Sample.someone(1), secrets: SigningSecrets(current: [0, 255]),
                createdAt: Sample.now)
            for _ in 0..<2 {
                let kept = secret
                try await store.write { try $0.webhookWriter.put(kept) }
                try store.read { reader in
                    try expect(
                        try reader.webhooks.notifySecret(of: Sample.someone(1)), is: kept, "the secret")
                    try expect(
                        try reader.webhooks.notifySecret(of: Sample.someone(2)), is: nil, "another's secret")
                }
                secret.rotate(to: [1], at: Sample.now + .seconds(5))
            }
        },
        ConformanceRule(
            "a delivery is read back as it was written, is added once, and follows what became of it"
        ) { store in
            let targets: [WebhookDelivery.Target] = [
                .webhook(Sample.id(1)),
                .task(Sample.id(2), WebhookAddress(stored: "https://b.example/ü")),
            ]
            for target in targets {
                let deliveries = Sample.deliveriesInEveryState(to: target)
                let fresh = deliveries.map { done in
                    WebhookDelivery(
                        id: done.id, owner: done.owner, target: done.target, event: done.event,
                        at: done.createdAt)
                }
                let added = try await store.write { writer in
                    try (fresh + fresh).map { try writer.webhookWriter.insert($0) }
                }
                try expect(
                    added, is: fresh.map { _ in true } + fresh.map { _ in false }, "what was added")
                try await store.write { writer in
                    for delivery in deliveries { try writer.webhookWriter.update(delivery) }
                    try writer.webhookWriter.update(Sample.delivery(99, to: target))
                }
                try store.read { reader in
                    for delivery in deliveries {
                        try expect(try reader.webhooks.delivery(delivery.id), is: delivery, "a delivery")
                    }
                    try expect(
                        try reader.webhooks.delivery(Sample.id(99)), is: nil, "one that was never added")
                }
                try await store.write { try $0.webhookWriter.forgetAll(of: Sample.someone(1)) }
            }
        },
        ConformanceRule("deliveries are paged newest first, by webhook and by task") { store in
            let (webhook, task): (Identifier<Webhook>, Identifier<VideoTask>) = (Sample.id(1), Sample.id(1))
            let address = WebhookAddress(stored: "https://b.example/")
            let sent = (0..<5).map { Sample.delivery(30 + $0, to: .webhook(webhook)) }
            let told = (0..<3).map { Sample.delivery(40 + $0, to: .task(task, address)) }
            let other = Sample.delivery(50, to: .webhook(Sample.id(2)))
            try await store.write { writer in
                for delivery in sent + told + [other] { _ = try writer.webhookWriter.insert(delivery) }
            }
            try store.read { reader in
                let first = try reader.webhooks.deliveries(to: webhook, limit: 3, before: nil)
                try expect(first.items, is: sent[2...].reversed(), "the first page")
                let second = try reader.webhooks.deliveries(to: webhook, limit: 3, before: first.next)
                try expect(second.items, is: sent[..<2].reversed(), "the second page")
                try expect(second.next, is: nil, "where a third page starts")
                let own = try reader.webhooks.deliveries(about: task, limit: 3, before: nil)
                try expect(own.items, is: told.reversed(), "the page of a task")
                try expect(own.next, is: nil, "where its second page starts")
            }
        },
        ConformanceRule("a webhook goes with its deliveries; what is someone else's stays when a user goes") {
            store in
            let (first, second) = (try Sample.webhook(1), try Sample.webhook(2, of: 2))
            let address = WebhookAddress(stored: "https://b.example/")
            let deliveries = [
                Sample.delivery(30, to: .webhook(first.id)),
                Sample.delivery(31, of: 2, to: .webhook(second.id)),
                Sample.delivery(32, to: .task(Sample.id(5), address)),
            ]
            let secret = NotifySecret(
                id: Sample.id(1), owner: Sample.someone(1), secrets: SigningSecrets(current: [1]),
                createdAt: Sample.now)
            try await store.write { writer in
                try writer.webhookWriter.insert(first)
                try writer.webhookWriter.insert(second)
                try writer.webhookWriter.put(secret)
                for delivery in deliveries { _ = try writer.webhookWriter.insert(delivery) }
                try writer.webhookWriter.delete(first.id)
            }
            func left() throws -> [Bool] {
                try store.read { reader in
                    try deliveries.map { try reader.webhooks.delivery($0.id) != nil }
                }
            }
            try expect(try left(), is: [false, true, true], "which deliveries are left")
            try expect(try store.read { try $0.webhooks.find(first.id) }, is: nil, "the webhook")
            try await store.write { try $0.webhookWriter.forgetAll(of: Sample.someone(1)) }
            try expect(try left(), is: [false, true, false], "which deliveries are left")
            try store.read { reader in
                try expect(
                    try reader.webhooks.notifySecret(of: Sample.someone(1)), is: nil, "the user's secret")
                try expect(try reader.webhooks.find(second.id), is: second, "another's webhook")
            }
        },
        ConformanceRule("everything of a user is handed over, what signs included") { store in
            let webhook = try Sample.webhook(1)
            let delivery = Sample.delivery(2, to: .webhook(webhook.id))
            let secret = NotifySecret(
                id: Sample.id(1), owner: Sample.someone(1), secrets: SigningSecrets(current: [1]),
                createdAt: Sample.now)
            try await store.write { writer in
                try writer.webhookWriter.insert(webhook)
                _ = try writer.webhookWriter.insert(delivery)
                try writer.webhookWriter.put(secret)
                try writer.ownershipWriter.handOver(
                    everythingOf: Sample.someone(1), to: Sample.someone(2))
            }
            try store.read { reader in
                try expect(
                    try reader.webhooks.all(of: Sample.someone(2)).map(\.secrets), is: [webhook.secrets],
                    "the heir's webhooks")
                try expect(
                    try reader.webhooks.delivery(delivery.id)?.owner, is: Sample.someone(2), "the owner")
                try expect(
                    try reader.webhooks.notifySecret(of: Sample.someone(2))?.id, is: secret.id, "the secret")
                try expect(
                    try reader.webhooks.notifySecret(of: Sample.someone(1)), is: nil, "the former's secret")
            }
        },
        ConformanceRule("old deliveries are forgotten, not more than asked") { store in
            let deliveries = (0..<5).map { age in
                Sample.delivery(60 + age, to: .webhook(Sample.id(1)), at: Sample.now - .seconds(age))
            }
            try await store.write { writer in
                for delivery in deliveries { _ = try writer.webhookWriter.insert(delivery) }
            }
            let forgotten = try await store.write { writer in
                [
                    try writer.webhookWriter.forgetDeliveries(before: Sample.now - .seconds(1), limit: 2),
                    try writer.webhookWriter.forgetDeliveries(before: Sample.now - .seconds(1), limit: 2),
                ]
            }
            try expect(forgotten, is: [2, 1], "how many were forgotten")
            let left = try store.read { reader in
                try deliveries.map { try reader.webhooks.delivery($0.id) != nil }
            }
            try expect(left, is: [true, true, false, false, false], "which are left")
        },
    ]
}
