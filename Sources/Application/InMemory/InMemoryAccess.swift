import Domain

struct InMemorySessions: SessionReader {
    let reader: InMemoryReader

    func find(_ id: Identifier<Session>) throws -> Session? {
        reader.tables.sessions[id]
    }

    func find(refreshToken hash: TokenHash) throws -> (session: Session, generation: Int)? {
        guard let token = reader.tables.refreshTokens[hash] else { return nil }
        return reader.tables.sessions[token.session].map { ($0, token.generation) }
    }

    func active(of user: Identifier<User>, at now: Timestamp) throws -> [Session] {
        reader.tables.sessions.values
            .filter { $0.user == user && $0.revocation == nil && now < $0.expiresAt }
            .sorted { $0.id > $1.id }
    }

    func all(of user: Identifier<User>) throws -> [Session] {
        reader.tables.sessions.values.filter { $0.user == user }.sorted { $0.id > $1.id }
    }
}

struct InMemorySessionWriter: SessionWriter {
    let writer: InMemoryWriter

    func insert(_ session: Session, refreshToken hash: TokenHash) throws {
        guard writer.tables.sessions[session.id] == nil else {
            throw PortError.conflict("the session exists already")
        }
        writer.set(\.sessions, session.id, session)
        try add(refreshToken: hash, to: session)
    }

    func update(_ session: Session, refreshToken hash: TokenHash?) throws {
        guard let stored = writer.tables.sessions[session.id], stored.version < session.version else {
            throw PortError.conflict("the session was changed meanwhile")
        }
        writer.set(\.sessions, session.id, session)
        if let hash { try add(refreshToken: hash, to: session) }
    }

    func forgetAll(of user: Identifier<User>) throws {
        let doomed = Set(writer.tables.sessions.values.filter { $0.user == user }.map(\.id))
        for (hash, token) in writer.tables.refreshTokens where doomed.contains(token.session) {
            writer.set(\.refreshTokens, hash, nil)
        }
        for id in doomed { writer.set(\.sessions, id, nil) }
    }

    func forget(overBefore moment: Timestamp, limit: Int) throws -> Int {
        let over = writer.tables.sessions.values.filter { $0.overAt < moment }.map(\.id)
        let sessions = Set(over)
        let tokens = writer.tables.refreshTokens.filter { sessions.contains($0.value.session) }.keys
            .prefix(limit)
        for hash in tokens { writer.set(\.refreshTokens, hash, nil) }
        // Where fewer than the limit were found, none are left.
        let bare = over.prefix(limit - tokens.count)
        for id in bare { writer.set(\.sessions, id, nil) }
        return tokens.count + bare.count
    }

    func add(refreshToken hash: TokenHash, to session: Session) throws {
        guard writer.tables.refreshTokens[hash] == nil else {
            throw PortError.conflict("the refresh token exists already")
        }
        let token = InMemoryTables.RefreshToken(session: session.id, generation: session.generation)
        writer.set(\.refreshTokens, hash, token)
    }
}

struct InMemoryAPIKeys: APIKeyReader {
    let reader: InMemoryReader

    func find(_ id: Identifier<APIKey>) throws -> APIKey? {
        reader.tables.keys[id]
    }

    func find(hash: TokenHash) throws -> APIKey? {
        reader.tables.keys.values.first { $0.hash == hash }
    }

    func all(of owner: Identifier<User>) throws -> [APIKey] {
        reader.tables.keys.values.filter { $0.owner == owner }.sorted { $0.id > $1.id }
    }

    func countActive(of owner: Identifier<User>, at now: Timestamp) throws -> Int {
        reader.tables.keys.values.count { $0.owner == owner && $0.isActive(at: now) }
    }
}

struct InMemoryAPIKeyWriter: APIKeyWriter {
    let writer: InMemoryWriter

    func insert(_ key: APIKey) throws {
        guard !writer.tables.keys.values.contains(where: { $0.id == key.id || $0.hash == key.hash }) else {
            throw PortError.conflict("the key exists already")
        }
        writer.set(\.keys, key.id, key)
    }

    func update(_ key: APIKey) throws {
        guard let stored = writer.tables.keys[key.id], stored.version < key.version else {
            throw PortError.conflict("the key was changed meanwhile")
        }
        let uses = [stored.lastUsedAt, key.lastUsedAt].compactMap { $0 }
        writer.set(\.keys, key.id, key.with(lastUsedAt: uses.max()))
    }

    func noteUse(of id: Identifier<APIKey>, at moment: Timestamp) throws {
        guard let key = writer.tables.keys[id], key.lastUsedAt.map({ $0 < moment }) ?? true else { return }
        writer.set(\.keys, id, key.with(lastUsedAt: moment))
    }

    func forgetVoid(of owner: Identifier<User>, keeping count: Int, at now: Timestamp) throws {
        let void = try writer.keys.all(of: owner).filter { !$0.isActive(at: now) }
        for key in void.dropFirst(count) { writer.set(\.keys, key.id, nil) }
    }

    func forget(voidBefore moment: Timestamp, limit: Int) throws -> Int {
        let void = writer.tables.keys.values.filter { key in key.voidAt.map { $0 < moment } ?? false }
            .prefix(limit)
        for key in void { writer.set(\.keys, key.id, nil) }
        return void.count
    }

