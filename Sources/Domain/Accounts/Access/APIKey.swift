/// A key by which programs call as a user, with some of the user's scopes.
public struct APIKey: Hashable, Sendable {
    /// The most keys of one user that are neither revoked nor expired.
    public static let mostActive = 25
    /// The most keys of one user that are remembered though they are void, the newest.
    public static let mostVoid = 100
    /// How many Unicode scalars a name has, white space at its ends not counted.
    public static let nameLength = 1...100
    /// How exactly the last use is noted: a call within this time of the last note is not noted, so that a busy
    /// key costs no write for each call.
    public static let useResolution = Duration.seconds(60)

    /// Its identifier.
    public let id: Identifier<APIKey>
    /// The user for whom it calls.
    public let owner: Identifier<User>
    /// What the owner calls it.
    public private(set) var name: String
    /// What it allows, as far as its owner may do it.
    public let scopes: Set<Scope>
    /// What it is found by.
    public let hash: TokenHash
    /// When it was made.
    public let createdAt: Timestamp
    /// When it stops working by itself; nil when never.
    public let expiresAt: Timestamp?
    /// When it was last used, to a minute; nil when never.
    public private(set) var lastUsedAt: Timestamp?
    /// When its owner or an administrator made it void; nil when nobody has.
    public private(set) var revokedAt: Timestamp?
    /// How often it has changed, uses not counted.
    public private(set) var version: Int

    /// Makes a key.
    ///
    /// - Parameters:
    ///   - owner: Who makes it, and for whom it will call.
    ///   - activeKeys: How many keys of the owner work now.
    public static func issue(
        id: Identifier<APIKey>, to owner: Caller, name: String, scopes: Set<Scope>, hash: TokenHash,
        expiresAt: Timestamp?, activeKeys: Int, at now: Timestamp
    ) throws(APIKeyError) -> (key: APIKey, events: [AccountEvent]) {
        let name = try checked(name: name)
        guard !scopes.isEmpty else { throw .noScope }
        for scope in Scope.allCases where scopes.contains(scope) {
            guard scope.isForKeys, owner.may(scope) else { throw .scope(scope) }
        }
        if let expiresAt, expiresAt <= now { throw .expiry }
        guard activeKeys < mostActive else { throw .tooMany }
        var key = APIKey(
            id: id, owner: owner.user, name: name, scopes: scopes, hash: hash, createdAt: now,
            expiresAt: expiresAt, lastUsedAt: nil, revokedAt: nil, version: 0)
        let event = key.changed(.keyIssued(id), at: now)
        return (key, [event])
    }

    /// Restores a key as a store kept it.
    public init(
        id: Identifier<APIKey>, owner: Identifier<User>, name: String, scopes: Set<Scope>, hash: TokenHash,
        createdAt: Timestamp, expiresAt: Timestamp?, lastUsedAt: Timestamp?, revokedAt: Timestamp?,
        version: Int
    ) {
        self.id = id
        self.owner = owner
        self.name = name
        self.scopes = scopes
        self.hash = hash
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.revokedAt = revokedAt
        self.version = version
    }

    /// When it stopped working, or will; nil when never.
    public var voidAt: Timestamp? {
        [revokedAt, expiresAt].compactMap { $0 }.min()
    }

    /// Whether it works at that moment.
    public func isActive(at now: Timestamp) -> Bool {
        revokedAt == nil && (expiresAt.map { now < $0 } ?? true)
    }

    /// Checks that it works at that moment.
    public func requireActive(at now: Timestamp) throws(APIKeyError) {
        guard revokedAt == nil else { throw .revoked }
        guard isActive(at: now) else { throw .expired }
    }

    /// Notes a call; false when the last note is fresh enough and nothing has to be written.
    public mutating func use(at now: Timestamp) -> Bool {
        if let lastUsedAt, now - lastUsedAt < Self.useResolution { return false }
        lastUsedAt = now
        return true
    }

    /// Gives it another name.
    public mutating func rename(to name: String, at now: Timestamp) throws(APIKeyError) -> [AccountEvent] {
        guard revokedAt == nil else { throw .revoked }
        let name = try Self.checked(name: name)
        guard name != self.name else { return [] }
        self.name = name
        return [changed(.keyRenamed(id), at: now)]
    }

    /// Makes it void for good; doing so twice changes nothing.
    public mutating func revoke(at now: Timestamp) -> [AccountEvent] {
        guard revokedAt == nil else { return [] }
        revokedAt = now
        return [changed(.keyRevoked(id), at: now)]
    }

    private mutating func changed(_ change: AccountChange, at now: Timestamp) -> AccountEvent {
        version += 1
        return AccountEvent(user: owner, version: version, at: now, change: change)
    }

    private static func checked(name: String) throws(APIKeyError) -> String {
        let name = name.trimmed
        guard nameLength.contains(name.unicodeScalars.count), UnwritableCharacter(in: name) == nil else {
            throw .name
        }
        return name
    }
}

/// The rules of API keys.
public enum APIKeyError: CodedError, Equatable {
    /// A name has 1–100 characters on one line.
    case name
    /// A key allows something.
    case noScope
    /// A key allows no more than who makes it may do.
    case scope(Scope)
    /// A key expires later than it is made.
    case expiry
    /// A user has at most 25 keys that work.
    case tooMany
    /// The key has been made void.
    case revoked
    /// The key's time is over.
    case expired

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .name: "api_key_name"
        case .noScope: "api_key_no_scope"
        case .scope: "api_key_scope"
        case .expiry: "api_key_expiry"
        case .tooMany: "api_key_too_many"
        case .revoked: "api_key_revoked"
        case .expired: "api_key_expired"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .name:
            "A key's name has \(APIKey.nameLength.lowerBound)–\(APIKey.nameLength.upperBound) characters on one line."
        case .noScope: "A key needs at least one scope."
        case .scope(let scope): "You cannot give a key the scope “\(scope.rawValue)”."
        case .expiry: "A key expires later than now, or never."
        case .tooMany: "You have \(APIKey.mostActive) keys that work. Revoke one first."
        case .revoked: "The key has been revoked."
        case .expired: "The key has expired."
        }
    }
}
