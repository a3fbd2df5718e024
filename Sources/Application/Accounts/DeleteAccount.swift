public import Domain

/// Removes the caller's own account.
public struct DeleteAccount: Sendable {
    private let desk: AccountDesk
    private let check: PasswordCheck
    private let remove: UserRemoval

    /// The use case over its ports.
    public init(desk: AccountDesk, check: PasswordCheck, removal: UserRemoval) {
        self.desk = desk
        self.check = check
        remove = removal
    }

    /// Removes the account.
    ///
    /// - Parameter password: Once more, since nothing brings the account back.
    /// - Throws: ``Domain/AccessError``, ``Domain/SignInError``, ``Domain/UserError/lastAdministrator``.
    public func callAsFunction(password: String, by caller: Caller, from origin: Origin) async throws {
        try caller.require(.accountSecurity)
        let deed = desk.deed(by: caller, from: origin)
        let proof = try await check(password, of: caller, doing: deed)
        try await desk.store.write { writer in
            try proof.accept(in: writer)
            try remove(try writer.user(caller.user), in: writer, doing: deed)
        }
    }
}
