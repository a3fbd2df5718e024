public import Domain

/// Reads users.
public protocol UserReader {
    /// The user with that identifier, deleted ones included; nil when there is none.
    func find(_ id: Identifier<User>) throws -> User?
    /// The user who goes by that name; nil when nobody does.
    func find(username: Username) throws -> User?
    /// The user who has that address; nil when nobody has.
    func find(email: EmailAddress) throws -> User?
    /// Up to `limit` users made before the one at `cursor`, newest first.
    ///
    /// Deleted users are in no page.
    ///
    /// - Parameter text: What the ``Domain/Username/key`` or the address begins with; nil for all users.
    func page(matching text: String?, limit: Int, before cursor: Identifier<User>?) throws
        -> Page<User, Identifier<User>>
    /// How many active administrators there are besides `user`; a suspension that has ended counts as active.
    func administrators(otherThan user: Identifier<User>, at now: Timestamp) throws -> Int
    /// The active administrator who was made first; a suspension that has ended counts as active.
    func firstAdministrator(at now: Timestamp) throws -> Identifier<User>?
    /// How many users there are in each state that has any; a suspension that has ended counts as one until the
    /// user is changed.
    func counts() throws -> [User.State.Name: Int]
    /// How many users there are on each plan that has any, deleted ones left out.
    func countsByTier() throws -> [Tier.Name: Int]
    /// The hash of a user's password; nil when the user has none.
    func passwordHash(of user: Identifier<User>) throws -> PasswordHash?
}

/// Changes users.
public protocol UserWriter {
    /// Adds a user.
    ///
    /// - Throws: ``UserConflict`` when name or address are someone else's; ``PortError/conflict(_:)`` when the user
    ///   exists already.
    func insert(_ user: User) throws
    /// Replaces a user by a later version.
    ///
    /// - Throws: ``UserConflict``; ``PortError/conflict(_:)`` when the stored version is not before the user's.
    func update(_ user: User) throws
    /// Keeps the hash of a user's password, or takes it away.
    ///
    /// - Throws: ``PortError/conflict(_:)`` when there is a hash and no such user.
    func setPasswordHash(_ hash: PasswordHash?, of user: Identifier<User>) throws
}

/// What two users would have in common.
public enum UserConflict: CodedError, Equatable {
    /// The username.
    case username
    /// The address.
    case email

    /// The stable code.
    public var code: String {
        switch self {
        case .username: "username_taken"
        case .email: "email_taken"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .username: "Someone else goes by this username. Choose another."
        case .email: "There is an account with this address already. Sign in, or ask for a new password."
        }
    }
}

/// Reads sessions.
public protocol SessionReader {
    /// The session with that identifier; nil when there is none.
    func find(_ id: Identifier<Session>) throws -> Session?
    /// The session that gave out a refresh token, and as its how manieth; nil when none did.
    func find(refreshToken hash: TokenHash) throws -> (session: Session, generation: Int)?
    /// The sessions of a user that go on at that moment, newest first.
    func active(of user: Identifier<User>, at now: Timestamp) throws -> [Session]
    /// The sessions of a user that are remembered, newest first.
    func all(of user: Identifier<User>) throws -> [Session]
}

extension Session {
    /// For how long a session is remembered that is over: a token of it that turns up is known so long.
    public static let lifetimeOnceOver = Duration.seconds(30 * 86_400)

    /// When it was ended, or when its time is over unless it is refreshed before.
    public var overAt: Timestamp {
        min(revocation?.at ?? expiresAt, expiresAt)
    }
}

/// Changes sessions.
public protocol SessionWriter {
    /// Adds a session with the hash of its first refresh token.
    func insert(_ session: Session, refreshToken hash: TokenHash) throws
    /// Replaces a session by a later version, and adds the hash of the refresh token of its generation.
    ///
    /// - Parameter hash: Nil when the session gives out no further token.
    /// - Throws: ``PortError/conflict(_:)`` when the stored version is not before the session's.
    func update(_ session: Session, refreshToken hash: TokenHash?) throws
    /// Adds the hash of one more refresh token of a session's generation.
    func add(refreshToken hash: TokenHash, to session: Session) throws
    /// Forgets all sessions of a user with their refresh tokens.
    func forgetAll(of user: Identifier<User>) throws
    /// Forgets up to `limit` refresh tokens and sessions of those that were over before `moment`, a session after
    /// all its tokens; returns how many of both.
    func forget(overBefore moment: Timestamp, limit: Int) throws -> Int
}

