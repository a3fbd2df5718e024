internal import Application
internal import Domain

/// How webhooks and deliveries stand on the wire.
enum WebhookWire {
    /// Where events go, as people give it.
    static let address = JSONInput<WebhookAddress>(
        .string(
            length: 1...SourceAddress.greatestLength,
            pattern: #"^[hH][tT][tT][pP][sS]?://[A-Za-z0-9\[][!"$-.0->A-\[\]-~]*([/?#][!-~]*)?$"#)
    ) { document, pointer, faults in
        guard case .string(let text) = document else {
            faults.append(.wrongType(document, at: pointer, expected: "a string"))
            return nil
        }
        guard let address = WebhookAddress(text) else {
            faults.append(Fault(.body(pointer.text), .badFormat, WebhookAddress.expectation))
            return nil
        }
        return address
    }

    static let webhook = JSONOutput<Webhook>.object(
        "Webhook", "An address to which events are delivered.", fields { $0 })

    /// The only answer in which the secret stands.
    static let issued = JSONOutput<IssuedWebhook>.object(
        "IssuedWebhook", "A webhook with what its deliveries are signed with.",
        [
            JSONField("secret", .text, "What signs, as libraries for Standard Webhooks take it; told once.") {
                $0.secret.text
            }
        ] + fields(\.webhook))

    static let list = JSONOutput<[Webhook]>.list(of: webhook)

    private static func fields<Value>(_ take: @escaping @Sendable (Value) -> Webhook) -> [JSONField<Value>] {
        [
            JSONField("id", .identifier(), "Its identifier.") { take($0).id },
            JSONField("url", .text, "Where events go.", example: "https://example.org/hooks") {
                take($0).address.text
            },
            JSONField("description", .text, "What its owner wants to be reminded of.") {
                take($0).description
            },
            JSONField("events", .list(of: .name), "Which events.", example: ["task.completed"]) { value in
                WebhookEvent.Kind.allCases.filter(take(value).events.contains)
            },
            JSONField("enabled", .truth, "Whether events go there.") { take($0).state == .enabled },
            JSONField(
                "disabled_reason", .nullable(.name),
                "Why events do not go there: its owner, the receiver (410), or five days without success."
            ) { value in
                if case .disabled(let reason, _) = take(value).state { reason } else { nil }
            },
            JSONField("failing_since", .nullable(.moment), "Since when every attempt has failed.") {
                take($0).failingSince
            },
            JSONField(
                "former_secret_until", .nullable(.moment), "Until when the former secret signs too."
            ) { take($0).secrets.former?.until },
            JSONField("created_at", .moment, "When it was made.") { take($0).createdAt },
        ]
    }

    static let order: JSONInput<CreateWebhook.Command> = .object(
        "WebhookInput", "A webhook to be made.",
        JSONInputField<WebhookAddress>.required(
            "url", address, "Where events go: http or https, without a user or password.",
            example: "https://example.org/hooks"),
        JSONInputField<String>.optional(
            "description", description, "What its owner wants to be reminded of.", default: "", shown: ""),
        JSONInputField<[String]>.optional(
            "events", events, "Which events; all when it is missing.", example: ["task.completed"],
            default: subscribable),
        JSONInputField<Bool>.optional(
            "enabled", .truth, "Whether events go there from now on.", default: true, shown: true)
    ) { address, description, events, isEnabled throws(Faults) in
        CreateWebhook.Command(
            address: address, description: description, events: kinds(events), isEnabled: isEnabled)
    }

    static let patch: JSONInput<Webhook.Edit> = .object(
        "WebhookPatch", "What is changed; what is missing stays.",
        JSONInputField<WebhookAddress?>.optional(
            "url", .present(address), "Where events go.", default: nil),
        JSONInputField<String?>.optional(
            "description", .present(description), "What its owner wants to be reminded of.", default: nil),
        JSONInputField<[String]?>.optional("events", .present(events), "Which events.", default: nil),
        JSONInputField<Bool?>.optional("enabled", .present(.truth), "Whether events go there.", default: nil)
    ) { address, description, events, isEnabled throws(Faults) in
        Webhook.Edit(
            address: address, description: description, events: events.map(kinds), isEnabled: isEnabled)
    }

    static let notifySecret = JSONOutput<OpenedNotifySecret>.object(
        "NotifySecret", "What signs the deliveries to the notify_url of one's tasks.",
        [
            JSONField("secret", .text, "What signs, as libraries for Standard Webhooks take it.") {
                $0.secret.text
            },
            JSONField(
                "former_secret_until", .nullable(.moment), "Until when the former secret signs too."
            ) { $0.formerUntil },
            JSONField("created_at", .moment, "When it was made.") { $0.createdAt },
        ])

    private static let subscribable = WebhookEvent.Kind.allCases
        .filter(WebhookEvent.Kind.subscribable.contains).map(\.rawValue)
    private static let events = JSONInput<[String]>.list(
        of: .text(oneOf: subscribable), count: 1...subscribable.count, unique: true)
    /// No control characters, no line breaks, nothing that reverses the direction of what follows.
    private static let description = JSONInput<String>.text(
        length: Webhook.descriptionLength,
        pattern: #"^[^\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]*$"#
    ).checked { text in
        Webhook.isDescription(text) ? nil : (.badFormat, WebhookError.description.explanation)
    }.prose

    private static func kinds(_ names: [String]) -> Set<WebhookEvent.Kind> {
        Set(names.compactMap(WebhookEvent.Kind.init(rawValue:)))
    }
}

/// How deliveries, and what is delivered, stand on the wire.
enum DeliveryWire {
    static let delivery = JSONOutput<WebhookDelivery>.object(
        "WebhookDelivery", "An event on its way to one receiver.",
        [
            JSONField("id", .identifier(), "Its identifier; a replay has one of its own.") { $0.id },
            JSONField("event_id", .identifier(), "The event's identifier, sent as webhook-id.") {
                $0.event.id
            },
            JSONField("event", .name, "What happened.", example: "task.completed") { $0.event.kind },
            JSONField("status", .name, "Where it stands.", example: "delivered") { $0.state.name },
            JSONField("attempts", .count, "How often it was tried.", example: 1) { $0.attempts },
            JSONField("created_at", .moment, "When it was written down.") { $0.createdAt },
            JSONField("next_attempt_at", .nullable(.moment), "When it is tried again.") { delivery in
                if case .pending(let next) = delivery.state { next } else { nil }
            },
            JSONField("ended_at", .nullable(.moment), "When it was delivered or given up.") { delivery in
                switch delivery.state {
                case .pending: nil
                case .delivered(let moment), .failed(let moment): moment
                }
            },
            JSONField("last_attempt", .nullable(attempt), "The last attempt; null before the first.") {
                $0.last
            },
        ])

