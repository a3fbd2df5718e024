/// The durable store of all aggregates, read in snapshots and written in units of work.
public protocol Store: Sendable {
    /// Reads from one consistent snapshot, synchronously on the calling thread.
    ///
    /// The body must not suspend, and must not keep the reader.
    func read<Value>(_ body: (any StoreReader) throws -> Value) throws -> Value

    /// Changes several things as one: all of it is on disk when this returns, or none of it.
    ///
    /// The body runs on the store's own thread, possibly more than once (when the group of writes in which it
    /// was first tried had to be rolled back), so it must have no effect beyond the writer it is given. When
    /// it throws, nothing of it stays and the error is thrown here.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) async throws -> Value

    /// Like ``write(_:)``, but ahead of all writes that wait, and blocking the calling thread.
    ///
    /// Only for a thread of one's own, such as the one that renews leases: never call it from a task.
    func writeFirst<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) throws -> Value

    /// Calls `changed` after each commit, by this process or another, from some thread, until the
    /// observation is let go; several commits may be told as one.
    ///
    /// A commit of this process is told before its ``write(_:)`` returns.
    func observe(_ changed: @escaping @Sendable () -> Void) -> any StoreObservation
}

/// Keeps an observer of a store registered for as long as it is held.
public protocol StoreObservation: AnyObject, Sendable {}

/// A consistent view of the store; valid only inside the body that it was given to.
public protocol StoreReader {
    /// The tasks.
    var tasks: any VideoTaskReader { get }
    /// The clips of the tasks.
    var clips: any ClipReader { get }
    /// What people handed in.
    var uploads: any UploadReader { get }
    /// What the stages of a task have found out.
    var documents: any TaskDocumentReader { get }
    /// What has happened to the tasks.
    var notices: any TaskNoticeReader { get }
    /// Answers that are replayed to repeated requests.
    var answers: any StoredAnswerReader { get }
    /// The jobs.
    var jobs: any JobReader { get }
    /// The users.
    var users: any UserReader { get }
    /// Their stays.
    var sessions: any SessionReader { get }
    /// Their API keys.
    var keys: any APIKeyReader { get }
    /// Invitations to sign up.
    var invitations: any InvitationReader { get }
    /// Tokens that were mailed.
    var mailedTokens: any MailedTokenReader { get }
    /// Failed attempts to sign in.
    var throttles: any SignInThrottleReader { get }
    /// The users' credits.
    var credits: any CreditReader { get }
    /// The plans.
    var tiers: any TierReader { get }
    /// The audit trail.
    var audit: any AuditReader { get }
    /// What has happened to users.
    var accountEvents: any AccountEventReader { get }
    /// How users want their clips.
    var preferences: any PreferencesReader { get }
    /// What administrators have set.
    var settings: any SettingReader { get }
    /// How the configuration came to be what it is.
    var revisions: any RevisionReader { get }
    /// The webhooks and what is delivered.
    var webhooks: any WebhookReader { get }
    /// From where nothing is served.
    var bans: any BanReader { get }
}

/// The store inside a unit of work; valid only inside the body that it was given to.
public protocol StoreWriter: StoreReader {
    /// The tasks, to be changed.
    var taskWriter: any VideoTaskWriter { get }
    /// The clips, to be changed.
    var clipWriter: any ClipWriter { get }
    /// What people handed in, to be changed.
    var uploadWriter: any UploadWriter { get }
    /// What the stages found out, to be changed.
    var documentWriter: any TaskDocumentWriter { get }
    /// What has happened to the tasks, to be added to.
    var noticeWriter: any TaskNoticeWriter { get }
    /// Stored answers, to be added to.
    var answerWriter: any StoredAnswerWriter { get }
    /// The jobs, to be changed.
    var jobWriter: any JobWriter { get }
    /// The users, to be changed.
    var userWriter: any UserWriter { get }
    /// Their stays, to be changed.
    var sessionWriter: any SessionWriter { get }
    /// Their API keys, to be changed.
    var keyWriter: any APIKeyWriter { get }
    /// Invitations, to be changed.
    var invitationWriter: any InvitationWriter { get }
    /// Tokens that were mailed, to be changed.
    var mailedTokenWriter: any MailedTokenWriter { get }
    /// Failed attempts to sign in, to be counted.
    var throttleWriter: any SignInThrottleWriter { get }
    /// The users' credits, to be changed.
    var creditWriter: any CreditWriter { get }
    /// The plans, to be changed.
    var tierWriter: any TierWriter { get }
    /// The audit trail, to be added to.
    var auditWriter: any AuditWriter { get }
    /// What has happened to users, to be added to.
    var accountEventWriter: any AccountEventWriter { get }
    /// The webhooks and what is delivered, to be changed.
    var webhookWriter: any WebhookWriter { get }
    /// To whom things belong, to be changed.
    var ownershipWriter: any OwnershipWriter { get }
    /// How users want their clips, to be changed.
    var preferencesWriter: any PreferencesWriter { get }
    /// What administrators have set, to be changed.
    var settingWriter: any SettingWriter { get }
    /// How the configuration came to be what it is, to be added to.
    var revisionWriter: any RevisionWriter { get }
    /// From where nothing is served, to be changed.
    var banWriter: any BanWriter { get }
}
