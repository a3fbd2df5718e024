/// What deliveries are signed with, known to the sender and the receiver alone.
public struct WebhookSecret: Hashable, Redacted, Sendable {
    /// How many random bytes a secret may have (Standard Webhooks).
    public static let lengths = 24...64
    /// How many a new one has.
    public static let byteCount = 32
    /// What the text of a secret begins with.
    public static let prefix = "whsec_"

    /// The random bytes.
    public let bytes: [UInt8]

    /// A secret of random bytes; nil unless there are 24–64.
    public init?(bytes: [UInt8]) {
        guard Self.lengths.contains(bytes.count) else { return nil }
        self.bytes = bytes
    }

    /// The secret as receivers are given it.
    public var text: String { Self.prefix + Base64.text(of: bytes) }
}

/// The secret in use, and the one before it while that is still believed; both sealed.
public struct SigningSecrets: Hashable, Sendable {
    /// How long the former secret goes on to sign beside the new one, so that receivers can be changed meanwhile.
    public static let grace = Duration.seconds(86_400)

    /// A secret that was replaced.
    public struct Former: Hashable, Sendable {
        /// The secret, sealed.
        public let sealed: [UInt8]
        /// Until when it signs too.
        public let until: Timestamp

        /// A secret that was replaced.
        public init(sealed: [UInt8], until: Timestamp) {
            self.sealed = sealed
            self.until = until
        }
    }

    /// The secret in use, sealed.
    public private(set) var current: [UInt8]
    /// The one before it; nil when there was none.
    public private(set) var former: Former?

    /// Secrets, sealed.
    public init(current: [UInt8], former: Former? = nil) {
        self.current = current
        self.former = former
    }

    /// Puts another secret in use; the one that was in use signs too for ``grace``, an earlier one no longer.
    public mutating func rotate(to sealed: [UInt8], at now: Timestamp) {
        former = Former(sealed: current, until: now + Self.grace)
        current = sealed
    }

    /// Those that sign at a moment, the one in use first.
    public func signing(at now: Timestamp) -> [[UInt8]] {
        guard let former, now < former.until else { return [current] }
        return [current, former.sealed]
    }
}

/// What signs the deliveries to addresses that tasks name; each user has one.
public struct NotifySecret: Hashable, Sendable {
    /// Its identifier, by which the seals are bound to it.
    public let id: Identifier<NotifySecret>
    /// Whose it is.
    public let owner: Identifier<User>
    /// The secrets.
    public private(set) var secrets: SigningSecrets
    /// When the one in use was made.
    public private(set) var createdAt: Timestamp

    /// A secret of a user.
    public init(
        id: Identifier<NotifySecret>, owner: Identifier<User>, secrets: SigningSecrets, createdAt: Timestamp
    ) {
        self.id = id
        self.owner = owner
        self.secrets = secrets
        self.createdAt = createdAt
    }

    /// What its seals are bound to.
    public static func context(of id: Identifier<NotifySecret>) -> String { "notify secret \(id)" }

    /// Puts another secret in use.
    public mutating func rotate(to sealed: [UInt8], at now: Timestamp) {
        secrets.rotate(to: sealed, at: now)
        createdAt = now
    }
}

/// How deliveries are signed: Standard Webhooks 1.0, symmetric (`v1`).
public enum WebhookSignature {
    /// What is signed: identifier, seconds since 1970 and body, with full stops between them.
    public static func content(of id: String, at seconds: Int64, body: [UInt8]) -> [UInt8] {
        Array("\(id).\(seconds).".utf8) + body
    }

    /// The field for signatures by one secret or several, each an HMAC with SHA-256 of the content.
    public static func field(_ tags: [[UInt8]]) -> String {
        tags.map { "v1,\(Base64.text(of: $0))" }.joined(separator: " ")
    }
}
