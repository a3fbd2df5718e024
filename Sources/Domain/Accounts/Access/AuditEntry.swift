/// One line of the audit trail: who did what to whom, from where, and whether it worked.
///
/// Users stand in it by identifier alone. What is personal beyond that, the address and the detail, goes when
/// the user is deleted; the line stays.
public struct AuditEntry: Hashable, Sendable {
    /// Who did it.
    public enum Initiator: Hashable, Sendable {
        /// A user.
        case user(Identifier<User>)
        /// The server itself.
        case server
        /// Someone who has not signed in.
        case anonymous
    }

    /// What it was done to.
    public enum Subject: Hashable, Sendable {
        /// A user.
        case user(Identifier<User>)
        /// Something of a user's: a session, a key, a task …, by its kind and identifier.
        case thing(kind: String, id: String, owner: Identifier<User>?)
        /// The server: its settings and plans.
        case server
    }

    /// How many Unicode scalars a detail has.
    public static let greatestDetailLength = 500

    /// Its identifier.
    public let id: Identifier<AuditEntry>
    /// When it happened.
    public let at: Timestamp
    /// What was done.
    public let action: AuditAction
    /// Who did it.
    public let initiator: Initiator
    /// What it was done to.
    public let subject: Subject
    /// From where; nil when from the server itself, or when forgotten.
    public let address: NetworkAddress?
    /// Whether it worked.
    public let isSuccess: Bool
    /// What else there is to say, such as a reason; nil when nothing is, or when forgotten.
    public let detail: String?

    /// An entry; a detail that is too long is cut.
    public init(
        id: Identifier<AuditEntry>, at moment: Timestamp, action: AuditAction, initiator: Initiator,
        subject: Subject,
        address: NetworkAddress?, isSuccess: Bool, detail: String? = nil
    ) {
        self.id = id
        at = moment
        self.action = action
        self.initiator = initiator
        self.subject = subject
        self.address = address
        self.isSuccess = isSuccess
        self.detail = detail.map { String($0.unicodeScalars.prefix(Self.greatestDetailLength)) }
    }

    /// Whether it is about something that user did or that was done to that user.
    public func concerns(_ user: Identifier<User>) -> Bool {
        if initiator == .user(user) { return true }
        return switch subject {
        case .user(let id): id == user
        case .thing(_, _, let owner): owner == user
        case .server: false
        }
    }

    /// The entry as it stays when `user` is deleted: without address and detail when it concerns that user.
    public func forgetting(_ user: Identifier<User>) -> AuditEntry {
        guard concerns(user) else { return self }
        return AuditEntry(
            id: id, at: at, action: action, initiator: initiator, subject: subject, address: nil,
            isSuccess: isSuccess, detail: nil)
    }
}

/// What is told in the audit trail and to subscribers, by its stable name.
public enum AuditAction: String, CaseIterable, Sendable {
    case userRegistered = "user_registered"
    case userActivated = "user_activated"
    case userDeactivated = "user_deactivated"
    case userSuspended = "user_suspended"
    case userUnsuspended = "user_unsuspended"
    case userDeleted = "user_deleted"
    case userExported = "user_exported"
    case ownershipHandedOver = "ownership_handed_over"
    case usernameChanged = "username_changed"
    case emailChanged = "email_changed"
    case emailVerified = "email_verified"
    case profileChanged = "profile_changed"
    case tierChanged = "tier_changed"
    case roleChanged = "role_changed"
    case creditsGranted = "credits_granted"
    case creditsHeld = "credits_held"
    case creditsCaptured = "credits_captured"
    case creditsReleased = "credits_released"
    case creditsRefunded = "credits_refunded"
    case creditsAdjusted = "credits_adjusted"
    case creditsExpired = "credits_expired"
    case keyIssued = "api_key_issued"
    case keyRenamed = "api_key_renamed"
    case keyRevoked = "api_key_revoked"
    case sessionStarted = "session_started"
    case sessionRefreshed = "session_refreshed"
    case sessionRevoked = "session_revoked"
    case refreshTokenReused = "refresh_token_reused"
    case signInFailed = "sign_in_failed"
    case signInLocked = "sign_in_locked"
    case passwordChanged = "password_changed"
    case passwordResetRequested = "password_reset_requested"
    case invitationIssued = "invitation_issued"
    case invitationAccepted = "invitation_accepted"
    case invitationWithdrawn = "invitation_withdrawn"
    case webhookCreated = "webhook_created"
    case webhookChanged = "webhook_changed"
    case webhookDeleted = "webhook_deleted"
    case webhookSecretRotated = "webhook_secret_rotated"
    case webhookDisabled = "webhook_disabled"
    case settingChanged = "setting_changed"
    case tierEdited = "tier_edited"
    case auditExported = "audit_exported"
    case errorCountsReset = "error_counts_reset"
    case addressBanned = "address_banned"
    case banLifted = "ban_lifted"
    case addressAllowed = "address_allowed"
    case addressDisallowed = "address_disallowed"
    case securityEventsExported = "security_events_exported"
}
