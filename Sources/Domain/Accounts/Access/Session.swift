/// A person's stay: from signing in until it is ended or its time is over.
///
/// It lives through a family of refresh tokens, of which only the latest is good. Each is used once and replaced
/// by the next; one that is used again, but for a moment in which two pages may ask at once, was in two hands, so that
/// the whole session ends (RFC 9700, section 4.14.2).
public struct Session: Hashable, Sendable {
    /// How it was ended before its time.
    public struct Revocation: Hashable, Sendable {
        /// Why a session was ended.
        public enum Reason: String, CaseIterable, Sendable {
            /// The person signed out.
            case signedOut = "signed_out"
            /// The person ended it from another session or has begun too many, or an administrator ended it.
            case ended
            /// A refresh token was used a second time.
            case tokenReused = "token_reused"
            /// The password was changed.
            case passwordChanged = "password_changed"
            /// The user was switched off, kept out or deleted.
            case userClosed = "user_closed"
        }

        /// Why.
        public let reason: Reason
        /// When.
        public let at: Timestamp

        /// An ending.
        public init(reason: Reason, at moment: Timestamp) {
            self.reason = reason
            at = moment
        }
    }

    /// What becomes of a refresh token that is shown.
    ///
    /// A value and not an error, since a reuse changes the session, which must be kept.
    public enum Refreshing: Hashable, Sendable {
        /// It was good: the next token is the one of the session's new ``Session/generation``.
        case refreshed([AccountEvent])
        /// It was replaced a moment ago, by another page of the same browser or an answer that was lost: one more
        /// token of the session's ``Session/generation`` may be given out, and nothing of the session changes.
        case repeated
        /// It had been used before: the session has ended.
        case reused([AccountEvent])
        /// The session was over already.
        case refused(SessionError)
    }

    /// How many sessions of one user go on at once; one more ends the one that was longest not gone on with.
    public static let mostActive = 50
    /// How long a session lasts without being refreshed.
    public static let idleLimit = Duration.seconds(14 * 86_400)
    /// How long a session lasts at most.
    public static let absoluteLimit = Duration.seconds(90 * 86_400)
    /// How long an access token that a session gave out is good.
    public static let accessLifetime = Duration.seconds(15 * 60)
    /// For how long the token that was replaced last may come once more.
    ///
    /// Long enough for two pages that go on at once; whoever shows an older token, or this one later, has stolen it.
    public static let repetitionGrace = Duration.seconds(10)
    /// How many Unicode scalars of what the person's program calls itself are kept.
    public static let greatestDeviceLength = 200

    /// Its identifier, which access tokens carry.
    public let id: Identifier<Session>
    /// Who signed in.
    public let user: Identifier<User>
    /// What the person's program calls itself, for the list of sessions.
    public let device: String
    /// When the person signed in.
    public let createdAt: Timestamp
    /// When it was last refreshed.
    public private(set) var refreshedAt: Timestamp
    /// Which refresh token is good, 0 for the first; a store knows each token's generation by its hash.
    public private(set) var generation: Int
    /// How it was ended before its time; nil when it was not.
    public private(set) var revocation: Revocation?
    /// How often it has changed.
    public private(set) var version: Int

    /// Begins a session.
    public static func start(
        id: Identifier<Session>, user: Identifier<User>, device: String, at now: Timestamp
    ) -> (session: Session, events: [AccountEvent]) {
        var session = Session(
            id: id, user: user, device: String(device.unicodeScalars.prefix(greatestDeviceLength)),
            createdAt: now, refreshedAt: now, generation: 0, revocation: nil, version: 0)
        let event = session.changed(.sessionStarted(id), at: now)
        return (session, [event])
    }

    /// Restores a session as a store kept it.
    public init(
        id: Identifier<Session>, user: Identifier<User>, device: String, createdAt: Timestamp,
        refreshedAt: Timestamp, generation: Int, revocation: Revocation?, version: Int
    ) {
        self.id = id
        self.user = user
        self.device = device
        self.createdAt = createdAt
        self.refreshedAt = refreshedAt
        self.generation = generation
        self.revocation = revocation
        self.version = version
    }

    /// When its time is over, unless it is refreshed before.
    public var expiresAt: Timestamp {
        min(refreshedAt + Self.idleLimit, createdAt + Self.absoluteLimit)
    }

    /// Checks that it goes on at that moment.
    public func requireActive(at now: Timestamp) throws(SessionError) {
        guard revocation == nil else { throw .revoked }
        guard now < expiresAt else { throw .expired }
    }

    /// The refresh token of some generation is shown.
    public mutating func refresh(with token: Int, at now: Timestamp) -> Refreshing {
        do throws(SessionError) {
            try requireActive(at: now)
        } catch {
            return .refused(error)
        }
        if token == generation - 1, refreshedAt <= now, now - refreshedAt < Self.repetitionGrace {
            return .repeated
        }
        guard token == generation else { return .reused(revoke(.tokenReused, at: now)) }
        generation += 1
        refreshedAt = now
        return .refreshed([changed(.sessionRefreshed(id), at: now)])
    }

    /// Ends it; ending it twice changes nothing.
    public mutating func revoke(_ reason: Revocation.Reason, at now: Timestamp) -> [AccountEvent] {
        guard revocation == nil else { return [] }
        revocation = Revocation(reason: reason, at: now)
        return [changed(.sessionRevoked(id, reason), at: now)]
    }

    private mutating func changed(_ change: AccountChange, at now: Timestamp) -> AccountEvent {
        version += 1
        return AccountEvent(user: user, version: version, at: now, change: change)
    }
}

/// Why a session does not go on.
public enum SessionError: CodedError, Equatable, CaseIterable {
    /// It has been ended.
    case revoked
    /// Its time is over.
    case expired

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .revoked: "session_revoked"
        case .expired: "session_expired"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .revoked: "The session has been ended. Sign in again."
        case .expired: "The session is over. Sign in again."
        }
    }
}
