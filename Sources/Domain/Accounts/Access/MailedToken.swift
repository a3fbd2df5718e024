/// Leave to do one thing, sent by mail: to choose a new password, or to show that an address is one's own.
public struct MailedToken: Hashable, Sendable {
    /// What it is leave for.
    public enum Purpose: Hashable, Sendable {
        /// To choose a new password.
        case passwordReset
        /// To show that mail to that address arrives.
        case emailVerification(EmailAddress)

        /// What it is leave for, without the address.
        public var kind: Kind {
            switch self {
            case .passwordReset: .passwordReset
            case .emailVerification: .emailVerification
            }
        }

        /// How long such leave lasts.
        public var lifetime: Duration {
            switch self {
            case .passwordReset: .seconds(3600)
            case .emailVerification: .seconds(86_400)
            }
        }
    }

    /// What tokens are leave for, by name.
    public enum Kind: String, CaseIterable, Sendable {
        /// To choose a new password.
        case passwordReset = "password_reset"
        /// To show that mail arrives.
        case emailVerification = "email_verification"
    }

    /// Whose it is.
    public let user: Identifier<User>
    /// What it is leave for.
    public let purpose: Purpose
    /// What it is found by.
    public let hash: TokenHash
    /// When it stops being good by itself.
    public let expiresAt: Timestamp
    /// When it was used; nil when it was not.
    public private(set) var usedAt: Timestamp?

    /// Leave that begins now.
    public init(for purpose: Purpose, of user: Identifier<User>, hash: TokenHash, at now: Timestamp) {
        self.init(
            for: purpose, of: user, hash: hash, expiresAt: now + purpose.lifetime, usedAt: nil)
    }

    /// Restores one as a store kept it.
    public init(
        for purpose: Purpose, of user: Identifier<User>, hash: TokenHash, expiresAt: Timestamp,
        usedAt: Timestamp?
    ) {
        self.user = user
        self.purpose = purpose
        self.hash = hash
        self.expiresAt = expiresAt
        self.usedAt = usedAt
    }

    /// Uses it, once.
    public mutating func redeem(at now: Timestamp) throws(MailedTokenError) {
        guard usedAt == nil else { throw .used }
        guard now < expiresAt else { throw .expired }
        usedAt = now
    }
}

/// Why a mailed token does nothing.
public enum MailedTokenError: CodedError, Equatable, CaseIterable {
    /// It was used before.
    case used
    /// Its time is over.
    case expired

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .used: "token_used"
        case .expired: "token_expired"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .used: "The link has been used already. Ask for a new message."
        case .expired: "The link has expired. Ask for a new message."
        }
    }
}
