public import Domain

/// Gives the caller another password, and ends all other sessions.
public struct ChangePassword: Sendable {
    private let desk: AccountDesk
    private let input: TypedInput
    private let check: PasswordCheck
    private let hasher: any PasswordHasher

    /// The use case over its ports.
    public init(
        desk: AccountDesk, input: TypedInput, check: PasswordCheck, hasher: any PasswordHasher
    ) {
        self.desk = desk
        self.input = input
        self.check = check
        self.hasher = hasher
    }

    /// Changes the password; what was mailed to choose a new one is void.
    ///
    /// - Parameters:
    ///   - current: The password so far.
    ///   - revokesKeys: Whether all API keys become void too, as when somebody else may have made one.
    /// - Throws: ``Domain/AccessError``, ``Domain/PasswordError``, ``Domain/SignInError``, ``Domain/UserError``,
    ///   ``PortError``.
    public func callAsFunction(
        from current: String, to new: String, revokingKeys revokesKeys: Bool = false, by caller: Caller,
        from origin: Origin
    ) async throws {
        try caller.require(.accountSecurity)
        let deed = desk.deed(by: caller, from: origin)
        let profile = try desk.store.read { try $0.activeUser(caller.user, at: deed.now).profile }
        guard let profile else { throw NotFound.user }
        let password = try input.newPassword(new, of: profile)
        let proof = try await check(current, of: caller, doing: deed)
        let hash = try await hasher.hash(password)
        try await desk.store.write { writer in
            _ = try writer.activeUser(caller.user, at: deed.now)
            try proof.accept(in: writer)
            try writer.setPassword(hash, of: caller.user, keeping: caller.session, doing: deed)
            if revokesKeys { try writer.revokeKeys(of: caller.user, doing: deed) }
            // What confirms the address has nothing to do with the password, and stays good.
            try writer.mailedTokenWriter.forgetPasswordResets(of: caller.user)
        }
    }
}

extension Caller {
    /// The session by which the caller calls; nil for one who calls by other means.
    var session: Identifier<Session>? {
        if case .session(let id) = means { id } else { nil }
    }
}

extension StoreWriter {
    /// Keeps a new password, and ends all sessions that began with the former one, or all but one.
    func setPassword(
        _ hash: PasswordHash, of user: Identifier<User>, keeping kept: Identifier<Session>? = nil,
        doing deed: Deed
    ) throws {
        try userWriter.setPasswordHash(hash, of: user)
        try note(.passwordChanged, on: .user(user), of: deed)
        try endSessions(of: user, but: kept, because: .passwordChanged, doing: deed)
    }
}
