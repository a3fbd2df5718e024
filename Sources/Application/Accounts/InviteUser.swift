public import Domain

/// An invitation that was just made, with what is shown of it once.
public struct IssuedInvitation: Sendable {
    /// The invitation.
    public let invitation: Invitation
    /// What lets somebody sign up.
    public let token: SecretToken
}

/// Lets somebody sign up, with a role and on a plan that are decided now.
public struct InviteUser: Sendable {
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

    /// Makes an invitation, and mails it when it is for an address.
    ///
    /// To invite an administrator needs one who has signed in: no API key makes persons of its like.
    ///
    /// - Parameters:
    ///   - email: The only address that may sign up with it; nil for any.
    ///   - lifetime: How long it is good.
    /// - Throws: ``Domain/AccessError``, ``Domain/EmailAddressError``, ``UserConflict/email``,
    ///   ``NotFound/tier``, ``Domain/InvitationError``.
    public func callAsFunction(
        email: String? = nil, role: Role = .user, tier: Tier.Name = .free,
        lifetime: Duration = Invitation.ordinaryLifetime, by caller: Caller, from origin: Origin
    ) async throws -> IssuedInvitation {
        try caller.require(.admin)
        if role == .admin { try caller.require(.accountSecurity) }
        let email = try email.map(input.email)
        let deed = desk.deed(by: caller, from: origin)
        let id: Identifier<Invitation> = desk.identifiers.make()
        let (token, hash) = mint.make(for: .invitation)
        let invitation = try await desk.store.write { writer in
            if let email, try writer.users.find(email: email) != nil { throw UserConflict.email }
            _ = try writer.tier(tier)
            let (invitation, events) = try Invitation.issue(
                id: id, by: caller.user, to: email, role: role, tier: tier, hash: hash, lifetime: lifetime,
                at: deed.now)
            try writer.invitationWriter.insert(invitation)
            try writer.record(events, of: deed)
            return invitation
        }
        if let email { courier.post(letters.invitation(to: email, token: token)) }
        return IssuedInvitation(invitation: invitation, token: token)
    }
}
