public import Domain

/// Hashes passwords, slowly on purpose, on threads of its own, and only so many at once.
public protocol PasswordHasher: Sendable {
    /// The hash of a password, with a salt of its own.
    ///
    /// - Throws: ``PortError/unavailable(_:retryAfter:)`` when too many wait already.
    func hash(_ password: Password) async throws -> PasswordHash
    /// Whether a password has that hash; without a hash it takes the same time and answers false.
    ///
    /// - Throws: ``PortError/unavailable(_:retryAfter:)`` when too many wait already.
    func verify(_ password: Password, against hash: PasswordHash?) async throws -> Bool
    /// Whether a hash was made with other parameters than those of today, so that it should be made anew.
    func isOutdated(_ hash: PasswordHash) -> Bool
}

/// Hashes tokens with a key that is not in the store.
public protocol TokenHasher: Sendable {
    /// The hash under which a token is kept.
    func hash(_ token: SecretToken) -> TokenHash
}

/// Makes what nobody can guess.
public protocol SecretSource: Sendable {
    /// A fresh token.
    func token(for purpose: SecretToken.Purpose) -> SecretToken
}

/// Who an access token lets in, and until when.
public struct AccessClaims: Hashable, Sendable {
    /// The user.
    public let user: Identifier<User>
    /// The session that gave it out.
    public let session: Identifier<Session>
    /// When it was given out.
    public let issuedAt: Timestamp
    /// From when on it is good for nothing.
    public let expiresAt: Timestamp

    /// Claims.
    public init(
        user: Identifier<User>, session: Identifier<Session>, issuedAt: Timestamp, expiresAt: Timestamp
    ) {
        self.user = user
        self.session = session
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}

/// Signs and reads access tokens.
public protocol AccessTokens: Sendable {
    /// A token that says so.
    func sign(_ claims: AccessClaims) -> String
    /// What a token says; nil unless it was signed here and is good at that moment.
    func verify(_ token: String, at now: Timestamp) -> AccessClaims?
}

/// Seals what is kept but must not be read from the disk.
public protocol SecretBox: Sendable {
    /// The sealed bytes; `context` must be given again to open them.
    func seal(_ bytes: [UInt8], context: String) -> [UInt8]
    /// The bytes; nil when they were not sealed here, or for another context.
    func open(_ sealed: [UInt8], context: String) -> [UInt8]?
}

/// Brings text of people into the one form in which it is compared.
public protocol TextNormaliser: Sendable {
    /// The text in Unicode's composed form (NFC).
    func normalise(_ text: String) -> String
}

/// Brings names of hosts into the form in which they are compared.
public protocol DomainNames: Sendable {
    /// The name in lower case and ASCII (IDNA 2008); nil when it is none.
    func ascii(_ name: String) -> String?
}

/// Finds days in the time zones of people.
public protocol Calendar: Sendable {
    /// The day that contains a moment in a time zone; nil when no such time zone is known.
    func day(containing moment: Timestamp, in zone: TimeZoneName) -> UserDay?
}

/// A message to a person.
public struct Mail: Hashable, Sendable {
    /// Whom it goes to.
    public let recipient: EmailAddress
    /// What it is about, on one line.
    public let subject: String
    /// What it says, in plain text.
    public let text: String

    /// A message.
    public init(to recipient: EmailAddress, subject: String, text: String) {
        self.recipient = recipient
        self.subject = subject
        self.text = text
    }
}

/// A mail server will never take a message: to try it again would only annoy it (RFC 5321, section 4.2.1).
public struct MailRefusal: Error, Equatable, CustomStringConvertible {
    /// What it said against the message.
    public let reason: String

    /// A refusal for that reason.
    public init(reason: String) {
        self.reason = reason
    }

    /// The reason.
    public var description: String { "refused: \(reason)" }
}

/// Sends messages to people.
public protocol Mailer: Sendable {
    /// Hands a message over to be delivered.
    ///
    /// - Throws: ``PortError``; ``MailRefusal`` for what is not worth another try.
    func send(_ mail: Mail) async throws
}