    func forgetAll(of owner: Identifier<User>) throws {
        for key in writer.tables.keys.values where key.owner == owner { writer.set(\.keys, key.id, nil) }
    }
}

extension APIKey {
    /// The same version of the key with its last use noted.
    fileprivate func with(lastUsedAt: Timestamp?) -> APIKey {
        APIKey(
            id: id, owner: owner, name: name, scopes: scopes, hash: hash, createdAt: createdAt,
            expiresAt: expiresAt, lastUsedAt: lastUsedAt, revokedAt: revokedAt, version: version)
    }
}

struct InMemoryInvitations: InvitationReader {
    let reader: InMemoryReader

    func find(_ id: Identifier<Invitation>) throws -> Invitation? {
        reader.tables.invitations[id]
    }

    func find(hash: TokenHash) throws -> Invitation? {
        reader.tables.invitations.values.first { $0.hash == hash }
    }

    func page(limit: Int, before cursor: Identifier<Invitation>?) throws
        -> Page<Invitation, Identifier<Invitation>>
    {
        Page(newestOf: reader.tables.invitations.values, id: \.id, limit: limit, before: cursor)
    }
}

struct InMemoryInvitationWriter: InvitationWriter {
    let writer: InMemoryWriter

    func insert(_ invitation: Invitation) throws {
        let present = writer.tables.invitations.values
        guard !present.contains(where: { $0.id == invitation.id || $0.hash == invitation.hash }) else {
            throw PortError.conflict("the invitation exists already")
        }
        writer.set(\.invitations, invitation.id, invitation)
    }

    func update(_ invitation: Invitation) throws {
        guard let stored = writer.tables.invitations[invitation.id], stored.version < invitation.version
        else { throw PortError.conflict("the invitation was changed meanwhile") }
        writer.set(\.invitations, invitation.id, invitation)
    }

    func forgetAddress(of user: Identifier<User>) throws {
        for invitation in writer.tables.invitations.values {
            guard case .accepted(user, _) = invitation.state else { continue }
            writer.set(\.invitations, invitation.id, invitation.withoutAddress)
        }
    }
}

struct InMemoryMailedTokens: MailedTokenReader {
    let reader: InMemoryReader

    func find(hash: TokenHash) throws -> MailedToken? {
        reader.tables.mailedTokens[hash]
    }

    func allowance(of user: Identifier<User>, for kind: MailedToken.Kind) throws -> MailAllowance {
        reader.tables.mailAllowances[MailRecipient(user: user, kind: kind)] ?? MailAllowance()
    }
}

struct InMemoryMailedTokenWriter: MailedTokenWriter {
    let writer: InMemoryWriter

    func insert(_ token: MailedToken) throws {
        forget { $0.user == token.user && $0.purpose.kind == token.purpose.kind }
        guard writer.tables.mailedTokens[token.hash] == nil else {
            throw PortError.conflict("the token exists already")
        }
        writer.set(\.mailedTokens, token.hash, token)
    }

    func update(_ token: MailedToken) throws {
        guard writer.tables.mailedTokens[token.hash] != nil else { return }
        writer.set(\.mailedTokens, token.hash, token)
    }

    func forgetAll(of user: Identifier<User>) throws {
        forget { $0.user == user }
    }

    func forgetPasswordResets(of user: Identifier<User>) throws {
        forget { $0.user == user && $0.purpose == .passwordReset }
    }

    func put(_ allowance: MailAllowance, of user: Identifier<User>, for kind: MailedToken.Kind) throws {
        let isUsed = allowance.since != nil
        writer.set(\.mailAllowances, MailRecipient(user: user, kind: kind), isUsed ? allowance : nil)
    }

    func forget(expiredBefore moment: Timestamp, limit: Int) throws -> Int {
        forget(atMost: limit) { $0.expiresAt < moment }
    }

    @discardableResult
    private func forget(atMost limit: Int = .max, where isDoomed: (MailedToken) -> Bool) -> Int {
        let doomed = writer.tables.mailedTokens.filter { isDoomed($0.value) }.keys.prefix(limit)
        for hash in doomed { writer.set(\.mailedTokens, hash, nil) }
        return doomed.count
    }
}

/// Whom codes of a kind are mailed to.
struct MailRecipient: Hashable, Sendable {
    let user: Identifier<User>
    let kind: MailedToken.Kind
}

struct InMemoryThrottles: SignInThrottleReader {
    let reader: InMemoryReader

    func find(_ subject: SignInSubject) throws -> SignInThrottle {
        reader.tables.throttles[subject] ?? SignInThrottle()
    }
}

struct InMemoryThrottleWriter: SignInThrottleWriter {
    let writer: InMemoryWriter

    func put(_ throttle: SignInThrottle, for subject: SignInSubject) throws {
        writer.set(\.throttles, subject, throttle.lastFailureAt == nil ? nil : throttle)
    }

    func forget(before moment: Timestamp, limit: Int) throws -> Int {
        let old = writer.tables.throttles.filter { $0.value.lastFailureAt.map { $0 < moment } ?? true }
            .keys.prefix(limit)
        for subject in old { writer.set(\.throttles, subject, nil) }
        return old.count
    }
}
