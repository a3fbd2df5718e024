import Domain

extension StoreSample {
    static func user(_ number: Int) throws -> User {
        let profile = try Profile(
            username: Username("user\(number)"), email: EmailAddress("user\(number)@example.org"),
            firstName: PersonName("Ada"), lastName: PersonName("Lovelace"))
        return User.register(id: id(number), profile: profile, at: now).user
    }

    static func token(_ number: Int) -> TokenHash {
        TokenHash(bytes: [UInt8](repeating: UInt8(number & 0xFF), count: TokenHash.byteCount))!
    }

    static func key(_ number: Int) throws -> APIKey {
        let owner = Caller(user: id(1), role: .user, means: .session(id(1)))
        return try APIKey.issue(
            id: id(number), to: owner, name: "Key", scopes: Scope.forKeys.subtracting([.admin]),
            hash: token(number), expiresAt: nil, activeKeys: 0, at: now
        ).key
    }

    static func invitation(_ number: Int) throws -> Invitation {
        try Invitation.issue(
            id: id(number), by: id(1), to: EmailAddress("guest@example.org"), hash: token(number), at: now
        ).invitation
    }

    static let event = AccountEvent(
        user: id(1), version: 3, at: now, change: .sessionRevoked(id(2), .tokenReused))
}
