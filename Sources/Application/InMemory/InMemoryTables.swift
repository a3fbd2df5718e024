import Domain

/// Everything that a store in memory holds.
struct InMemoryTables: Sendable {
    var tasks: [Identifier<VideoTask>: VideoTask] = [:]
    var clips: [Identifier<VideoTask>: [Clip]] = [:]
    var uploads: [Identifier<Upload>: Upload] = [:]
    var transcripts: [Identifier<VideoTask>: Transcript] = [:]
    var pictures: [Identifier<VideoTask>: PictureTrack] = [:]
    var analyses: [Identifier<VideoTask>: Analysis] = [:]
    var notices: [Identifier<VideoTask>: [NumberedNotice]] = [:]
    var answers: [IdempotencyKey: StoredAnswer] = [:]
    var jobs: [Identifier<Job>: Job] = [:]
    /// The last number given to a notice; never taken back, so that no number is given twice.
    var lastNotice: Int64 = 0
    var users: [Identifier<User>: User] = [:]
    var passwordHashes: [Identifier<User>: PasswordHash] = [:]
    var sessions: [Identifier<Session>: Session] = [:]
    var refreshTokens: [TokenHash: RefreshToken] = [:]
    var keys: [Identifier<APIKey>: APIKey] = [:]
    var invitations: [Identifier<Invitation>: Invitation] = [:]
    var mailedTokens: [TokenHash: MailedToken] = [:]
    var mailAllowances: [MailRecipient: MailAllowance] = [:]
    var preferences: [Identifier<User>: Preferences] = [:]
    var throttles: [SignInSubject: SignInThrottle] = [:]
    var ledgers: [Identifier<User>: CreditLedger] = [:]
    var creditEntries: [Identifier<User>: [CreditEntry]] = [:]
    var creditHolds: [Identifier<CreditHold>: CreditHold] = [:]
    var allowances: [Identifier<User>: DailyAllowance] = [:]
    var tiers = Self.firstTiers
    var audit: [Identifier<AuditEntry>: AuditEntry] = [:]
    var accountEvents: [Int64: NumberedAccountEvent] = [:]
    var settings: [String: StoredSetting] = [:]
    var revisions: [Int64: Revision] = [:]
    var bans: [NetworkAddress: AddressBan] = [:]
    var allowedAddresses: [AddressRange: AllowedAddresses] = [:]
    var webhooks: [Identifier<Webhook>: Webhook] = [:]
    var notifySecrets: [Identifier<User>: NotifySecret] = [:]
    var deliveries: [Identifier<WebhookDelivery>: WebhookDelivery] = [:]
    /// The last number given to an event of an account; never taken back either.
    var lastAccountEvent: Int64 = 0

    private static let firstTiers: [Tier.Name: Tier] = [.free: .free, .premium: .premium]

    /// A revision of the configuration, with what was set then.
    struct Revision: Sendable {
        let revision: ConfigurationRevision
        let settings: [StoredSetting]
    }

    /// What is kept of a refresh token beside its hash.
    struct RefreshToken: Sendable {
        let session: Identifier<Session>
        let generation: Int
    }
}

/// A view of the tables.
class InMemoryReader: StoreReader {
    fileprivate(set) var tables: InMemoryTables

    init(tables: InMemoryTables) {
        self.tables = tables
    }

    var tasks: any VideoTaskReader { InMemoryTasks(reader: self) }
    var clips: any ClipReader { InMemoryClips(reader: self) }
    var uploads: any UploadReader { InMemoryUploads(reader: self) }
    var documents: any TaskDocumentReader { InMemoryDocuments(reader: self) }
    var notices: any TaskNoticeReader { InMemoryNotices(reader: self) }
    var answers: any StoredAnswerReader { InMemoryAnswers(reader: self) }
    var jobs: any JobReader { InMemoryJobs(reader: self) }
    var users: any UserReader { InMemoryUsers(reader: self) }
    var sessions: any SessionReader { InMemorySessions(reader: self) }
    var keys: any APIKeyReader { InMemoryAPIKeys(reader: self) }
    var invitations: any InvitationReader { InMemoryInvitations(reader: self) }
    var mailedTokens: any MailedTokenReader { InMemoryMailedTokens(reader: self) }
    var throttles: any SignInThrottleReader { InMemoryThrottles(reader: self) }
    var credits: any CreditReader { InMemoryCredits(reader: self) }
    var tiers: any TierReader { InMemoryTiers(reader: self) }
    var audit: any AuditReader { InMemoryAudit(reader: self) }
    var accountEvents: any AccountEventReader { InMemoryAccountEvents(reader: self) }
    var preferences: any PreferencesReader { InMemoryPreferences(reader: self) }
    var settings: any SettingReader { InMemorySettings(reader: self) }
    var revisions: any RevisionReader { InMemoryRevisions(reader: self) }
    var webhooks: any WebhookReader { InMemoryWebhooks(reader: self) }
    var bans: any BanReader { InMemoryBans(reader: self) }
}

