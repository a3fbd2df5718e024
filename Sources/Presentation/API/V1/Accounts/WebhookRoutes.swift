internal import Application
internal import Domain

/// Looking after webhooks, and after what is delivered.
struct WebhookRoutes: Sendable {
    private let can: WebhookCapabilities
    private let callers: @Sendable (Scope) -> Access<Caller>

    init(_ capabilities: Capabilities) {
        can = capabilities.webhooks
        callers = capabilities.callers
    }

    var all: [Route] {
        [create, list, show, edit, delete, rotate, test, notifySecret, rotateNotifySecret]
            + deliveries(
                "/api/v1/webhooks/{id}/deliveries", ("WebhookDelivery", "WebhookDeliveries"),
                Parameters.webhook
            ) {
                .webhook($0)
            }
            + deliveries(
                "/api/v1/tasks/{id}/notifications", ("TaskNotification", "TaskNotifications"), Parameters.task
            ) {
                .task($0)
            }
    }

    private static let links = [
        "getWebhook", "editWebhook", "rotateWebhookSecret", "testWebhook", "listWebhookDeliveries",
        "deleteWebhook",
    ].map { Link(to: $0, [("id", "$response.body#/id")]) }

    private var create: Route {
        Route(
            .post, "/api/v1/webhooks", for: callers(.webhooksWrite),
            Operation(
                "createWebhook", tag: "webhooks", "Have events delivered to an address",
                doc: """
                    The secret stands in this answer alone. A receiver is sent a WebhookEvent by POST, signed as in \
                    Standard Webhooks, and again for a day and a half unless it answers 2xx within 15 seconds.
                    """,
                responses: [.json(.created, "The webhook.", WebhookWire.issued, links: Self.links)],
                problems: [.tooManyWebhooks], messages: [DeliveryWire.event.schema]),
            json: WebhookWire.order
        ) { call, caller, _, order in
            .secret(
                .created, WebhookWire.issued, try await can.create(order, by: caller, from: call.origin))
        }
    }

    private var list: Route {
        Route(
            .get, "/api/v1/webhooks", for: callers(.webhooksRead),
            Operation(
                "listWebhooks", tag: "webhooks", "List one's webhooks, newest first",
                responses: [.json(.ok, "The webhooks.", WebhookWire.list)])
        ) { _, caller in
            let webhooks = try can.list(by: caller)
            return .json(.ok, WebhookWire.list, webhooks, capacity: 512 * (webhooks.count + 1))
        }
    }

    private var show: Route {
        Route(
            .get, "/api/v1/webhooks/{id}", for: callers(.webhooksRead),
            Operation(
                "getWebhook", tag: "webhooks", "Show a webhook",
                responses: [.json(.ok, "The webhook.", WebhookWire.webhook)]),
            Parameters.webhook
        ) { _, caller, id in
            .json(.ok, WebhookWire.webhook, try can.get(id, by: caller))
        }
    }

    private var edit: Route {
        Route(
            .patch, "/api/v1/webhooks/{id}", for: callers(.webhooksWrite),
            Operation(
                "editWebhook", tag: "webhooks", "Change where events go, which ones, and whether",
                responses: [.json(.ok, "The webhook.", WebhookWire.webhook)], problems: [.conflict]),
            Parameters.webhook, json: WebhookWire.patch
        ) { call, caller, _, edit, id in
            .json(.ok, WebhookWire.webhook, try await can.edit(id, edit, by: caller, from: call.origin))
        }
    }

    private var delete: Route {
        Route(
            .delete, "/api/v1/webhooks/{id}", for: callers(.webhooksWrite),
            Operation(
                "deleteWebhook", tag: "webhooks", "Remove a webhook with the log of its deliveries",
                responses: [ResponseDeclaration(.noContent, "It is gone.")]),
            Parameters.webhook
        ) { call, caller, id in
            try await can.delete(id, by: caller, from: call.origin)
            return HTTPResponse(.noContent)
        }
    }

    private var rotate: Route {
        Route(
            .post, "/api/v1/webhooks/{id}/rotate", for: callers(.webhooksWrite),
            Operation(
                "rotateWebhookSecret", tag: "webhooks", "Sign with another secret",
                doc: "For 24 hours deliveries carry a signature by the former secret as well.",
                responses: [.json(.ok, "The webhook with its new secret.", WebhookWire.issued)],
                problems: [.conflict]),
            Parameters.webhook
        ) { call, caller, id in
            .secret(.ok, WebhookWire.issued, try await can.rotate(id, by: caller, from: call.origin))
        }
    }

