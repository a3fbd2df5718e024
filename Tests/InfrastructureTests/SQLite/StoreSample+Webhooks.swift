import Domain

extension StoreSample {
    static func webhook(_ number: Int) throws -> Webhook {
        var webhook = try Webhook.make(
            id: id(number), owner: User.local, address: WebhookAddress(stored: "https://a.example/hook"),
            description: "Hook", events: [.taskCompleted, .clipReady], isEnabled: true, secret: [1, 2, 3],
            present: 0, at: now)
        webhook.rotate(to: [4, 5, 6], at: now)
        _ = webhook.note(.gone, at: now)
        return webhook
    }

    static func delivery(_ number: Int, about task: VideoTask? = nil) -> WebhookDelivery {
        let facts = WebhookEvent.TaskFacts(id: id(1), status: .failed, clips: 2, failure: "not_media")
        let target: WebhookDelivery.Target =
            task.map { .task($0.id, WebhookAddress(stored: "https://a.example/done")) } ?? .webhook(id(1))
        var delivery = WebhookDelivery(
            id: id(number), owner: User.local, target: target,
            event: WebhookEvent(id: id(number), kind: .clipReady, at: now, subject: .clip(id(2), of: facts)),
            at: now)
        let reply = WebhookReply.answered(status: 503, body: [1, 2, 3], retryAfter: .seconds(9))
        _ = delivery.note(
            WebhookAttempt(at: now, duration: .milliseconds(7), reply: reply), at: now, chance: 0)
        return delivery
    }
}
