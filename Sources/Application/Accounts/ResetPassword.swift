import Domain

/// Gives another password to who shows the code that was mailed, ends all sessions and makes all API keys void:
/// whoever knew the former password may have made some.
public struct ResetPassword: Sendable {
    private let desk: AccountDesk
    private let input: TypedInput
    private let hasher: any PasswordHasher
    private let mint: TokenMint

    /// The use case over its ports.
    public init(
        desk: AccountDesk, input: TypedInput, hasher: any PasswordHasher, mint: TokenMint
    ) {
        self.desk = desk
        self.input = input
        self.hasher = hasher
        self.mint = mint
    }

    /// Uses the code, once; who was locked out after too many attempts can sign in at once.
    ///
    /// - Throws: ``TokenError``, ``Domain/MailedTokenError``, ``Domain/UserError``, ``Domain/PasswordError``,
    ///   ``PortError``.
    public func callAsFunction(_ token: String, to new: String, from origin: Origin) async throws {
        guard let hash = mint.hash(of: token, for: .passwordReset) else { throw TokenError.unknown }
        let anonymous = desk.deed(by: .anonymous, from: origin)
        let now = anonymous.now
        // What will be refused is refused before a password is hashed for it.
        let (_, profile) = try desk.store.read { try $0.redeemed(hash, at: now) }
        let passwordHash = try await hasher.hash(try input.newPassword(new, of: profile))
        try await desk.store.write { writer in
            let (token, profile) = try writer.redeemed(hash, at: now)
            try writer.mailedTokenWriter.update(token)
            let deed = anonymous.known(as: token.user)
            try writer.setPassword(passwordHash, of: token.user, doing: deed)
            try writer.revokeKeys(of: token.user, doing: deed)
            try writer.forgetAttempts(for: profile.signInNames)
        }
    }
}

extension StoreReader {
    /// A code to choose a new password, once it has been used, and the profile of its user.
    fileprivate func redeemed(_ hash: TokenHash, at now: Timestamp) throws -> (MailedToken, Profile) {
        guard var token = try mailedTokens.find(hash: hash), token.purpose == .passwordReset else {
            throw TokenError.unknown
        }
        try token.redeem(at: now)
        guard let profile = try activeUser(token.user, at: now).profile else { throw NotFound.user }
        return (token, profile)
    }
}
