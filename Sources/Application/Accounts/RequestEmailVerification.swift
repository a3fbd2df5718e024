public import Domain

/// Mails the caller another code that confirms the address.
public struct RequestEmailVerification: Sendable {
    private let desk: AccountDesk
    private let mint: TokenMint
    private let courier: Courier
    private let letters: Letters

    /// The use case over its ports.
    public init(desk: AccountDesk, mint: TokenMint, courier: Courier, letters: Letters) {
        self.desk = desk
        self.mint = mint
        self.courier = courier
        self.letters = letters
    }

    /// Mails a code, in place of an earlier one; nothing when the address is confirmed already, or the
    /// user was mailed enough of late (``Domain/MailAllowance``).
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/user``, ``Domain/UserError``.
    public func callAsFunction(by caller: Caller) async throws {
        try caller.require(.accountWrite)
        let now = desk.clock.now()
        let verification = mint.make(for: .emailVerification)
        let email = try await desk.store.write { writer -> EmailAddress? in
            let user = try writer.activeUser(caller.user, at: now)
            guard let profile = user.profile, !profile.isEmailVerified else { return nil }
            let isMailed = try writer.keep(
                MailedToken(
                    for: .emailVerification(profile.email), of: user.id, hash: verification.hash, at: now),
                forMailAt: now)
            return isMailed ? profile.email : nil
        }
        if let email { courier.post(letters.verification(to: email, token: verification.token)) }
    }
}
