/// A change of a user, or of something that is the user's, as subscribers and the audit trail are told.
///
/// It holds nothing personal: what is told stays true, and may stay, when the user is deleted.
public struct AccountEvent: Hashable, Sendable {
    /// The version of the form in which changes are told; it rises when a change is told differently.
    public static let formatVersion = 1

    /// Whose change it is.
    public let user: Identifier<User>
    /// The version of what changed (the user, the ledger, the key …) after the change.
    public let version: Int
    /// When it happened.
    public let at: Timestamp
    /// What happened.
    public let change: AccountChange

    /// A change that happened.
    public init(user: Identifier<User>, version: Int, at: Timestamp, change: AccountChange) {
        self.user = user
        self.version = version
        self.at = at
        self.change = change
    }
}

/// What happened to a user, or to something that is the user's.
public enum AccountChange: Hashable, Sendable {
    /// The user was made.
    case registered
    /// The user has another username.
    case usernameChanged
    /// The user has another address.
    case emailChanged
    /// The user's address is known to be the user's.
    case emailVerified
    /// The user has another name or time zone.
    case profileChanged
    /// The user is on another plan.
    case tierChanged(from: Tier.Name, to: Tier.Name)
    /// The user became an administrator or an ordinary user.
    case roleChanged(Role)
    /// The user was let in again after having been inactive.
    case activated
    /// The user was switched off.
    case deactivated
    /// The user was kept out, until then or for good.
    case suspended(until: Timestamp?)
    /// The user was let in again after having been suspended.
    case unsuspended
    /// The user became anonymous.
    case deleted
    /// The ledger has a new entry, after which so many credits are available.
    case creditsMoved(CreditEntry.Kind.Name, amount: Int, available: Int)
    /// An API key was made.
    case keyIssued(Identifier<APIKey>)
    /// An API key has another name.
    case keyRenamed(Identifier<APIKey>)
    /// An API key is void.
    case keyRevoked(Identifier<APIKey>)
    /// The user signed in.
    case sessionStarted(Identifier<Session>)
    /// A session got its next refresh token.
    case sessionRefreshed(Identifier<Session>)
    /// A session is over.
    case sessionRevoked(Identifier<Session>, Session.Revocation.Reason)
    /// The user invited someone.
    case invitationIssued(Identifier<Invitation>)
    /// Someone came by the user's invitation.
    case invitationAccepted(Identifier<Invitation>)
    /// The user's invitation is void.
    case invitationWithdrawn(Identifier<Invitation>)

    /// What it is called in the audit trail and to subscribers.
    public var action: AuditAction {
        switch self {
        case .registered: .userRegistered
        case .usernameChanged: .usernameChanged
        case .emailChanged: .emailChanged
        case .emailVerified: .emailVerified
        case .profileChanged: .profileChanged
        case .tierChanged: .tierChanged
        case .roleChanged: .roleChanged
        case .activated: .userActivated
        case .deactivated: .userDeactivated
        case .suspended: .userSuspended
        case .unsuspended: .userUnsuspended
        case .deleted: .userDeleted
        case .creditsMoved(let kind, _, _): kind.action
        case .keyIssued: .keyIssued
        case .keyRenamed: .keyRenamed
        case .keyRevoked: .keyRevoked
        case .sessionStarted: .sessionStarted
        case .sessionRefreshed: .sessionRefreshed
        case .sessionRevoked(_, .tokenReused): .refreshTokenReused
        case .sessionRevoked: .sessionRevoked
        case .invitationIssued: .invitationIssued
        case .invitationAccepted: .invitationAccepted
        case .invitationWithdrawn: .invitationWithdrawn
        }
    }
}
