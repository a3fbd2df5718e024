public import Domain

/// Changes what is known about the caller.
public struct UpdateProfile: Sendable {
    private let desk: AccountDesk
    private let editor: ProfileEditor
    private let check: PasswordCheck

    /// The use case over its ports.
    public init(desk: AccountDesk, editor: ProfileEditor, check: PasswordCheck) {
        self.desk = desk
        self.editor = editor
        self.check = check
    }

    /// Changes the profile; all of it or nothing.
    ///
    /// - Parameter password: Needed for another address only: who can read the mail can have the account.
    /// - Throws: ``Domain/AccessError``, the rules of what was typed, ``ConfirmationError``,
    ///   ``Domain/SignInError``, ``UserConflict``, ``Domain/UserError``.
    public func callAsFunction(
        _ edit: ProfileEdit, password: String? = nil, by caller: Caller, from origin: Origin
    ) async throws -> User {
        try caller.require(.accountWrite)
        let deed = desk.deed(by: caller, from: origin)
        let changes = try editor.read(edit, at: deed.now)
        let former = try desk.store.read { try $0.activeUser(caller.user, at: deed.now).profile?.email }
        var proof: PasswordCheck.Proof?
        if let email = changes.email, email != former {
            try caller.require(.accountSecurity)
            guard let password else { throw ConfirmationError.passwordNeeded }
            proof = try await check(password, of: caller, doing: deed)
        }
        return try await editor.change(caller.user, changes, doing: deed) { [proof] _, writer in
            try proof?.accept(in: writer)
            return []
        }
    }
}
