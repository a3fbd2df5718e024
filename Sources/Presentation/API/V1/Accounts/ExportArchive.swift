internal import Application
internal import Domain

/// All that is stored about a user as the files of an archive, in the words of the API.
struct ExportArchive: ArchiveParts {
    private let export: AccountExport

    init(of export: AccountExport) {
        self.export = export
    }

    func next() throws -> ArchivePart? {
        guard let thing = try export.next() else { return nil }
        switch thing {
        case .profile(let user): return json("profile.json", UserWire.user, user)
        case .preferences(let chosen):
            return json("preferences.json", PreferencesWire.preferences, chosen)
        case .sessions(let sessions): return json("sessions.json", SessionWire.list, sessions)
        case .keys(let keys): return json("api-keys.json", KeyWire.list, keys)
        case .webhooks(let webhooks): return json("webhooks.json", WebhookWire.list, webhooks)
        case .deliveries(let deliveries, let webhook, let part):
            return json(
                "webhooks/\(webhook.id)/\(Self.digits(part)).json", .list(of: DeliveryWire.delivery),
                deliveries)
        case .notifications(let deliveries, let task):
            return json(
                "\(Self.folder(task))/notifications.json", .list(of: DeliveryWire.delivery), deliveries)
        case .credits(let entries, let part):
            return json("credits/\(Self.digits(part)).json", .list(of: CreditWire.entry), entries)
        case .audit(let entries, let part):
            let lines = entries.map { ExportWire.Line(entry: $0, reader: export.user) }
            return json("audit/\(Self.digits(part)).json", .list(of: ExportWire.line), lines)
        case .answers(let answers, let part):
            return json("answers/\(Self.digits(part)).json", .list(of: ExportWire.answer), answers)
        case .task(let details):
            return json(
                "\(Self.folder(details.task))/task.json", TaskWire.task, TaskWire.Shown(details))
        case .transcript(let transcript, let task):
            return json(
                "\(Self.folder(task))/transcript.json", TranscriptWire.transcript, transcript)
        case .clipFile(let file, let name, let task, let path):
            return ArchivePart(
                name: "\(Self.folder(task))/\(name)", content: .file(path: path, bytes: file.bytes),
                modified: task.completedAt ?? task.createdAt)
        case .upload(let upload):
            return json("uploads/\(upload.id)/upload.json", MediaWire.upload, upload)
        case .uploadFile(let upload, let path):
            // Beside “upload.json”, whatever it was called.
            return ArchivePart(
                name: "uploads/\(upload.id)/file/\(upload.filename.safeFilename)",
                content: .file(path: path, bytes: upload.file.bytes), modified: upload.createdAt)
        }
    }

    private func json<Value>(_ name: String, _ output: JSONOutput<Value>, _ value: Value) -> ArchivePart {
        ArchivePart(name: name, content: .bytes(output.encode(value)), modified: export.startedAt)
    }

    private static func folder(_ task: VideoTask) -> String { "tasks/\(task.id)" }

    /// A number whose order is that of its text.
    private static func digits(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 6 - text.count)) + text
    }
}

/// What only exports show.
enum ExportWire {
    /// A line of the audit trail, and who reads it.
    struct Line: Sendable {
        let entry: AuditEntry
        let reader: Identifier<User>

        /// From where it was done, unless someone else did it who may not want that known.
        fileprivate var address: NetworkAddress? {
            if case .user(let user) = entry.initiator, user != reader { return nil }
            return entry.address
        }

        fileprivate var initiator: Initiator {
            switch entry.initiator {
            case .user(reader): .you
            case .user: .someoneElse
            case .server: .server
            case .anonymous: .anonymous
            }
        }
    }

    fileprivate enum Initiator: String, CaseIterable, Sendable {
        case you
        case someoneElse = "someone_else"
        case server
        case anonymous
    }

    static let answer = JSONOutput<KeyedAnswer>.object(
        "KeptAnswer", "An answer that is kept for a day, in case its request is repeated.",
        [
            JSONField("key", .text, "The Idempotency-Key of the request.") { $0.key.key },
            JSONField("route", .text, "Where it was sent.") { $0.key.route },
            JSONField("status", .count, "How it was answered.") { $0.answer.status },
            JSONField("location", .text, "Where the thing that was made is found.") { $0.answer.location },
            JSONField("body", .text, "What was answered.") {
                String(decoding: $0.answer.body, as: UTF8.self)
            },
            JSONField("created_at", .moment, "When.") { $0.answer.createdAt },
        ])

    static let line = JSONOutput<Line>.object(
        "AuditLine", "Something that a user did, or that was done to the user.",
        [
            JSONField("id", .identifier(), "Its identifier.") { $0.entry.id },
            JSONField("at", .moment, "When it happened.") { $0.entry.at },
            JSONField("action", .name, "What was done.") { $0.entry.action },
            JSONField("by", .name, "Who did it.") { $0.initiator },
            JSONField("thing", .nullable(.text), "To what of the user's it was done.") { line in
                if case .thing(let kind, let id, _) = line.entry.subject { "\(kind) \(id)" } else { nil }
            },
            JSONField("address", .nullable(.text), "From where.") { $0.address.map { "\($0)" } },
            JSONField("success", .truth, "Whether it worked.") { $0.entry.isSuccess },
            JSONField("detail", .nullable(.text), "What else there is to say.") { $0.entry.detail },
        ])
}