/// The tables in a unit of work, which notes how to take back each change.
final class InMemoryWriter: InMemoryReader, StoreWriter {
    private var undo: [(inout InMemoryTables) -> Void] = []

    var taskWriter: any VideoTaskWriter { InMemoryTaskWriter(writer: self) }
    var clipWriter: any ClipWriter { InMemoryClipWriter(writer: self) }
    var uploadWriter: any UploadWriter { InMemoryUploadWriter(writer: self) }
    var documentWriter: any TaskDocumentWriter { InMemoryDocumentWriter(writer: self) }
    var noticeWriter: any TaskNoticeWriter { InMemoryNoticeWriter(writer: self) }
    var answerWriter: any StoredAnswerWriter { InMemoryAnswerWriter(writer: self) }
    var jobWriter: any JobWriter { InMemoryJobWriter(writer: self) }
    var userWriter: any UserWriter { InMemoryUserWriter(writer: self) }
    var sessionWriter: any SessionWriter { InMemorySessionWriter(writer: self) }
    var keyWriter: any APIKeyWriter { InMemoryAPIKeyWriter(writer: self) }
    var invitationWriter: any InvitationWriter { InMemoryInvitationWriter(writer: self) }
    var mailedTokenWriter: any MailedTokenWriter { InMemoryMailedTokenWriter(writer: self) }
    var throttleWriter: any SignInThrottleWriter { InMemoryThrottleWriter(writer: self) }
    var creditWriter: any CreditWriter { InMemoryCreditWriter(writer: self) }
    var tierWriter: any TierWriter { InMemoryTierWriter(writer: self) }
    var auditWriter: any AuditWriter { InMemoryAuditWriter(writer: self) }
    var accountEventWriter: any AccountEventWriter { InMemoryAccountEventWriter(writer: self) }
    var webhookWriter: any WebhookWriter { InMemoryWebhookWriter(writer: self) }
    var ownershipWriter: any OwnershipWriter { InMemoryOwnershipWriter(writer: self) }
    var preferencesWriter: any PreferencesWriter { InMemoryPreferencesWriter(writer: self) }
    var settingWriter: any SettingWriter { InMemorySettingWriter(writer: self) }
    var revisionWriter: any RevisionWriter { InMemoryRevisionWriter(writer: self) }
    var banWriter: any BanWriter { InMemoryBanWriter(writer: self) }

    /// The tables as they are now.
    var changing: InMemoryTables { tables }

    /// Whether anything was changed.
    var hasChanged: Bool { !undo.isEmpty }

    /// Puts a row under a key, or removes the one that is there; every change goes through here.
    func set<Key, Row>(
        _ table: WritableKeyPath<InMemoryTables, [Key: Row]>, _ key: Key, _ row: Row?
    ) {
        let former = tables[keyPath: table][key]
        undo.append { $0[keyPath: table][key] = former }
        tables[keyPath: table][key] = row
    }

    /// The next number for a notice.
    func nextNoticeNumber() -> Int64 {
        tables.lastNotice += 1
        return tables.lastNotice
    }

    /// The next number for an event of an account.
    func nextAccountEventNumber() -> Int64 {
        tables.lastAccountEvent += 1
        return tables.lastAccountEvent
    }

    /// Takes back every change, the last one first.
    func takeBack() {
        for step in undo.reversed() { step(&tables) }
        undo = []
    }
}
