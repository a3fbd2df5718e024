import Domain

/// Mails a code to who has forgotten the password.
///
/// The answer and the work are the same whether or not anybody has the address.
public struct RequestPasswordReset: Sendable {
    private let desk: AccountDesk
    private let input: TypedInput
    private let mint: TokenMint
    private let courier: Courier
    private let letters: Letters

    /// The use case over its ports.
    public init(
        desk: AccountDesk, input: TypedInput, mint: TokenMint, courier: Courier, letters: Letters
    ) {
        self.desk = desk
        self.input = input
        self.mint = mint
        self.courier = courier
        self.letters = letters
    }

    /// Mails a code, in place of an earlier one, if an active user has that address and was not mailed enough of
    /// late (``Domain/MailAllowance``).
    ///
    /// - Throws: ``Domain/EmailAddressError`` for what is no address at all.
    public func callAsFunction(email text: String, from origin: Origin) async throws {
        let email = try input.email(text)
        let deed = desk.deed(by: .anonymous, from: origin)
        let reset = mint.make(for: .passwordReset)
        let isMailed = try await desk.store.write { writer in
            let user = try writer.users.find(email: email)
            var isMailed = false
            if let user, user.standing(at: deed.now) == .active {
                isMailed = try writer.keep(
                    MailedToken(for: .passwordReset, of: user.id, hash: reset.hash, at: deed.now),
                    forMailAt: deed.now)
            }
            try writer.note(
                .passwordResetRequested, on: user.map { .user($0.id) } ?? .server, of: deed,
                isSuccess: isMailed)
            return isMailed
        }
        if isMailed { courier.post(letters.passwordReset(to: email, token: reset.token)) }
    }
}
