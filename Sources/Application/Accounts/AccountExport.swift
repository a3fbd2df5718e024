public import Domain
import Synchronization

/// One thing that is stored about a user, as ``AccountExport`` comes to it.
public enum ExportedThing: Sendable {
    /// Who it is.
    case profile(User)
    /// How the user wants clips.
    case preferences(Preferences)
    /// Where the user was signed in, as far as that is remembered.
    case sessions([SessionListing])
    /// The user's API keys, void ones included.
    case keys([APIKey])
    /// The user's webhooks.
    case webhooks([Webhook])
    /// Some of what was delivered to a webhook, newest first; `part` counts from 1.
    case deliveries([WebhookDelivery], to: Webhook, part: Int)
    /// What was delivered to the address that a task names, newest first.
    case notifications([WebhookDelivery], of: VideoTask)
    /// Some entries of the ledger, newest first; `part` counts from 1.
    case credits([CreditEntry], part: Int)
    /// Some lines of the audit trail that concern the user, the latest first; `part` counts from 1.
    case audit([AuditEntry], part: Int)
    /// Some answers that are kept for repeated requests; `part` counts from 1.
    case answers([KeyedAnswer], part: Int)
    /// A task with its clips.
    case task(TaskDetails)
    /// What is said in a task's source.
    case transcript(Transcript, of: VideoTask)
    /// A file of one of a task's clips.
    case clipFile(MediaFile, name: String, of: VideoTask, path: String)
    /// Something that the user handed in.
    case upload(Upload)
    /// The file of what the user handed in.
    case uploadFile(Upload, path: String)
}

/// Walks through all that is stored about a user, in pieces that are read when they are asked for, so that memory
/// stays the same however much there is.
///
/// It is no snapshot: what changes meanwhile is as it is when the walk comes to it.
public final class AccountExport: Sendable {
    /// How many lines are read together.
    static let lineBatch = 500
    /// How many tasks or uploads are read together.
    static let batch = 20

    private enum Step {
        case person
        case webhooks
        case credits(before: Int?, part: Int)
        case audit(before: AuditPlace?, part: Int)
        case answers(after: IdempotencyKey?, part: Int)
        case tasks(before: Identifier<VideoTask>?)
        case uploads(after: Identifier<Upload>?)
        case end
    }

    /// What was found and not yet given out.
    private enum Pending {
        case thing(ExportedThing)
        case task(VideoTask)
        case transcript(of: VideoTask)
        case clipFiles(of: VideoTask)
        case notifications(of: VideoTask)
        case deliveries(to: Webhook, before: Identifier<WebhookDelivery>?, part: Int)
        case uploadFile(Upload)
    }

    private struct Walk {
        var step = Step.person
        /// The next last.
        var pending: [Pending] = []
    }

    /// When it was begun.
    public let startedAt: Timestamp
    private let caller: Caller
    private let store: any Store
    /// Where the files are; nil when they are not wanted.
    private let files: (any MediaStore)?
    private let walk = Mutex(Walk())

    /// Whose things they are.
    public var user: Identifier<User> { caller.user }

    init(of caller: Caller, at now: Timestamp, from store: any Store, files: (any MediaStore)?) {
        self.caller = caller
        startedAt = now
        self.store = store
        self.files = files
    }

    /// The next thing; nil at the end.
    ///
    /// One reader at a time asks, on whatever thread.
    ///
    /// - Throws: ``PortError`` when something cannot be read.
    public func next() throws -> ExportedThing? {
        try walk.withLock { walk in
            while true {
                while let pending = walk.pending.popLast() {
                    if let thing = try find(pending, &walk.pending) { return thing }
                }
                if case .end = walk.step { return nil }
                let step = walk.step
                let (found, next) = try store.read { try self.find(step, in: $0) }
                walk.pending = found.reversed()
                walk.step = next
            }
        }
    }

