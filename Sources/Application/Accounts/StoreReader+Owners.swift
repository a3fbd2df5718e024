import Domain

extension StoreReader {
    /// Checks that who is to own something was not deleted since the request began, so that nothing is kept that
    /// nobody would ever remove.
    ///
    /// The local user has no row, and is always there.
    ///
    /// - Throws: ``Domain/UserError/deleted``.
    func requirePresence(of owner: Identifier<User>) throws {
        guard owner != User.local, let user = try users.find(owner) else { return }
        if case .deleted = user.state { throw UserError.deleted }
    }

    /// Checks that a caller may still do what was begun some time ago.
    ///
    /// Neither the session or key was ended, nor the user kept out, meanwhile. Callers who are not kept in the store
    /// pass.
    func requireStanding(of caller: Caller, at now: Timestamp) throws {
        _ = try standing(of: caller, at: now)
    }

    /// Checks the same, and says when the session or key stops working by itself; nil for never.
    ///
    /// - Throws: ``Domain/SessionError``, ``Domain/APIKeyError``, ``Domain/UserError``.
    func standing(of caller: Caller, at now: Timestamp) throws -> Timestamp? {
        let until: Timestamp?
        switch caller.means {
        case .local: return nil
        case .session(let id):
            let session = try sessions.find(id)
            try session?.requireActive(at: now)
            until = session?.expiresAt
        case .apiKey(let id, _):
            let key = try keys.find(id)
            try key?.requireActive(at: now)
            until = key?.expiresAt
        }
        try users.find(caller.user)?.requireActive(at: now)
        return until
    }
}
