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
        switch caller.means {
        case .local: return
        case .session(let id): try sessions.find(id)?.requireActive(at: now)
        case .apiKey(let id, _): try keys.find(id)?.requireActive(at: now)
        }
        try users.find(caller.user)?.requireActive(at: now)
    }
}
