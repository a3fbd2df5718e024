import Application
import Domain
import Testing

@Suite("Webhooks are looked after by their owner")
struct WebhookUseCaseTests {
    private let office = PostOffice()
    private let hook = "https://a.example/hook"

    @Test("what is someone else's is not there, and each use case needs its scope")
    func access() async throws {
        let webhook = try await office.webhook(hook).webhook
        let task = try await office.cancelTask(notifying: "https://b.example/")
        let delivery = try #require(try office.deliveries(to: webhook).first)
        let own = try #require(try office.notifications(of: task).first)
        let (desk, store, secrets) = (office.desk, office.store, office.secrets)
        let calls: [(Scope, NotFound?, @Sendable (Caller) async throws -> Void)] = [
            (.webhooksRead, nil, { _ = try ListWebhooks(store: store)(by: $0) }),
            (.webhooksRead, .webhook, { _ = try GetWebhook(store: store)(webhook.id, by: $0) }),
            (
                .webhooksRead, .webhook,
                { _ = try ListWebhookDeliveries(store: store)(to: .webhook(webhook.id), by: $0) }
            ),
            (
                .webhooksRead, .task,
                { _ = try ListWebhookDeliveries(store: store)(to: .task(task.id), by: $0) }
            ),
            (
                .webhooksRead, .delivery,
                { _ = try GetWebhookDelivery(store: store)(delivery.id, to: .webhook(webhook.id), by: $0) }
            ),
            (
                .webhooksRead, .task,
                { _ = try GetWebhookDelivery(store: store)(own.id, to: .task(task.id), by: $0) }
            ),
            (
                .webhooksWrite, .task,
                { _ = try await ReplayWebhookDelivery(desk: desk)(own.id, to: .task(task.id), by: $0) }
            ),
            (.webhooksWrite, .webhook, { _ = try await TestWebhook(desk: desk)(webhook.id, by: $0) }),
            (
                .webhooksWrite, .webhook,
                { _ = try await EditWebhook(desk: desk)(webhook.id, Webhook.Edit(), by: $0, from: .server) }
            ),
            (
                .webhooksWrite, .webhook,
                {
                    _ = try await RotateWebhookSecret(desk: desk, secrets: secrets)(
                        webhook.id, by: $0, from: .server)
                }
            ),
            (.webhooksWrite, nil, { _ = try await GetNotifySecret(desk: desk, secrets: secrets)(by: $0) }),
            (
                .webhooksWrite, nil,
                { _ = try await RotateNotifySecret(desk: desk, secrets: secrets)(by: $0, from: .server) }
            ),
            (
                .webhooksWrite, .webhook,
                { try await DeleteWebhook(desk: desk)(webhook.id, by: $0, from: .server) }
            ),
        ]
        for (scope, absence, call) in calls {
            let keys = Scope.forKeys.subtracting([scope])
            let key = Caller(
                user: User.local, role: .admin, means: .apiKey(Identifier(high: 1, low: 1), keys))
            await #expect(throws: AccessError.missingScope(scope)) { try await call(key) }
            if let absence {
                await #expect(throws: absence) { try await call(PostOffice.other) }
            } else {
                try await call(PostOffice.other)
            }
            try await call(.local)
        }
    }

    @Test("a secret is shown once; what is kept of it is sealed for that webhook alone")
    func secret() async throws {
        let issued = try await office.webhook(hook)
        let stored = try office.now(issued.webhook).secrets.current
        let context = Webhook.context(of: issued.webhook.id)
        #expect(try office.secrets.open(stored, context: context) == issued.secret)
        #expect(throws: PortError.self) { try office.secrets.open(stored, context: "webhook") }
        #expect(try await office.webhook(hook).secret != issued.secret)
    }

    @Test("a user has at most 20 webhooks, whoever else has some")
    func tooMany() async throws {
        for _ in 0..<Webhook.mostOfOne { try await office.webhook() }
        await #expect(throws: WebhookError.tooMany) { try await office.webhook() }
        try await office.webhook(by: PostOffice.other)
    }

    @Test("after a rotation deliveries carry signatures by both secrets for a day, then by the new one")
    func rotation() async throws {
        let former = try await office.webhook(hook)
        let rotated = try await RotateWebhookSecret(desk: office.desk, secrets: office.secrets)(
            former.webhook.id, by: .local, from: .server)
        for (pause, secrets) in [
            (Duration.zero, [rotated.secret, former.secret]), (SigningSecrets.grace, [rotated.secret]),
        ] {
            office.clock.advance(by: pause)
            _ = try await TestWebhook(desk: office.desk)(former.webhook.id, by: .local)
            try await office.deliver()
            let message = try #require(office.sender.messages.last)
            let content = WebhookSignature.content(
                of: try #require(message.fields["webhook-id"]),
                at: office.clock.now().milliseconds / 1000, body: message.body)
            let expected = secrets.map { office.secrets.tag(of: content, by: $0) }
            #expect(message.fields["webhook-signature"] == WebhookSignature.field(expected))
        }
    }

