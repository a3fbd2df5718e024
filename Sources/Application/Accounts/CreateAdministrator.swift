public import Domain

/// Makes an administrator at the wish of who runs the server: the first user, or a later one when nobody else
/// can get in.
public struct CreateAdministrator: Sendable {
    private let desk: AccountDesk
    private let input: TypedInput
    private let hasher: any PasswordHasher

    /// The use case over its ports.
    public init(desk: AccountDesk, input: TypedInput, hasher: any PasswordHasher) {
        self.desk = desk
        self.input = input
        self.hasher = hasher
    }

    /// Makes the user, whose address counts as confirmed.
    ///
    /// The administrator gets what is the local user's: what was made while the server had no accounts.
    ///
    /// - Returns: The user, and whether there was anything to get.
    /// - Throws: ``UserConflict``, the rules of what was typed, ``PortError``.
    public func callAsFunction(_ form: SignUpForm) async throws -> (user: User, isHeir: Bool) {
        let deed = desk.deed(by: .server, from: .server)
        let (profile, password) = try input.read(form, isEmailVerified: true, at: deed.now)
        try desk.store.read { try $0.requireFree(profile) }
        let passwordHash = try await hasher.hash(password)
        let id: Identifier<User> = desk.identifiers.make()
        return try await desk.store.write { writer in
            let registration = User.register(id: id, profile: profile, role: .admin, at: deed.now)
            try writer.add(registration, password: passwordHash, doing: deed)
            return (registration.user, try writer.inheritLocalThings(id, doing: deed))
        }
    }
}
