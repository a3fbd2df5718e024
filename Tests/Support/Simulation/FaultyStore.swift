import Application
import Domain
import Synchronization

/// A promise that a store can be made to break, to see that the simulation notices.
public enum StoreFault: CaseIterable, Sendable {
    /// A worker is shown a job as it was when this worker claimed it, whoever has it now.
    case fence
    /// Renewals are confirmed and forgotten.
    case renewal
    /// Unique keys are ignored.
    case uniqueKey
}

/// A store as one process sees it, with one promise broken.
final class FaultyStore: Store {
    fileprivate let base: any Store
    fileprivate let fault: StoreFault
    fileprivate let claimed = Mutex<[Identifier<Job>: Job]>([:])

    init(_ base: any Store, fault: StoreFault) {
        self.base = base
        self.fault = fault
    }

    func read<Value>(_ body: (any StoreReader) throws -> Value) throws -> Value {
        try base.read(body)
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) async throws -> Value {
        try await base.write { try body(FaultyWriter(base: $0, store: self)) }
    }

    func writeFirst<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) throws -> Value {
        try base.writeFirst { try body(FaultyWriter(base: $0, store: self)) }
    }

    func observe(_ changed: @escaping @Sendable () -> Void) -> any StoreObservation {
        base.observe(changed)
    }
}

private struct FaultyWriter: StoreWriter {
    let base: any StoreWriter
    let store: FaultyStore

    var tasks: any VideoTaskReader { base.tasks }
    var clips: any ClipReader { base.clips }
    var uploads: any UploadReader { base.uploads }
    var documents: any TaskDocumentReader { base.documents }
    var notices: any TaskNoticeReader { base.notices }
    var answers: any StoredAnswerReader { base.answers }
    var jobs: any JobReader { FaultyJobReader(base: base.jobs, store: store) }
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
    var taskWriter: any VideoTaskWriter { base.taskWriter }
    var clipWriter: any ClipWriter { base.clipWriter }
    var uploadWriter: any UploadWriter { base.uploadWriter }
    var documentWriter: any TaskDocumentWriter { base.documentWriter }
    var noticeWriter: any TaskNoticeWriter { base.noticeWriter }
    var answerWriter: any StoredAnswerWriter { base.answerWriter }
    var jobWriter: any JobWriter { FaultyJobWriter(base: base.jobWriter, store: store) }
    var userWriter: any UserWriter { base.userWriter }
    var sessionWriter: any SessionWriter { base.sessionWriter }
    var keyWriter: any APIKeyWriter { base.keyWriter }
    var invitationWriter: any InvitationWriter { base.invitationWriter }
    var mailedTokenWriter: any MailedTokenWriter { base.mailedTokenWriter }
    var throttleWriter: any SignInThrottleWriter { base.throttleWriter }
    var creditWriter: any CreditWriter { base.creditWriter }
    var tierWriter: any TierWriter { base.tierWriter }
    var auditWriter: any AuditWriter { base.auditWriter }
    var accountEventWriter: any AccountEventWriter { base.accountEventWriter }
    var webhookWriter: any WebhookWriter { base.webhookWriter }
    var ownershipWriter: any OwnershipWriter { base.ownershipWriter }
    var preferencesWriter: any PreferencesWriter { base.preferencesWriter }
    var settingWriter: any SettingWriter { base.settingWriter }
    var revisionWriter: any RevisionWriter { base.revisionWriter }
    var banWriter: any BanWriter { base.banWriter }
}

private struct FaultyJobReader: JobReader {
    let base: any JobReader
    let store: FaultyStore

    func find(_ id: Identifier<Job>) throws -> Job? {
        if store.fault == .fence, let stale = store.claimed.withLock({ $0[id] }) { return stale }
        return try base.find(id)
    }

    func page(
        of owner: Identifier<User>?, state: Job.State.Name?, limit: Int, before cursor: Identifier<Job>?
    ) throws -> Page<Job, Identifier<Job>> {
        try base.page(of: owner, state: state, limit: limit, before: cursor)
    }

    func counts(of owner: Identifier<User>?) throws -> [Job.State.Name: Int] { try base.counts(of: owner) }
    func unfinished(of subject: Identifier<Job.Subject>) throws -> [Job] { try base.unfinished(of: subject) }
    func nextDue(in queues: [String]) throws -> Timestamp? { try base.nextDue(in: queues) }
    func oldestAvailable() throws -> Timestamp? { try base.oldestAvailable() }
    func waiting(inQueuesNamed prefix: String, limit: Int) throws -> [Job] {
        try base.waiting(inQueuesNamed: prefix, limit: limit)
    }
    func held(by owner: Identifier<JobOwner>) throws -> [Job] { try base.held(by: owner) }
    func owners() throws -> [Identifier<JobOwner>] { try base.owners() }
    func expired(at now: Timestamp, limit: Int) throws -> [Job] { try base.expired(at: now, limit: limit) }
}

private struct FaultyJobWriter: JobWriter {
    let base: any JobWriter
    let store: FaultyStore

    func insert(_ job: Job) throws -> Job {
        guard store.fault == .uniqueKey else { return try base.insert(job) }
        return try base.insert(
            Job(
                id: job.id, owner: job.owner, kind: job.kind, subject: job.subject,
                arguments: job.arguments, queue: job.queue, priority: job.priority, uniqueKey: nil,
                failureLimit: job.failureLimit,
                createdAt: job.createdAt, dueAt: job.dueAt, state: job.state, attempt: job.attempt,
                failures: job.failures, interruptions: job.interruptions, progress: job.progress,
                log: job.log))
    }

    func claim(_ claim: JobClaim) throws -> [Job] {
        let jobs = try base.claim(claim)
        store.claimed.withLock { claimed in
            for job in jobs { claimed[job.id] = job }
        }
        return jobs
    }

    func renew(_ holds: [JobHold], until moment: Timestamp) throws -> Set<JobHold> {
        store.fault == .renewal ? Set(holds) : try base.renew(holds, until: moment)
    }

    func update(_ job: Job) throws { try base.update(job) }
    func record(_ progress: JobProgress, by hold: JobHold) throws { try base.record(progress, by: hold) }
    func delete(about subject: Identifier<Job.Subject>) throws { try base.delete(about: subject) }

    func forget(endedBefore moment: Timestamp, limit: Int) throws -> Int {
        try base.forget(endedBefore: moment, limit: limit)
    }
}