/// Reads API keys.
public protocol APIKeyReader {
    /// The key with that identifier; nil when there is none.
    func find(_ id: Identifier<APIKey>) throws -> APIKey?
    /// The key that has that hash; nil when none has.
    func find(hash: TokenHash) throws -> APIKey?
    /// A user's keys, void ones that are remembered included, newest first.
    func all(of owner: Identifier<User>) throws -> [APIKey]
    /// How many keys of a user work at that moment.
    func countActive(of owner: Identifier<User>, at now: Timestamp) throws -> Int
}

extension APIKey {
    /// For how long a key is remembered that is void, so that who shows it is told so.
    public static let lifetimeOnceVoid = Duration.seconds(30 * 86_400)
}

/// Changes API keys.
public protocol APIKeyWriter {
    /// Adds a key.
    func insert(_ key: APIKey) throws
    /// Replaces a key by a later version; of the two last uses the later one stays.
    ///
    /// - Throws: ``PortError/conflict(_:)`` when the stored version is not before the key's.
    func update(_ key: APIKey) throws
    /// Notes when a key was last used, without making a version of it; an earlier moment changes nothing.
    func noteUse(of id: Identifier<APIKey>, at moment: Timestamp) throws
    /// Forgets a user's keys that are void at that moment, but for the newest `count`.
    func forgetVoid(of owner: Identifier<User>, keeping count: Int, at now: Timestamp) throws
    /// Forgets up to `limit` keys that stopped working before `moment`; returns how many.
    func forget(voidBefore moment: Timestamp, limit: Int) throws -> Int
    /// Forgets all keys of a user.
    func forgetAll(of owner: Identifier<User>) throws
}

/// Reads invitations.
public protocol InvitationReader {
    /// The invitation with that identifier; nil when there is none.
    func find(_ id: Identifier<Invitation>) throws -> Invitation?
    /// The invitation whose token has that hash; nil when none has.
    func find(hash: TokenHash) throws -> Invitation?
    /// Up to `limit` invitations issued before the one at `cursor`, newest first.
    func page(limit: Int, before cursor: Identifier<Invitation>?) throws
        -> Page<Invitation, Identifier<Invitation>>
}

/// Changes invitations.
public protocol InvitationWriter {
    /// Adds an invitation.
    func insert(_ invitation: Invitation) throws
    /// Replaces an invitation by a later version.
    ///
    /// - Throws: ``PortError/conflict(_:)`` when the stored version is not before the invitation's.
    func update(_ invitation: Invitation) throws
    /// Takes the address out of the invitations that a user has accepted; see ``Domain/Invitation/withoutAddress``.
    func forgetAddress(of user: Identifier<User>) throws
}

extension MailedToken {
    /// For how long a token that has expired is remembered, so that who comes too late is told so.
    public static let lifetimeOnceExpired = Duration.seconds(86_400)
}

/// Reads tokens that were mailed.
public protocol MailedTokenReader {
    /// The token that has that hash; nil when none has.
    func find(hash: TokenHash) throws -> MailedToken?
    /// How many tokens of a kind were mailed to a user of late.
    func allowance(of user: Identifier<User>, for kind: MailedToken.Kind) throws -> MailAllowance
}

/// Changes tokens that were mailed.
public protocol MailedTokenWriter {
    /// Adds a token; earlier ones of the same user and kind of purpose are forgotten.
    func insert(_ token: MailedToken) throws
    /// Replaces a token; one that was forgotten stays so.
    func update(_ token: MailedToken) throws
    /// Forgets all tokens of a user.
    func forgetAll(of user: Identifier<User>) throws
    /// Forgets the tokens by which a user can choose a new password.
    func forgetPasswordResets(of user: Identifier<User>) throws
    /// Keeps how many tokens of a kind were mailed to a user; an allowance of which nothing is used needs no place.
    func put(_ allowance: MailAllowance, of user: Identifier<User>, for kind: MailedToken.Kind) throws
    /// Forgets up to `limit` tokens that expired before `moment`; returns how many.
    func forget(expiredBefore moment: Timestamp, limit: Int) throws -> Int
}

/// What failed attempts to sign in are counted for.
public enum SignInSubject: Hashable, Sendable {
    /// The name or address that was typed, in its stored form, whether or not anybody has it.
    case name(String)
    /// The network from which somebody tries.
    case address(NetworkAddress)
}

/// Reads how many attempts to sign in have failed.
public protocol SignInThrottleReader {
    /// The count for a subject; a fresh one when nothing is remembered.
    func find(_ subject: SignInSubject) throws -> SignInThrottle
}

/// Counts attempts to sign in.
public protocol SignInThrottleWriter {
    /// Keeps a count; a fresh one needs no place.
    func put(_ throttle: SignInThrottle, for subject: SignInSubject) throws
    /// Forgets up to `limit` counts whose last failure was before `moment`; returns how many.
    func forget(before moment: Timestamp, limit: Int) throws -> Int
}
