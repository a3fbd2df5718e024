import Domain

struct InMemoryUsers: UserReader {
    let reader: InMemoryReader
    private var users: Dictionary<Identifier<User>, User>.Values { reader.tables.users.values }

    init(reader: InMemoryReader) {
        self.reader = reader
    }

    func find(_ id: Identifier<User>) throws -> User? {
        reader.tables.users[id]
    }

    func find(username: Username) throws -> User? {
        users.first { $0.profile?.username.key == username.key }
    }

    func find(email: EmailAddress) throws -> User? {
        users.first { $0.profile?.email == email }
    }

    func page(matching text: String?, limit: Int, before cursor: Identifier<User>?) throws
        -> Page<User, Identifier<User>>
    {
        let matching = users.filter { user in
            guard let profile = user.profile else { return false }
            // By bytes: a `String` begins with another only where no combining mark follows.
            return text.map { text in
                [profile.username.key, profile.email.text].contains { $0.utf8.starts(with: text.utf8) }
            } ?? true
        }
        return Page(newestOf: matching, id: \.id, limit: limit, before: cursor)
    }

    func administrators(otherThan user: Identifier<User>, at now: Timestamp) throws -> Int {
        users.count { $0.id != user && $0.role == .admin && $0.standing(at: now) == .active }
    }

    func firstAdministrator(at now: Timestamp) throws -> Identifier<User>? {
        users.filter { $0.role == .admin && $0.standing(at: now) == .active }.map(\.id).min()
    }

    func counts() throws -> [User.State.Name: Int] {
        users.reduce(into: [:]) { $0[$1.state.name, default: 0] += 1 }
    }

    func countsByTier() throws -> [Tier.Name: Int] {
        users.filter { $0.state.name != .deleted }.reduce(into: [:]) { $0[$1.tier, default: 0] += 1 }
    }

    func passwordHash(of user: Identifier<User>) throws -> PasswordHash? {
        reader.tables.passwordHashes[user]
    }
}

struct InMemoryUserWriter: UserWriter {
    let writer: InMemoryWriter

    func insert(_ user: User) throws {
        try requireUnlikeOthers(user)
        guard writer.tables.users[user.id] == nil else { throw PortError.conflict("the user exists already") }
        writer.set(\.users, user.id, user)
    }

    func update(_ user: User) throws {
        guard let stored = writer.tables.users[user.id], stored.version < user.version else {
            throw PortError.conflict("the user was changed meanwhile")
        }
        try requireUnlikeOthers(user)
        writer.set(\.users, user.id, user)
    }

    func setPasswordHash(_ hash: PasswordHash?, of user: Identifier<User>) throws {
        guard hash == nil || writer.tables.users[user] != nil else {
            throw PortError.conflict("there is no such user")
        }
        writer.set(\.passwordHashes, user, hash)
    }

    private func requireUnlikeOthers(_ user: User) throws {
        guard let profile = user.profile else { return }
        let others = writer.tables.users.values.filter { $0.id != user.id }.compactMap(\.profile)
        if others.contains(where: { $0.username.key == profile.username.key }) { throw UserConflict.username }
        if others.contains(where: { $0.email == profile.email }) { throw UserConflict.email }
    }
}
