import Domain
import Testing

@Suite("Invitations and mailed tokens")
struct InvitationTests {
    static let now = People.now
    static let id = Identifier<Invitation>(high: 7, low: 7)

    static func invitation(to email: String? = nil) throws -> Invitation {
        try Invitation.issue(
            id: id, by: People.ada, to: try email.map { try EmailAddress($0) }, hash: People.hash, at: now
        ).invitation
    }

    @Test("A4: an invitation is good for one user")
    func once() throws {
        let (issued, told) = try Invitation.issue(
            id: Self.id, by: People.ada, to: nil, hash: People.hash, at: Self.now)
        #expect(told.map(\.change) == [.invitationIssued(Self.id)])
        #expect(told.map(\.version) == [issued.version])
        var invitation = issued
        let email = try EmailAddress("bob@example.org")
        let events = try invitation.accept(by: People.bob, email: email, at: Self.now)
        #expect(events.map(\.change) == [.invitationAccepted(Self.id)])
        #expect(invitation.state == .accepted(by: People.bob, at: Self.now))
        #expect(throws: InvitationError.used) {
            try invitation.accept(by: People.ada, email: email, at: Self.now)
        }
        #expect(throws: InvitationError.used) { try invitation.withdraw(at: Self.now) }
    }

    @Test("A4: an invitation to an address is good for that address only, in any case")
    func address() throws {
        var invitation = try Self.invitation(to: "bob@example.org")
        #expect(throws: InvitationError.otherAddress) {
            try invitation.accept(by: People.bob, email: try EmailAddress("eve@example.org"), at: Self.now)
        }
        _ = try invitation.accept(
            by: People.bob, email: try EmailAddress("Bob@Example.org"), at: Self.now)
    }

    @Test("A4: an invitation is over after its time, and when it is withdrawn")
    func ends() throws {
        var invitation = try Self.invitation()
        let email = try EmailAddress("bob@example.org")
        let end = Self.now + Invitation.ordinaryLifetime
        #expect(throws: InvitationError.expired) {
            try invitation.accept(by: People.bob, email: email, at: end)
        }
        #expect(try invitation.withdraw(at: Self.now).map(\.change) == [.invitationWithdrawn(Self.id)])
        #expect(try invitation.withdraw(at: People.later).isEmpty)
        #expect(invitation.state == .withdrawn(at: Self.now))
        #expect(throws: InvitationError.withdrawn) {
            try invitation.accept(by: People.bob, email: email, at: Self.now)
        }
    }

    @Test("A4: an invitation is worth what its inviter may do now")
    func standing() throws {
        let invitation = try Self.invitation()
        let admin = try People.user(role: .admin)
        try invitation.requireStanding(of: admin, at: Self.now)
        var (demoted, inactive, suspended, deleted) = (admin, admin, admin, admin)
        _ = try demoted.change(role: .user, otherAdministrators: 1, at: Self.now)
        _ = try inactive.deactivate(otherAdministrators: 1, at: Self.now)
        _ = try suspended.suspend(
            because: "x", until: People.later, otherAdministrators: 1, at: Self.now)
        _ = try deleted.delete(otherAdministrators: 1, at: Self.now)
        for inviter in [nil, demoted, inactive, suspended, deleted] {
            #expect(throws: InvitationError.inviterGone) {
                try invitation.requireStanding(of: inviter, at: Self.now)
            }
        }
        try invitation.requireStanding(of: suspended, at: People.later)
    }

    @Test("an invitation lives for some time", arguments: [Duration.zero, .seconds(-1)])
    func lifetime(_ lifetime: Duration) {
        #expect(throws: InvitationError.lifetime) {
            try Invitation.issue(
                id: Self.id, by: People.ada, to: nil, hash: People.hash, lifetime: lifetime, at: Self.now)
        }
    }

    @Test("what is sent by mail is good once, and for its time only")
    func mailedToken() throws {
        let purposes: [MailedToken.Purpose] = [
            .passwordReset, .emailVerification(try EmailAddress("ada@example.org")),
        ]
        for purpose in purposes {
            let fresh = MailedToken(for: purpose, of: People.ada, hash: People.hash, at: Self.now)
            let end = Self.now + purpose.lifetime
            var token = fresh
            #expect(throws: MailedTokenError.expired) { try token.redeem(at: end) }
            #expect(token == fresh)
            try token.redeem(at: end - .milliseconds(1))
            #expect(throws: MailedTokenError.used) { try token.redeem(at: Self.now) }
        }
        #expect(purposes[0].lifetime < purposes[1].lifetime)
    }
}