    private var test: Route {
        Route(
            .post, "/api/v1/webhooks/{id}/test", for: callers(.webhooksWrite),
            Operation(
                "testWebhook", tag: "webhooks", "Send a ping, to try whether events arrive",
                responses: [
                    .json(
                        .accepted, "The delivery of the ping.", DeliveryWire.delivery,
                        links: ["getWebhookDelivery", "replayWebhookDelivery"].map {
                            Link(
                                to: $0, [("id", "$request.path.id"), ("delivery", "$response.body#/id")])
                        })
                ],
                problems: [.webhookDisabled]),
            Parameters.webhook
        ) { _, caller, id in
            .json(.accepted, DeliveryWire.delivery, try await can.test(id, by: caller))
        }
    }

    private var notifySecret: Route {
        Route(
            .post, "/api/v1/notify-secret", for: callers(.webhooksWrite),
            Operation(
                "getNotifySecret", tag: "webhooks", "Show what signs deliveries to the notify_url of tasks",
                doc: "It is made when it is first needed, and is the same for all of one's tasks.",
                responses: [.json(.ok, "The secret.", WebhookWire.notifySecret)])
        ) { _, caller in
            .secret(.ok, WebhookWire.notifySecret, try await can.getNotifySecret(by: caller))
        }
    }

    private var rotateNotifySecret: Route {
        Route(
            .post, "/api/v1/notify-secret/rotate", for: callers(.webhooksWrite),
            Operation(
                "rotateNotifySecret", tag: "webhooks",
                "Sign deliveries to the notify_url of tasks with another secret",
                doc: "For 24 hours deliveries carry a signature by the former secret as well.",
                responses: [.json(.ok, "The new secret.", WebhookWire.notifySecret)])
        ) { call, caller in
            .secret(
                .ok, WebhookWire.notifySecret,
                try await can.rotateNotifySecret(by: caller, from: call.origin))
        }
    }
}

// MARK: - What is delivered

extension WebhookRoutes {
    /// The routes of what is delivered to a webhook, or to the notify_url of a task.
    ///
    /// - Parameter names: What the operations are called by, of one and of several.
    private func deliveries<Subject>(
        _ path: String, _ names: (one: String, several: String),
        _ parameter: Parameter<Identifier<Subject>>,
        _ receiver: @escaping @Sendable (Identifier<Subject>) -> WebhookReceiver
    ) -> [Route] {
        [
            Route(
                .get, path, for: callers(.webhooksRead),
                Operation(
                    "list\(names.several)", tag: "webhooks",
                    "List what was sent there, newest first",
                    responses: [
                        .json(
                            .ok, "A page of deliveries.", DeliveryWire.page,
                            links: ["get", "replay"].map { verb in
                                Link(
                                    to: "\(verb)\(names.one)",
                                    [
                                        ("id", "$request.path.id"),
                                        ("delivery", "$response.body#/items/0/id"),
                                    ])
                            })
                    ]),
                parameter, Parameters.limit(), Parameters.cursor() as Parameter<Identifier<WebhookDelivery>?>
            ) { _, caller, id, limit, cursor in
                let page = try can.listDeliveries(
                    to: receiver(id), by: caller, limit: limit, before: cursor)
                return .json(.ok, DeliveryWire.page, page, capacity: 1024 * (page.items.count + 1))
            },
            Route(
                .get, "\(path)/{delivery}", for: callers(.webhooksRead),
                Operation(
                    "get\(names.one)", tag: "webhooks", "Show what became of a delivery",
                    responses: [.json(.ok, "The delivery.", DeliveryWire.delivery)]),
                parameter, Parameters.delivery
            ) { _, caller, id, delivery in
                .json(
                    .ok, DeliveryWire.delivery,
                    try can.getDelivery(delivery, to: receiver(id), by: caller))
            },
            Route(
                .post, "\(path)/{delivery}/replay", for: callers(.webhooksWrite),
                Operation(
                    "replay\(names.one)", tag: "webhooks", "Deliver an event once more",
                    doc: "It is another delivery of the same event, with the same webhook-id.",
                    responses: [.json(.accepted, "The new delivery.", DeliveryWire.delivery)],
                    problems: [.webhookDisabled]),
                parameter, Parameters.delivery
            ) { _, caller, id, delivery in
                .json(
                    .accepted, DeliveryWire.delivery,
                    try await can.replay(delivery, to: receiver(id), by: caller))
            },
        ]
    }
}
