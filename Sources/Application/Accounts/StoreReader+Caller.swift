import Domain

extension StoreReader {
    /// The caller as the store knows the caller now: between finding out who calls and writing something a session
    /// can end, a key become void and a role be taken away.
    ///
    /// - Throws: ``IdentificationError/unknown``, ``Domain/SessionError``, ``Domain/APIKeyError``,
    ///   ``NotFound/user``, ``Domain/UserError``.
    func present(_ caller: Caller, at now: Timestamp) throws -> Caller {
        switch caller.means {
        case .local: return caller
        case .session(let id):
            guard let session = try sessions.find(id), caller.owns(session.user) else {
                throw IdentificationError.unknown
            }
            try session.requireActive(at: now)
        case .apiKey(let id, _):
            guard let key = try keys.find(id), caller.owns(key.owner) else {
                throw IdentificationError.unknown
            }
            try key.requireActive(at: now)
        }
        let user = try activeUser(caller.user, at: now)
        return Caller(user: user.id, role: user.role, means: caller.means)
    }
}
