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
    /// - Parameter password: Needed for another username or address only: who can read the mail can have the
    ///   account.
    /// - Throws: ``Domain/AccessError``, the rules of what was typed, ``ConfirmationError``,
    ///   ``Domain/SignInError``, ``UserConflict``, ``Domain/UserError``.
    public func callAsFunction(
        _ edit: ProfileEdit, password: String? = nil, by caller: Caller, from origin: Origin
    ) async throws -> User {
        try caller.require(.accountWrite)
        let deed = desk.deed(by: caller, from: origin)
        let changes = try editor.read(edit, at: deed.now)
        let user = try desk.store.read { try $0.activeUser(caller.user, at: deed.now) }
        guard changes.changeSignIn(of: user) else {
            return try await editor.change(caller.user, changes, doing: deed) { user, _ in
                // Somebody else may have changed it back meanwhile.
                guard !changes.changeSignIn(of: user) else { throw ConfirmationError.passwordNeeded }
                return []
            }
        }
        try caller.require(.accountSecurity)
        guard let password else { throw ConfirmationError.passwordNeeded }
        let proof = try await check(password, of: caller, doing: deed)
        do {
            return try await editor.change(caller.user, changes, doing: deed) { _, writer in
                try proof.accept(in: writer)
                return []
            }
        } catch {
            // The password was right, whatever else was not.
            try? await desk.store.write { try proof.accept(in: $0) }
            throw error
        }
    }
}
