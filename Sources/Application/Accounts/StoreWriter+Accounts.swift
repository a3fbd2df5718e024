import Domain

extension StoreReader {
    /// The user with that identifier.
    ///
    /// - Throws: ``NotFound/user``.
    func user(_ id: Identifier<User>) throws -> User {
        guard let user = try users.find(id) else { throw NotFound.user }
        return user
    }

    /// The user with that identifier, who may work now.
    ///
    /// - Throws: ``NotFound/user``, ``Domain/UserError``.
    func activeUser(_ id: Identifier<User>, at now: Timestamp) throws -> User {
        let user = try user(id)
        try user.requireActive(at: now)
        return user
    }

    /// The plan with that name.
    ///
    /// - Throws: ``NotFound/tier``.
    func tier(_ name: Tier.Name) throws -> Tier {
        guard let tier = try tiers.find(name) else { throw NotFound.tier }
        return tier
    }
}

extension StoreWriter {
    /// Puts what happened into the outbox, and a line for each of it into the audit trail.
    func record(
        _ events: [AccountEvent], of deed: Deed, isSuccess: Bool = true, detail: String? = nil
    ) throws {
        guard !events.isEmpty else { return }
        try accountEventWriter.append(events)
        for event in events {
            try note(
                event.change.action, on: event.subject, of: deed, isSuccess: isSuccess,
                detail: detail ?? event.detail)
        }
    }

    /// Adds a line to the audit trail about what is no change of an account.
    func note(
        _ action: AuditAction, on subject: AuditEntry.Subject, of deed: Deed, isSuccess: Bool = true,
        detail: String? = nil
    ) throws {
        try auditWriter.append(deed.line(action, on: subject, isSuccess: isSuccess, detail: detail))
    }

    /// Ends all sessions of a user, or all but one.
    func endSessions(
        of user: Identifier<User>, but kept: Identifier<Session>? = nil,
        because reason: Session.Revocation.Reason, doing deed: Deed
    ) throws {
        for var session in try sessions.active(of: user, at: deed.now) where session.id != kept {
            let events = session.revoke(reason, at: deed.now)
            try sessionWriter.update(session, refreshToken: nil)
            try record(events, of: deed)
        }
    }

    /// Ends as many of a user's sessions as are too many for another one to begin, first those that were longest
    /// not gone on with.
    func makeRoomForSession(of user: Identifier<User>, doing deed: Deed) throws {
        let active = try sessions.active(of: user, at: deed.now)
        let oldest = active.sorted { ($0.refreshedAt, $0.id) < ($1.refreshedAt, $1.id) }
        for var session in oldest.prefix(max(0, active.count + 1 - Session.mostActive)) {
            let events = session.revoke(.ended, at: deed.now)
            try sessionWriter.update(session, refreshToken: nil)
            try record(events, of: deed)
        }
    }

    /// Makes all API keys of a user void.
    func revokeKeys(of user: Identifier<User>, doing deed: Deed) throws {
        for var key in try keys.all(of: user) {
            let events = key.revoke(at: deed.now)
            guard !events.isEmpty else { continue }
            try keyWriter.update(key)
            try record(events, of: deed)
        }
    }
}