    @Test("what signs for the addresses of tasks is made when it is first needed, and stays")
    func notifySecret() async throws {
        let get = GetNotifySecret(desk: office.desk, secrets: office.secrets)
        try await office.cancelTask(notifying: "https://b.example/")
        try await office.deliver()
        let first = try await get(by: .local)
        #expect(try await get(by: .local).secret == first.secret && first.formerUntil == nil)
        #expect(try await get(by: PostOffice.other).secret != first.secret)
        let message = try #require(office.sender.messages.last)
        let content = WebhookSignature.content(
            of: try #require(message.fields["webhook-id"]), at: office.clock.now().milliseconds / 1000,
            body: message.body)
        let tag = office.secrets.tag(of: content, by: first.secret)
        #expect(message.fields["webhook-signature"] == WebhookSignature.field([tag]))
        let second = try await RotateNotifySecret(desk: office.desk, secrets: office.secrets)(
            by: .local, from: .server)
        #expect(second.secret != first.secret)
        #expect(second.formerUntil == office.clock.now() + SigningSecrets.grace)
    }

    @Test("a replay is another delivery of the same event; nothing goes to a webhook that is switched off")
    func replay() async throws {
        let webhook = try await office.webhook(hook).webhook
        let task = try await office.cancelTask(notifying: "https://b.example/")
        try await office.deliver()
        let former = try #require(try office.deliveries(to: webhook).first)
        let receiver = WebhookReceiver.webhook(webhook.id)
        let again = try await office.replay(former.id, to: receiver, by: .local)
        #expect(again.id != former.id && again.event == former.event && again.state.name == .pending)
        try await office.deliver()
        #expect(try office.deliveries(to: webhook).map(\.state.name) == [.delivered, .delivered])
        #expect(Set(office.sender.messages.map { $0.fields["webhook-id"] }).count == 1)
        let own = try #require(try office.notifications(of: task).first)
        _ = try await office.replay(own.id, to: .task(task.id), by: .local)
        #expect(try office.notifications(of: task).count == 2)
        await #expect(throws: NotFound.delivery) {
            try await office.replay(own.id, to: receiver, by: .local)
        }
        _ = try await EditWebhook(desk: office.desk)(
            webhook.id, Webhook.Edit(isEnabled: false), by: .local, from: .server)
        await #expect(throws: WebhookError.disabled) {
            try await office.replay(former.id, to: receiver, by: .local)
        }
        await #expect(throws: WebhookError.disabled) {
            try await TestWebhook(desk: office.desk)(webhook.id, by: .local)
        }
    }

    @Test("what is not delivered yet goes with its webhook, and with its owner")
    func removal() async throws {
        let first = try await office.webhook(hook).webhook
        try await office.webhook("https://b.example/")
        try await office.cancelTask(notifying: "https://c.example/")
        try await office.webhook("https://d.example/", by: PostOffice.other)
        try await DeleteWebhook(desk: office.desk)(first.id, by: .local, from: .server)
        #expect(try office.deliveries(to: first).isEmpty)
        let now = office.clock.now()
        try await office.store.write {
            try WebhookBelongings().remove(of: User.local, in: $0, at: now)
        }
        #expect(try await office.deliver() == [.cancelled, .cancelled, .cancelled])
        #expect(office.sender.messages.isEmpty)
        #expect(try ListWebhooks(store: office.store)(by: .local).isEmpty)
        #expect(try ListWebhooks(store: office.store)(by: PostOffice.other).count == 1)
    }

    @Test("deliveries are forgotten after thirty days")
    func forgotten() async throws {
        let webhook = try await office.webhook(hook).webhook
        try await office.cancelTask()
        try await office.deliver()
        let forget = ForgetOldRecords(store: office.store, clock: office.clock)
        office.clock.advance(by: WebhookDelivery.lifetime)
        #expect(try await forget().deliveries == 0)
        office.clock.advance(by: .milliseconds(1))
        #expect(try await forget().deliveries == 1)
        #expect(try office.deliveries(to: webhook).isEmpty)
    }

    @Test("whose secret cannot be opened any more learns it from the log of deliveries")
    func lostKey() async throws {
        let webhook = try await office.webhook(hook).webhook
        try await office.store.write { writer in
            guard var stored = try writer.webhooks.find(webhook.id) else { return }
            stored.rotate(to: [1, 2, 3], at: Timestamp(milliseconds: 0))
            try writer.webhookWriter.update(stored)
        }
        try await office.cancelTask()
        try await office.deliver()
        guard case .unreachable(let reason) = try office.deliveries(to: webhook).first?.last?.reply else {
            Issue.record("it was sent")
            return
        }
        #expect(reason.contains("Rotate"))
        #expect(office.sender.messages.isEmpty)
    }
}
