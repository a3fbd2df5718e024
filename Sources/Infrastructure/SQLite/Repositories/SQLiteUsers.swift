import Application
import Domain

/// The users in SQLite.
struct SQLiteUsers: UserReader, UserWriter {
    let session: SQLiteSession

    private static let columns: StaticString = """
        id, version, state, role, tier, email, suspended_until, created_at, deleted_at, record
        """
    static let findOne = SQL("SELECT", columns, "FROM users WHERE id = ?")
    static let byUsername = SQL("SELECT", columns, "FROM users WHERE username_key = ?")
    static let byEmail = SQL("SELECT", columns, "FROM users WHERE email = ?")
    static let newest = SQL(
        "SELECT", columns, "FROM users WHERE id < ? AND state <> 'deleted' ORDER BY id DESC LIMIT ?")
    static let newestMatching = SQL(
        "SELECT", columns,
        """
        FROM users WHERE id < ?2 AND id IN (
            SELECT id FROM users WHERE username_key >= ?1 AND username_key < ?1 || char(1114111)
            UNION SELECT id FROM users WHERE email >= ?1 AND email < ?1 || char(1114111))
        ORDER BY id DESC LIMIT ?3
        """)

    func find(_ id: Identifier<User>) throws -> User? {
        try session.first(Self.findOne, id, as: User.init(row:))
    }

    func find(username: Username) throws -> User? {
        try session.first(Self.byUsername, username.key, as: User.init(row:))
    }

    func find(email: EmailAddress) throws -> User? {
        try session.first(Self.byEmail, email.text, as: User.init(row:))
    }

    func page(matching text: String?, limit: Int, before cursor: Identifier<User>?) throws
        -> Page<User, Identifier<User>>
    {
        let cursor = cursor ?? .last
        let users =
            if let text {
                try session.all(Self.newestMatching, text, cursor, limit + 1, as: User.init(row:))
            } else {
                try session.all(Self.newest, cursor, limit + 1, as: User.init(row:))
            }
        return Page(upTo: limit, of: users) { $0.id }
    }

    func administrators(otherThan user: Identifier<User>, at now: Timestamp) throws -> Int {
        try session.value(
            """
            SELECT count(*) FROM users
            WHERE role = 'admin' AND id <> ?
                AND (state = 'active' OR (state = 'suspended' AND suspended_until <= ?))
            """, user, now) ?? 0
    }

    func firstAdministrator(at now: Timestamp) throws -> Identifier<User>? {
        try session.value(
            """
            SELECT min(id) FROM users
            WHERE role = 'admin' AND (state = 'active' OR (state = 'suspended' AND suspended_until <= ?))
            """, now)
    }

    func counts() throws -> [User.State.Name: Int] {
        let totals = try session.totals(of: nil)
        return User.State.Name.allCases.reduce(into: [:]) { counts, state in
            let count = totals[Total(state)]
            if count > 0 { counts[state] = count }
        }
    }

    func countsByTier() throws -> [Tier.Name: Int] {
        let counts = try session.all(
            """
            SELECT name, (SELECT count(id) FROM users WHERE tier = tiers.name AND state <> 'deleted')
            FROM tiers
            """
        ) { (Tier.Name(stored: $0.next()), $0.next(Int.self)) }
        return Dictionary(uniqueKeysWithValues: counts.filter { $0.1 > 0 })
    }

    func passwordHash(of user: Identifier<User>) throws -> PasswordHash? {
        try session.value("SELECT hash FROM passwords WHERE user = ?", user, as: String.self)
            .map { PasswordHash($0) }
    }

