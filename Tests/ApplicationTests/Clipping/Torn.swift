import Application
import Domain

/// A store in which something about the clips of one task cannot be read.
final class Torn: Store {
    enum Part: CaseIterable, Sendable {
        case clip, notice
    }

    private let base: any Store
    private let part: Part
    private let task: Identifier<VideoTask>

    init(_ base: any Store, _ part: Part, of task: Identifier<VideoTask>) {
        self.base = base
        self.part = part
        self.task = task
    }

    func read<Value>(_ body: (any StoreReader) throws -> Value) throws -> Value {
        try base.read { try body(TornReader(base: $0, part: part, task: task)) }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) async throws -> Value {
        try await base.write(body)
    }

    func writeFirst<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) throws -> Value {
        try base.writeFirst(body)
    }

    func observe(_ changed: @escaping @Sendable () -> Void) -> any StoreObservation {
        base.observe(changed)
    }
}

private struct TornReader: StoreReader {
    let base: any StoreReader
    let part: Torn.Part
    let task: Identifier<VideoTask>

    var tasks: any VideoTaskReader { base.tasks }
    var clips: any ClipReader { part == .clip ? TornClips(base: base.clips, task: task) : base.clips }
    var uploads: any UploadReader { base.uploads }
    var documents: any TaskDocumentReader { base.documents }
    var notices: any TaskNoticeReader {
        part == .notice ? TornNotices(base: base.notices, task: task) : base.notices
    }
    var answers: any StoredAnswerReader { base.answers }
    var jobs: any JobReader { base.jobs }
    var users: any UserReader { base.users }
    var sessions: any SessionReader { base.sessions }
    var keys: any APIKeyReader { base.keys }
    var invitations: any InvitationReader { base.invitations }
    var mailedTokens: any MailedTokenReader { base.mailedTokens }
    var throttles: any SignInThrottleReader { base.throttles }
    var credits: any CreditReader { base.credits }
    var tiers: any TierReader { base.tiers }
    var audit: any AuditReader { base.audit }
    var accountEvents: any AccountEventReader { base.accountEvents }
    var preferences: any PreferencesReader { base.preferences }
    var settings: any SettingReader { base.settings }
    var revisions: any RevisionReader { base.revisions }
    var webhooks: any WebhookReader { base.webhooks }
    var bans: any BanReader { base.bans }
}

private struct TornClips: ClipReader {
    let base: any ClipReader
    let task: Identifier<VideoTask>

    func all(of task: Identifier<VideoTask>) throws -> [Clip] { try base.all(of: task) }

    func find(_ id: Identifier<Clip>, of task: Identifier<VideoTask>) throws -> Clip? {
        if task == self.task { throw PortError.corrupt("torn") }
        return try base.find(id, of: task)
    }
}

private struct TornNotices: TaskNoticeReader {
    let base: any TaskNoticeReader
    let task: Identifier<VideoTask>

    func notices(of task: Identifier<VideoTask>, after number: Int64, limit: Int) throws -> [NumberedNotice] {
        try whole(base.notices(of: task, after: number, limit: limit))
    }

    func notices(after number: Int64, limit: Int) throws -> [NumberedNotice] {
        try whole(base.notices(after: number, limit: limit))
    }

    func latestNumber() throws -> Int64 { try base.latestNumber() }

    private func whole(_ notices: [NumberedNotice]) throws -> [NumberedNotice] {
        for notice in notices where notice.task == task {
            if case .clipReady = notice.notice { throw PortError.corrupt("torn") }
        }
        return notices
    }
}
