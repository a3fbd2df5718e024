import Application
import Domain

/// The part of a webhook that no query asks about.
struct WebhookRecord: VersionedRecord {
    static let recordVersion: UInt8 = 1

    let address: WebhookAddress
    let description: String
    let events: Set<WebhookEvent.Kind>
    let state: Webhook.State
    let secrets: SigningSecrets
    let failingSince: Timestamp?

    init(_ webhook: Webhook) {
        address = webhook.address
        description = webhook.description
        events = webhook.events
        state = webhook.state
        secrets = webhook.secrets
        failingSince = webhook.failingSince
    }

    init(from reader: inout RecordReader) throws {
        address = WebhookAddress(stored: try reader.string())
        description = try reader.string()
        events = Set(try reader.list { try $0.named() })
        let disabled = try reader.optional { reader in
            (reason: try reader.named(Webhook.State.Reason.self), at: try reader.timestamp())
        }
        state = disabled.map { .disabled($0.reason, at: $0.at) } ?? .enabled
        let current = try reader.blob()
        let former = try reader.optional { reader in
            SigningSecrets.Former(sealed: try reader.blob(), until: try reader.timestamp())
        }
        secrets = SigningSecrets(current: current, former: former)
        failingSince = try reader.optional { try $0.timestamp() }
    }

    func write(to writer: inout RecordWriter) {
        writer.put(address.text)
        writer.put(description)
        writer.put(events.map(\.rawValue).sorted()) { $0.put($1) }
        let disabled: (reason: Webhook.State.Reason, at: Timestamp)? =
            if case .disabled(let reason, let moment) = state { (reason, moment) } else { nil }
        writer.put(disabled) { writer, disabled in
            writer.put(disabled.reason.rawValue)
            writer.put(disabled.at)
        }
        writer.put(secrets.current)
        writer.put(secrets.former) { writer, former in
            writer.put(former.sealed)
            writer.put(former.until)
        }
        writer.put(failingSince) { $0.put($1) }
    }
}

/// The part of a delivery that no query asks about.
struct WebhookDeliveryRecord: VersionedRecord {
    static let recordVersion: UInt8 = 1

    let event: WebhookEvent
    let last: WebhookAttempt?

    init(_ delivery: WebhookDelivery) {
        event = delivery.event
        last = delivery.last
    }

    init(from reader: inout RecordReader) throws {
        event = try reader.value()
        last = try reader.optional { try $0.value() }
    }

    func write(to writer: inout RecordWriter) {
        writer.put(event)
        writer.put(last) { $0.put($1) }
    }
}

extension WebhookEvent: Recorded {
    init(from reader: inout RecordReader) throws {
        let id: Identifier<WebhookEvent> = try reader.value()
        let kind: Kind = try reader.named()
        let moment = try reader.timestamp()
        let subject: Subject
        switch try reader.string() {
        case "task": subject = .task(try reader.value())
        case "clip": subject = .clip(try reader.value(), of: try reader.value())
        case "webhook": subject = .webhook(try reader.value())
        case let other: throw PortError.corrupt("an event about '\(other)'")
        }
        self.init(id: id, kind: kind, at: moment, subject: subject)
    }

    func write(to writer: inout RecordWriter) {
        writer.put(id)
        writer.put(kind.rawValue)
        writer.put(at)
        switch subject {
        case .task(let facts):
            writer.put("task")
            writer.put(facts)
        case .clip(let clip, let facts):
            writer.put("clip")
            writer.put(clip)
            writer.put(facts)
        case .webhook(let webhook):
            writer.put("webhook")
            writer.put(webhook)
        }
    }
}

extension WebhookEvent.TaskFacts: Recorded {
    init(from reader: inout RecordReader) throws {
        self.init(
            id: try reader.value(), status: try reader.named(), clips: try reader.int(),
            failure: try reader.optional { try $0.string() })
    }

    func write(to writer: inout RecordWriter) {
        writer.put(id)
        writer.put(status.rawValue)
        writer.put(clips)
        writer.put(failure) { $0.put($1) }
    }
}

extension WebhookAttempt: Recorded {
    init(from reader: inout RecordReader) throws {
        let moment = try reader.timestamp()
        let duration = Duration.milliseconds(try reader.int())
        let answer = try reader.optional { reader in
            WebhookReply.answered(
                status: try reader.int(), body: try reader.blob(),
                retryAfter: try reader.optional { .milliseconds(try $0.int()) })
        }
        self.init(at: moment, duration: duration, reply: try answer ?? .unreachable(try reader.string()))
    }

    func write(to writer: inout RecordWriter) {
        writer.put(at)
        writer.put(Int(duration.wholeMilliseconds))
        switch reply {
        case .answered(let status, let body, let retryAfter):
            writer.put(true)
            writer.put(status)
            writer.put(body)
            writer.put(retryAfter) { $0.put(Int($1.wholeMilliseconds)) }
        case .unreachable(let reason):
            writer.put(false)
            writer.put(reason)
        }
    }
}
