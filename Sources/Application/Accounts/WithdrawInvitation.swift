public import Domain

/// Takes an invitation back that nobody has used.
public struct WithdrawInvitation: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Takes the invitation back; doing so twice changes nothing.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/invitation``, ``Domain/InvitationError/used``.
    @discardableResult
    public func callAsFunction(_ id: Identifier<Invitation>, by caller: Caller, from origin: Origin)
        async throws -> Invitation
    {
        try caller.require(.admin)
        let deed = desk.deed(by: caller, from: origin)
        return try await desk.store.write { writer in
            guard var invitation = try writer.invitations.find(id) else { throw NotFound.invitation }
            let events = try invitation.withdraw(at: deed.now)
            guard !events.isEmpty else { return invitation }
            try writer.invitationWriter.update(invitation)
            try writer.record(events, of: deed)
            return invitation
        }
    }
}