    func insert(_ user: User) throws {
        try requireUnlikeOthers(user)
        try session.run(
            """
            INSERT INTO users (
                id, version, state, role, tier, username_key, email, suspended_until, created_at, deleted_at,
                record)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            user.id, user.version, user.state.name.rawValue, user.role.rawValue, user.tier.text,
            user.profile?.username.key, user.profile?.email.text, user.suspendedUntil, user.createdAt,
            user.deletedAt, UserRecord(user).record)
        session.count(Total(user.state.name), of: nil, by: 1)
    }

    func update(_ user: User) throws {
        let former = try session.first("SELECT version, state FROM users WHERE id = ?", user.id) { row in
            (version: row.next(Int.self), state: try RecordReader.named(row.next()) as User.State.Name)
        }
        guard let former, former.version < user.version else {
            throw PortError.conflict("the user was changed meanwhile")
        }
        try requireUnlikeOthers(user)
        try session.run(
            """
            UPDATE users SET
                version = ?2, state = ?3, role = ?4, tier = ?5, username_key = ?6, email = ?7,
                suspended_until = ?8, deleted_at = ?9, record = ?10
            WHERE id = ?1
            """,
            user.id, user.version, user.state.name.rawValue, user.role.rawValue, user.tier.text,
            user.profile?.username.key, user.profile?.email.text, user.suspendedUntil, user.deletedAt,
            UserRecord(user).record)
        if former.state != user.state.name {
            session.count(Total(former.state), of: nil, by: -1)
            session.count(Total(user.state.name), of: nil, by: 1)
        }
    }

    func setPasswordHash(_ hash: PasswordHash?, of user: Identifier<User>) throws {
        guard let hash else {
            try session.run("DELETE FROM passwords WHERE user = ?", user)
            return
        }
        try session.run(
            """
            INSERT INTO passwords (user, hash) VALUES (?, ?)
            ON CONFLICT (user) DO UPDATE SET hash = excluded.hash
            """, user, hash.text)
    }

    /// Nobody else can take name or address before the unit of work ends: writers take turns.
    private func requireUnlikeOthers(_ user: User) throws {
        guard let profile = user.profile else { return }
        let named = try session.value(
            "SELECT id FROM users WHERE username_key = ?", profile.username.key, as: Identifier<User>.self)
        if let named, named != user.id { throw UserConflict.username }
        let addressed = try session.value(
            "SELECT id FROM users WHERE email = ?", profile.email.text, as: Identifier<User>.self)
        if let addressed, addressed != user.id { throw UserConflict.email }
    }
}

extension User {
    fileprivate var suspendedUntil: Timestamp? {
        if case .suspended(let suspension) = state { suspension.until } else { nil }
    }

    fileprivate var deletedAt: Timestamp? {
        if case .deleted(let moment) = state { moment } else { nil }
    }

    /// Reads the columns in the order in which every statement selects them.
    fileprivate init(row: inout Row) throws {
        let id = row.next(Identifier<User>.self)
        let version = row.next(Int.self)
        let name: State.Name = try RecordReader.named(row.next())
        let role: Role = try RecordReader.named(row.next())
        let tier = Tier.Name(stored: row.next())
        let email = try row.nextEmail()
        let suspendedUntil = row.next(Timestamp?.self)
        let createdAt = row.next(Timestamp.self)
        let deletedAt = row.next(Timestamp?.self)
        let record = try row.nextRecord(UserRecord.self)
        let state: State =
            switch (name, record.suspension, deletedAt) {
            case (.active, _, _): .active
            case (.inactive, _, _): .inactive
            case (.suspended, let (reason, since)?, _):
                .suspended(Suspension(stored: reason, since: since, until: suspendedUntil))
            case (.deleted, _, let deletedAt?): .deleted(at: deletedAt)
            case (.suspended, nil, _), (.deleted, _, nil):
                throw PortError.corrupt("a user whose state lacks its data")
            }
        self.init(
            id: id, profile: Profile(record.person, email: email), role: role, tier: tier, state: state,
            createdAt: createdAt, version: version)
    }
}

extension Profile {
    fileprivate init?(_ person: UserRecord.Person?, email: EmailAddress?) {
        guard let person, let email else { return nil }
        self.init(
            username: person.username, email: email, isEmailVerified: person.isEmailVerified,
            firstName: person.firstName, lastName: person.lastName, timeZone: person.timeZone)
    }
}
