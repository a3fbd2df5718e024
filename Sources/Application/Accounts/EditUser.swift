public import Domain

/// Changes a user's profile and role for an administrator.
public struct EditUser: Sendable {
    private let desk: AccountDesk
    private let editor: ProfileEditor

    /// The use case over its ports.
    public init(desk: AccountDesk, editor: ProfileEditor) {
        self.desk = desk
        self.editor = editor
    }

    /// Changes the user; all of it or nothing.
    ///
    /// Another name to sign in with, another address and another role need an administrator who has signed in, as
    /// they let somebody in; one's own name and address need ``UpdateProfile``, and so the password.
    ///
    /// - Parameter role: Another role; nil leaves it.
    /// - Throws: ``Domain/AccessError``, ``NotFound/user``, the rules of what was typed,
    ///   ``ConfirmationError/ownAccount``, ``UserConflict``, ``Domain/UserError``.
    public func callAsFunction(
        _ id: Identifier<User>, _ edit: ProfileEdit, role: Role? = nil, by caller: Caller, from origin: Origin
    ) async throws -> User {
        try caller.require(.admin)
        let deed = desk.deed(by: caller, from: origin)
        let changes = try editor.read(edit, at: deed.now)
        return try await editor.change(id, changes, doing: deed) { user, writer in
            if changes.changeSignIn(of: user) {
                try caller.require(.accountSecurity)
                guard !caller.owns(id) else { throw ConfirmationError.ownAccount }
            }
            guard let role else { return [] }
            if role != user.role { try caller.require(.accountSecurity) }
            let others = try writer.users.administrators(otherThan: id, at: deed.now)
            return try user.change(role: role, otherAdministrators: others, at: deed.now)
        }
    }
}
