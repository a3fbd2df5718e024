import Domain

/// Users, identifiers and moments for the tests of accounts.
enum People {
    static let now = Timestamp(milliseconds: 1_790_000_000_000)
    static let later = now + .seconds(3600)
    static let ada = Identifier<User>(high: 1, low: 1)
    static let bob = Identifier<User>(high: 2, low: 2)
    static let task = Identifier<VideoTask>(high: 9, low: 9)
    static let hash = TokenHash(bytes: Array(repeating: 7, count: TokenHash.byteCount))!

    static func profile(_ username: String = "Ada", email: String = "ada@example.org") throws -> Profile {
        try Profile(username: Username(username), email: EmailAddress(email))
    }

    static func user(role: Role = .user) throws -> User {
        User.register(id: ada, profile: try profile(), role: role, at: now).user
    }

    static func caller(role: Role = .user) -> Caller {
        Caller(user: ada, role: role, means: .session(Identifier(high: 5, low: 5)))
    }
}