    /// What is found at a step, and the step after it.
    private func find(_ step: Step, in reader: any StoreReader) throws -> ([Pending], Step) {
        let user = caller.user
        switch step {
        case .person:
            return (try person(in: reader).map { .thing($0) }, .webhooks)
        case .webhooks:
            let webhooks = try reader.webhooks.all(of: user)
            return (
                [.thing(.webhooks(webhooks))]
                    + webhooks.map { .deliveries(to: $0, before: nil, part: 1) },
                .credits(before: nil, part: 1)
            )
        case .credits(let cursor, let part):
            let page = try reader.credits.entries(of: user, limit: Self.lineBatch, before: cursor)
            return (
                page.items.isEmpty ? [] : [.thing(.credits(page.items, part: part))],
                page.next.map { .credits(before: $0, part: part + 1) } ?? .audit(before: nil, part: 1)
            )
        case .audit(let place, let part):
            var filter = AuditFilter()
            filter.user = user
            let lines = try reader.audit.lines(filter, limit: Self.lineBatch, before: place)
            guard let last = lines.last else { return ([], .answers(after: nil, part: 1)) }
            return (
                [.thing(.audit(lines, part: part))],
                lines.count < Self.lineBatch
                    ? .answers(after: nil, part: 1) : .audit(before: AuditPlace(of: last), part: part + 1)
            )
        case .answers(let key, let part):
            let answers = try reader.answers.page(of: user, limit: Self.lineBatch, after: key)
            guard let last = answers.last else { return ([], .tasks(before: nil)) }
            return (
                [.thing(.answers(answers, part: part))],
                answers.count < Self.lineBatch
                    ? .tasks(before: nil) : .answers(after: last.key, part: part + 1)
            )
        case .tasks(let cursor):
            let page = try reader.tasks.page(of: user, status: nil, limit: Self.batch, before: cursor)
            let found = page.items.map(\.task).flatMap { task in
                [.task(task), .transcript(of: task), .notifications(of: task), .clipFiles(of: task)]
                    as [Pending]
            }
            return (found, page.next.map { .tasks(before: $0) } ?? .uploads(after: nil))
        case .uploads(let cursor):
            let uploads = try reader.uploads.page(of: user, limit: Self.batch, after: cursor)
            let found = uploads.flatMap { [.thing(.upload($0)), .uploadFile($0)] as [Pending] }
            return (found, uploads.count < Self.batch ? .end : .uploads(after: uploads.last?.id))
        case .end:
            return ([], .end)
        }
    }

    private func person(in reader: any StoreReader) throws -> [ExportedThing] {
        let sessions = try reader.sessions.all(of: caller.user).map { session in
            SessionListing(session: session, isCurrent: caller.means == .session(session.id))
        }
        return [
            .profile(try reader.user(caller.user)),
            .preferences(try reader.preferences.find(caller.user) ?? .ordinary), .sessions(sessions),
            .keys(try reader.keys.all(of: caller.user)),
        ]
    }

    /// What has come to its turn; nil for what is not there, or leads to more, which is added to `pending`.
    private func find(_ wanted: Pending, _ pending: inout [Pending]) throws -> ExportedThing? {
        switch wanted {
        case .thing(let thing):
            return thing
        case .task(let task):
            return .task(TaskDetails(task: task, clips: try clips(of: task)))
        case .transcript(let task):
            return try store.read { try $0.documents.transcript(of: task.id) }
                .map { .transcript($0, of: task) }
        case .notifications(let task):
            let page = try store.read {
                try $0.webhooks.deliveries(about: task.id, limit: Self.lineBatch, before: nil)
            }
            return page.items.isEmpty ? nil : .notifications(page.items, of: task)
        case .deliveries(let webhook, let cursor, let part):
            let page = try store.read {
                try $0.webhooks.deliveries(to: webhook.id, limit: Self.lineBatch, before: cursor)
            }
            if let next = page.next {
                pending.append(.deliveries(to: webhook, before: next, part: part + 1))
            }
            return page.items.isEmpty ? nil : .deliveries(page.items, to: webhook, part: part)
        case .clipFiles(let task):
            guard let files else { return nil }
            for clip in try clips(of: task).reversed() {
                for rendition in clip.renditions.reversed() {
                    guard let path = files.path(of: rendition.file.id) else { continue }
                    let name = clip.filename(rendition.format)
                    pending.append(.thing(.clipFile(rendition.file, name: name, of: task, path: path)))
                }
            }
            return nil
        case .uploadFile(let upload):
            return files?.path(of: upload.file.id).map { .uploadFile(upload, path: $0) }
        }
    }

    private func clips(of task: VideoTask) throws -> [Clip] {
        try store.read { try $0.clips.all(of: task.id) }
    }
}
