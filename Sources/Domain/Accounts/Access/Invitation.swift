/// Leave to sign up, for someone to whom a token was handed.
public struct Invitation: Hashable, Sendable {
    /// What became of it.
    public enum State: Hashable, Sendable {
        /// Nobody has used it.
        case open
        /// Someone signed up with it.
        case accepted(by: Identifier<User>, at: Timestamp)
        /// An administrator took it back.
        case withdrawn(at: Timestamp)
    }

    /// How long an invitation is good when nothing else is said.
    public static let ordinaryLifetime = Duration.seconds(7 * 86_400)

    /// Its identifier.
    public let id: Identifier<Invitation>
    /// Who invites.
    public let inviter: Identifier<User>
    /// The only address that may sign up with it; nil for any.
    public let email: EmailAddress?
    /// The role that the new user will have.
    public let role: Role
    /// The plan that the new user will be on.
    public let tier: Tier.Name
    /// What it is found by.
    public let hash: TokenHash
    /// When it was made.
    public let createdAt: Timestamp
    /// When it stops being good by itself.
    public let expiresAt: Timestamp
    /// What became of it.
    public private(set) var state: State
    /// How often it has changed.
    public private(set) var version: Int

    /// Makes an invitation.
    public static func issue(
        id: Identifier<Invitation>, by inviter: Identifier<User>, to email: EmailAddress?, role: Role = .user,
        tier: Tier.Name = .free, hash: TokenHash, lifetime: Duration = Self.ordinaryLifetime,
        at now: Timestamp
    ) throws(InvitationError) -> (invitation: Invitation, events: [AccountEvent]) {
        guard lifetime > .zero else { throw .lifetime }
        var invitation = Invitation(
            id: id, inviter: inviter, email: email, role: role, tier: tier, hash: hash, createdAt: now,
            expiresAt: now + lifetime, state: .open, version: 0)
        let event = invitation.changed(.invitationIssued(id), at: now)
        return (invitation, [event])
    }

    /// Restores an invitation as a store kept it.
    public init(
        id: Identifier<Invitation>, inviter: Identifier<User>, email: EmailAddress?, role: Role,
        tier: Tier.Name, hash: TokenHash, createdAt: Timestamp, expiresAt: Timestamp, state: State,
        version: Int
    ) {
        self.id = id
        self.inviter = inviter
        self.email = email
        self.role = role
        self.tier = tier
        self.hash = hash
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.state = state
        self.version = version
    }

    /// Someone signs up with it, under that address.
    public mutating func accept(by user: Identifier<User>, email: EmailAddress, at now: Timestamp)
        throws(InvitationError) -> [AccountEvent]
    {
        try requireOpen()
        guard now < expiresAt else { throw .expired }
        guard self.email == nil || self.email == email else { throw .otherAddress }
        state = .accepted(by: user, at: now)
        return [changed(.invitationAccepted(id), at: now)]
    }

    /// Checks that who invited may still do so: an invitation is worth no more than its inviter's word now.
    ///
    /// - Parameter inviter: The user who invited, as the user is now; nil when there is none.
    public func requireStanding(of inviter: User?, at now: Timestamp) throws(InvitationError) {
        guard let inviter, inviter.id == self.inviter, inviter.standing(at: now) == .active,
            inviter.role.allows(.admin)
        else { throw .inviterGone }
    }

    /// An administrator takes it back; doing so twice changes nothing.
    public mutating func withdraw(at now: Timestamp) throws(InvitationError) -> [AccountEvent] {
        if case .withdrawn = state { return [] }
        try requireOpen()
        state = .withdrawn(at: now)
        return [changed(.invitationWithdrawn(id), at: now)]
    }

    /// The invitation as it stays when who accepted it is deleted: without the address that it was for.
    public var withoutAddress: Invitation {
        Invitation(
            id: id, inviter: inviter, email: nil, role: role, tier: tier, hash: hash, createdAt: createdAt,
            expiresAt: expiresAt, state: state, version: version)
    }

    private func requireOpen() throws(InvitationError) {
        switch state {
        case .open: return
        case .accepted: throw .used
        case .withdrawn: throw .withdrawn
        }
    }

    private mutating func changed(_ change: AccountChange, at now: Timestamp) -> AccountEvent {
        version += 1
        return AccountEvent(user: inviter, version: version, at: now, change: change)
    }
}

/// The rules of invitations.
public enum InvitationError: CodedError, Equatable, CaseIterable {
    /// An invitation is good for some time.
    case lifetime
    /// It is good for one user.
    case used
    /// It has been taken back.
    case withdrawn
    /// Its time is over.
    case expired
    /// It is for another address.
    case otherAddress
    /// Who invited is no administrator any more, or may not work now.
    case inviterGone

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .lifetime: "invitation_lifetime"
        case .used: "invitation_used"
        case .withdrawn: "invitation_withdrawn"
        case .expired: "invitation_expired"
        case .otherAddress: "invitation_other_address"
        case .inviterGone: "invitation_inviter_gone"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .lifetime: "An invitation expires later than now."
        case .used: "The invitation has been used already."
        case .withdrawn: "The invitation has been withdrawn."
        case .expired: "The invitation has expired. Ask for a new one."
        case .otherAddress: "The invitation is for another address."
        case .inviterGone: "Who invited you may not do so any more. Ask for a new invitation."
        }
    }
}
