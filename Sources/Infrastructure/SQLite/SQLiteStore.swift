public import Application
import Domain

/// The durable store in one SQLite file.
public struct SQLiteStore: Store {
    /// The file beneath, for what only operators ask: backup, integrity, migration.
    package let database: SQLiteDatabase

    /// The store in `database`, whose schema is ``Migrations/all``.
    package init(database: SQLiteDatabase) {
        self.database = database
    }

    /// Opens the file at `path` or makes it; see ``SQLiteDatabase/init(path:migrations:fatal:)``.
    package init(
        path: String, fatal: @escaping @Sendable (SQLiteError) -> Void = SQLiteDatabase.endProcess
    ) throws {
        self.init(
            database: try SQLiteDatabase(path: path, migrations: Migrations.all, fatal: fatal))
    }

    /// Reads from one snapshot, on the calling thread.
    public func read<Value>(_ body: (any StoreReader) throws -> Value) throws -> Value {
        do {
            return try database.read { try body(SQLiteUnitOfWork(session: $0)) }
        } catch let error as SQLiteError {
            throw error.portError
        }
    }

    /// Changes several things as one, together with whoever else waits to write.
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.write { try body(SQLiteUnitOfWork(session: $0)) }
        } catch let error as SQLiteError {
            throw error.portError
        }
    }

    /// Changes several things as one, ahead of those who wait, while the calling thread stands still.
    public func writeFirst<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) throws -> Value {
        do {
            return try database.writeFirst { try body(SQLiteUnitOfWork(session: $0)) }
        } catch let error as SQLiteError {
            throw error.portError
        }
    }

    /// Calls `changed` after each group of commits of this process, and within 250 ms of another's.
    ///
    /// It is called on the writer's thread: it must be quick and must not write.
    public func observe(_ changed: @escaping @Sendable () -> Void) -> any StoreObservation {
        database.observe(changed)
    }
}

/// All repositories over one session.
private struct SQLiteUnitOfWork: StoreWriter {
    let session: SQLiteSession

    var tasks: any VideoTaskReader { SQLiteVideoTasks(session: session) }
    var clips: any ClipReader { SQLiteClips(session: session) }
    var uploads: any UploadReader { SQLiteUploads(session: session) }
    var documents: any TaskDocumentReader { SQLiteTaskDocuments(session: session) }
    var notices: any TaskNoticeReader { SQLiteTaskNotices(session: session) }
    var answers: any StoredAnswerReader { SQLiteStoredAnswers(session: session) }
    var jobs: any JobReader { SQLiteJobs(session: session) }
    var users: any UserReader { SQLiteUsers(session: session) }
    var sessions: any SessionReader { SQLiteSessions(session: session) }
    var keys: any APIKeyReader { SQLiteAPIKeys(session: session) }
    var invitations: any InvitationReader { SQLiteInvitations(session: session) }
    var mailedTokens: any MailedTokenReader { SQLiteMailedTokens(session: session) }
    var throttles: any SignInThrottleReader { SQLiteSignInThrottles(session: session) }
    var credits: any CreditReader { SQLiteCredits(session: session) }
    var tiers: any TierReader { SQLiteTiers(session: session) }
    var audit: any AuditReader { SQLiteAudit(session: session) }
    var accountEvents: any AccountEventReader { SQLiteAccountEvents(session: session) }
    var preferences: any PreferencesReader { SQLitePreferences(session: session) }
    var settings: any SettingReader { SQLiteSettings(session: session) }
    var revisions: any RevisionReader { SQLiteRevisions(session: session) }
    var webhooks: any WebhookReader { SQLiteWebhooks(session: session) }
    var bans: any BanReader { SQLiteBans(session: session) }

    var taskWriter: any VideoTaskWriter { SQLiteVideoTasks(session: session) }
    var clipWriter: any ClipWriter { SQLiteClips(session: session) }
    var uploadWriter: any UploadWriter { SQLiteUploads(session: session) }
    var documentWriter: any TaskDocumentWriter { SQLiteTaskDocuments(session: session) }
    var noticeWriter: any TaskNoticeWriter { SQLiteTaskNotices(session: session) }
    var answerWriter: any StoredAnswerWriter { SQLiteStoredAnswers(session: session) }
    var jobWriter: any JobWriter { SQLiteJobs(session: session) }
    var userWriter: any UserWriter { SQLiteUsers(session: session) }
    var sessionWriter: any SessionWriter { SQLiteSessions(session: session) }
    var keyWriter: any APIKeyWriter { SQLiteAPIKeys(session: session) }
    var invitationWriter: any InvitationWriter { SQLiteInvitations(session: session) }
    var mailedTokenWriter: any MailedTokenWriter { SQLiteMailedTokens(session: session) }
    var throttleWriter: any SignInThrottleWriter { SQLiteSignInThrottles(session: session) }
    var creditWriter: any CreditWriter { SQLiteCredits(session: session) }
    var tierWriter: any TierWriter { SQLiteTiers(session: session) }
    var auditWriter: any AuditWriter { SQLiteAudit(session: session) }
    var accountEventWriter: any AccountEventWriter { SQLiteAccountEvents(session: session) }
    var webhookWriter: any WebhookWriter { SQLiteWebhooks(session: session) }
    var ownershipWriter: any OwnershipWriter { SQLiteOwnership(session: session) }
    var preferencesWriter: any PreferencesWriter { SQLitePreferences(session: session) }
    var settingWriter: any SettingWriter { SQLiteSettings(session: session) }
    var revisionWriter: any RevisionWriter { SQLiteRevisions(session: session) }
    var banWriter: any BanWriter { SQLiteBans(session: session) }
}
