import Application
import Domain

extension Sample {
    static func token(_ number: Int) -> TokenHash {
        let bytes = (0..<32).map { UInt8(truncatingIfNeeded: $0 &* 5 &+ number) }
        guard let hash = TokenHash(bytes: bytes) else { preconditionFailure("a hash has 32 bytes") }
        return hash
    }

    static func profile(_ number: Int, name: String) throws -> Profile {
        try Profile(
            username: Username(name), email: EmailAddress("user\(number)@example.org"), isEmailVerified: true,
            firstName: PersonName("Zoë"), lastName: nil, timeZone: TimeZoneName("America/St_Johns"))
    }

    static func user(_ number: Int, name: String? = nil, role: Role = .user, tier: Tier.Name = .free) throws
        -> User
    {
        User.register(
            id: id(number), profile: try profile(number, name: name ?? "user\(number)"), role: role,
            tier: tier, at: now
        ).user
    }

    /// A user in every state, numbered from 1.
    static func usersInEveryState() throws -> [User] {
        func made(_ number: Int, _ change: (inout User) throws -> [AccountEvent]) throws -> User {
            var user = try user(number, tier: .premium)
            _ = try change(&user)
            return user
        }
        return [
            try user(1, role: .admin),
            try made(2) { try $0.deactivate(otherAdministrators: 0, at: now) },
            try made(3) { user in
                try user.suspend(because: "“Why?”", until: nil, otherAdministrators: 0, at: now)
            },
            try made(4) { user in
                try user.suspend(
                    because: "A day", until: now + .seconds(86_400), otherAdministrators: 0, at: now)
            },
            try made(5) { try $0.delete(otherAdministrators: 0, at: now) },
        ]
    }

    static func session(_ number: Int, of user: Int, at moment: Timestamp = now) -> Session {
        Session.start(id: id(number), user: id(user), device: "Gerät \(number)", at: moment).session
    }

    static func key(_ number: Int, of owner: Int, expiresAt: Timestamp? = nil) throws -> APIKey {
        let caller = Caller(user: id(owner), role: .user, means: .session(id(1)))
        return try APIKey.issue(
            id: id(number), to: caller, name: "Schlüssel \(number)", scopes: [.tasksRead, .creditsRead],
            hash: token(number), expiresAt: expiresAt, activeKeys: 0, at: now
        ).key
    }

    static func invitation(_ number: Int, email: EmailAddress? = nil) throws -> Invitation {
        try Invitation.issue(
            id: id(number), by: id(1), to: email, role: .admin, tier: .premium, hash: token(number), at: now
        ).invitation
    }

    static let address = NetworkAddress(high: 0x2001_0DB8_0000_0000, low: 0x8000_0000_0000_0001)

    static func line(
        _ number: Int, _ action: AuditAction = .profileChanged, by initiator: AuditEntry.Initiator = .server,
        to subject: AuditEntry.Subject = .server, at moment: Timestamp = now, isSuccess: Bool = true
    ) -> AuditEntry {
        AuditEntry(
            id: id(number), at: moment, action: action, initiator: initiator, subject: subject,
            address: address, isSuccess: isSuccess, detail: "Because “\(number)”")
    }

    /// One event of every kind.
    static let accountEvents: [AccountEvent] =
        [
            .registered, .usernameChanged, .emailChanged, .emailVerified, .profileChanged,
            .tierChanged(from: .free, to: .premium), .roleChanged(.admin), .activated, .deactivated,
            .suspended(until: nil), .suspended(until: now + .seconds(1)), .unsuspended, .deleted,
            .keyIssued(id(3)), .keyRenamed(id(3)), .keyRevoked(id(3)), .sessionStarted(id(4)),
            .sessionRefreshed(id(4)), .sessionRevoked(id(4), .signedOut),
            .sessionRevoked(id(4), .tokenReused),
            .invitationIssued(id(5)), .invitationAccepted(id(5)), .invitationWithdrawn(id(5)),
        ].enumerated().map(event)
        + CreditEntry.Kind.Name.allCases.enumerated().map { number, kind in
            event(number, .creditsMoved(kind, amount: -7 * number, available: 12))
        }

    private static func event(_ number: Int, _ change: AccountChange) -> AccountEvent {
        AccountEvent(user: id(number), version: number, at: now + .milliseconds(number), change: change)
    }
}
