import Domain

extension StoreWriter {
    /// Writes down the deliveries that follow from a task's events, each with its job.
    ///
    /// Nothing here is made by chance: a unit of work that runs twice, or a clip that is announced twice, leads to the
    /// same deliveries, and those that are there already stay as they are.
    ///
    /// - Parameter moment: When it happened; nil for what a task knows itself.
    func post(_ events: [VideoTaskEvent], of task: VideoTask, at moment: Timestamp?) throws {
        for event in events {
            switch event {
            case .statusChanged: continue
            case .closed:
                let endpoints = try webhooks.all(of: task.owner).filter { $0.state == .enabled }
                guard !endpoints.isEmpty || task.options.notifyAddress != nil,
                    let end = WebhookEvent(endOf: task, clips: try wholeClips(of: task))
                else { continue }
                try post(end, to: endpoints, of: task.owner)
                if let address = task.options.notifyAddress {
                    try post(end, to: .task(task.id, address), of: task.owner)
                }
            case .clipReady(let clip):
                let endpoints = try webhooks.all(of: task.owner).filter { $0.takes(.clipReady) }
                guard !endpoints.isEmpty, let moment,
                    try clips.find(clip, of: task.id)?.renditions.isEmpty == false
                else { continue }
                let ready = WebhookEvent(
                    ready: clip, of: task, clips: try wholeClips(of: task), at: moment)
                try post(ready, to: endpoints, of: task.owner)
            }
        }
    }

    /// Writes down a delivery with its job, unless it is there.
    func post(_ delivery: WebhookDelivery) throws {
        guard try webhookWriter.insert(delivery) else { return }
        try enqueue(DeliverWebhook.job(for: delivery))
    }

    private func post(_ event: WebhookEvent, to endpoints: [Webhook], of owner: Identifier<User>) throws {
        for endpoint in endpoints where endpoint.takes(event.kind) {
            try post(event, to: .webhook(endpoint.id), of: owner)
        }
    }

    private func post(
        _ event: WebhookEvent, to target: WebhookDelivery.Target, of owner: Identifier<User>
    ) throws {
        try post(
            WebhookDelivery(
                id: .derived(from: [event.id.high, event.id.low] + target.words, at: event.at), owner: owner,
                target: target, event: event, at: event.at))
    }

    private func wholeClips(of task: VideoTask) throws -> Int {
        try clips.all(of: task.id).count { !$0.renditions.isEmpty }
    }
}

extension StoreReader {
    /// A webhook of the caller's own; someone else's is not there.
    ///
    /// - Throws: ``NotFound/webhook``.
    func webhook(_ id: Identifier<Webhook>, of caller: Caller) throws -> Webhook {
        guard let webhook = try webhooks.find(id), caller.owns(webhook.owner) else { throw NotFound.webhook }
        return webhook
    }

    /// A delivery of the caller's own to a webhook or a task's address.
    ///
    /// What a task that was deleted had to tell is still delivered, and no longer shown.
    ///
    /// - Throws: ``NotFound/delivery``, ``NotFound/task``.
    func delivery(
        _ id: Identifier<WebhookDelivery>, to receiver: WebhookReceiver, of caller: Caller
    ) throws -> WebhookDelivery {
        if case .task(let id) = receiver { _ = try task(id, of: caller) }
        guard let delivery = try webhooks.delivery(id), caller.owns(delivery.owner),
            receiver.gets(delivery)
        else { throw NotFound.delivery }
        return delivery
    }
}

extension WebhookDelivery.Target {
    /// What tells it from other targets of the same event.
    fileprivate var words: [UInt64] {
        switch self {
        case .webhook(let id): [1, id.high, id.low]
        case .task(let id, _): [2, id.high, id.low]
        }
    }
}
