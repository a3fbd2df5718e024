public import Domain

/// Notes that mail to somebody's address arrives, since the code that was sent there has come back.
public struct VerifyEmail: Sendable {
    private let desk: AccountDesk
    private let mint: TokenMint

    /// The use case over its ports.
    public init(desk: AccountDesk, mint: TokenMint) {
        self.desk = desk
        self.mint = mint
    }

    /// Uses the code, once.
    ///
    /// - Throws: ``TokenError``, ``Domain/MailedTokenError``, ``Domain/UserError``.
    public func callAsFunction(_ token: String, from origin: Origin) async throws -> User {
        guard let hash = mint.hash(of: token, for: .emailVerification) else { throw TokenError.unknown }
        let anonymous = desk.deed(by: .anonymous, from: origin)
        return try await desk.store.write { writer in
            guard var token = try writer.mailedTokens.find(hash: hash),
                case .emailVerification(let email) = token.purpose
            else { throw TokenError.unknown }
            let deed = anonymous.known(as: token.user)
            try token.redeem(at: deed.now)
            var user = try writer.user(token.user)
            let events = try user.verify(email, at: deed.now)
            try writer.mailedTokenWriter.update(token)
            guard !events.isEmpty else { return user }
            try writer.userWriter.update(user)
            try writer.record(events, of: deed)
            return user
        }
    }
}
