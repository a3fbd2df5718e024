public import Domain

/// Signs somebody up, as far as the server takes people, and mails a code that confirms the address.
public struct RegisterUser: Sendable {
    private let desk: AccountDesk
    private let policy: @Sendable () throws -> SignUpPolicy
    private let input: TypedInput
    private let hasher: any PasswordHasher
    private let mint: TokenMint
    private let courier: Courier
    private let letters: Letters

    /// The use case over its ports.
    public init(
        desk: AccountDesk, policy: SignUpPolicy, input: TypedInput, hasher: any PasswordHasher,
        mint: TokenMint, courier: Courier, letters: Letters
    ) {
        self.init(
            desk: desk, policy: { policy }, input: input, hasher: hasher, mint: mint, courier: courier,
            letters: letters)
    }

    /// The use case over its ports.
    ///
    /// - Parameter policy: Says, each time, who may sign up now.
    public init(
        desk: AccountDesk, policy: @escaping @Sendable () throws -> SignUpPolicy, input: TypedInput,
        hasher: any PasswordHasher, mint: TokenMint, courier: Courier, letters: Letters
    ) {
        self.desk = desk
        self.policy = policy
        self.input = input
        self.hasher = hasher
        self.mint = mint
        self.courier = courier
        self.letters = letters
    }

    /// Makes the user, with the credits of the first month.
    ///
    /// - Parameter token: The invitation, which decides about role and plan; nil without one.
    /// - Throws: ``SignUpError``, ``TokenError``, ``Domain/InvitationError``, ``UserConflict``, the rules of what
    ///   was typed, ``PortError``.
    public func callAsFunction(_ form: SignUpForm, invitation token: String? = nil, from origin: Origin)
        async throws -> User
    {
        try await UseCase.registerUser.run { try await register(form, invitation: token, from: origin) }
    }

    private func register(_ form: SignUpForm, invitation token: String?, from origin: Origin)
        async throws -> User
    {
        try policy().require(hasInvitation: token != nil)
        let id: Identifier<User> = desk.identifiers.make()
        let deed = desk.deed(by: .user(id), from: origin)
        let (profile, password) = try input.read(form, at: deed.now)
        let invitation = try token.map { token in
            guard let hash = mint.hash(of: token, for: .invitation) else { throw TokenError.unknown }
            return hash
        }
        // What will be refused is refused before a password is hashed for it.
        try desk.store.read { reader in
            _ = try reader.accepted(invitation, by: id, email: profile.email, at: deed.now)
            try reader.requireFree(profile)
        }
        let passwordHash = try await hasher.hash(password)
        let verification = mint.make(for: .emailVerification)
        let user = try await desk.store.write { writer in
            let accepted = try writer.accepted(invitation, by: id, email: profile.email, at: deed.now)
            let registration = User.register(
                id: id, profile: profile, role: accepted?.invitation.role ?? .user,
                tier: accepted?.invitation.tier ?? .free, at: deed.now)
            try writer.add(registration, password: passwordHash, doing: deed)
            if let accepted {
                try writer.invitationWriter.update(accepted.invitation)
                try writer.record(accepted.events, of: deed)
            }
            _ = try writer.keep(
                MailedToken(
                    for: .emailVerification(profile.email), of: id, hash: verification.hash, at: deed.now),
                forMailAt: deed.now)
            return registration.user
        }
        courier.post(letters.verification(to: profile.email, token: verification.token))
        return user
    }
}

extension StoreReader {
    /// The invitation with that hash once somebody has signed up with it; nil without a hash.
    fileprivate func accepted(
        _ hash: TokenHash?, by user: Identifier<User>, email: EmailAddress, at now: Timestamp
    ) throws -> (invitation: Invitation, events: [AccountEvent])? {
        guard let hash else { return nil }
        guard var invitation = try invitations.find(hash: hash) else { throw TokenError.unknown }
        let events = try invitation.accept(by: user, email: email, at: now)
        try invitation.requireStanding(of: try users.find(invitation.inviter), at: now)
        return (invitation, events)
    }
}