    static let page: JSONOutput<Page<WebhookDelivery, Identifier<WebhookDelivery>>> = PageWire.page(
        "WebhookDeliveryPage", "A page of deliveries, newest first.", of: delivery)

    private static let attempt = JSONOutput<WebhookAttempt>.object(
        "WebhookAttempt", "One attempt to deliver an event.",
        [
            JSONField("at", .moment, "When it began.") { $0.at },
            JSONField("seconds", .amount, "How long it took.", example: 0.25) { $0.duration.inSeconds },
            JSONField("response_status", .nullable(.count), "The status that was answered.", example: 204) {
                attempt in
                if case .answered(let status, _, _) = attempt.reply { status } else { nil }
            },
            JSONField(
                "response_body", .nullable(.text),
                "The first \(WebhookReply.bodyLimit) bytes of the answer, as text."
            ) { attempt in
                guard case .answered(_, let body, _) = attempt.reply else { return nil }
                return String(decoding: body, as: UTF8.self)
            },
            JSONField("error", .nullable(.text), "Why the receiver was not reached.") { attempt in
                if case .unreachable(let reason) = attempt.reply { reason } else { nil }
            },
        ])

    /// What a receiver is sent.
    static let event = JSONOutput<WebhookEvent>.object(
        "WebhookEvent", "What a receiver is sent, as Standard Webhooks has it.",
        [
            JSONField("type", .name, "What happened.", example: "task.completed") { $0.kind },
            JSONField("timestamp", .moment, "When it happened.") { $0.at },
            JSONField("data", data, "What it is about.") { $0.subject },
        ])

    private static let data = JSONOutput<WebhookEvent.Subject>.object(
        "WebhookEventData", "What an event is about; more is found at url.",
        [
            .optional("task_id", .identifier(), "The task.") { $0.task?.id },
            .optional("status", .name, "Where the task stood.", example: "completed") { $0.task?.status },
            .optional(
                "url", .address, "The task in this API, without scheme and host.",
                example: "/api/v1/tasks/01890a5d-ac96-774b-bcce-b302099a8057"
            ) { $0.task.map { TaskRoutes.address(of: $0.id) } },
            .optional("clip_count", .count, "How many clips were whole.", example: 3) { $0.task?.clips },
            .optional("error_code", .text, "Why the task failed.", example: "not_media") {
                $0.task?.failure
            },
            .optional("clip_id", .identifier(), "The clip that became whole.") { subject in
                if case .clip(let id, _) = subject { id } else { nil }
            },
            .optional("webhook_id", .identifier(), "The webhook that is tried.") { subject in
                if case .webhook(let id) = subject { id } else { nil }
            },
        ])
}

extension WebhookEvent.Subject {
    fileprivate var task: WebhookEvent.TaskFacts? {
        switch self {
        case .task(let facts), .clip(_, let facts): facts
        case .webhook: nil
        }
    }
}
