import Domain
import Testing

@Suite("Audit trail")
struct AuditEntryTests {
    static func entry(
        initiator: AuditEntry.Initiator, subject: AuditEntry.Subject, detail: String? = "because of Ada"
    ) -> AuditEntry {
        AuditEntry(
            id: Identifier(high: 8, low: 8), at: People.now, action: .userSuspended, initiator: initiator,
            subject: subject, address: NetworkAddress("192.0.2.1"), isSuccess: true, detail: detail)
    }

    @Test("A60: an entry about a deleted user stays, without address and detail")
    func forgetting() {
        let thing = AuditEntry.Subject.thing(kind: "api_key", id: "1", owner: People.ada)
        for (initiator, subject) in [
            (AuditEntry.Initiator.user(People.ada), AuditEntry.Subject.server),
            (.user(People.bob), .user(People.ada)), (.server, thing),
        ] {
            let entry = Self.entry(initiator: initiator, subject: subject)
            let left = entry.forgetting(People.ada)
            #expect((left.address, left.detail) == (nil, nil))
            #expect(
                (left.id, left.action, left.initiator, left.subject) == (
                    entry.id, entry.action, initiator, subject
                ))
        }
    }

    @Test("A60: an entry about others stays whole")
    func others() {
        let thing = AuditEntry.Subject.thing(kind: "api_key", id: "1", owner: nil)
        for subject in [AuditEntry.Subject.user(People.bob), thing, .server] {
            for initiator in [AuditEntry.Initiator.user(People.bob), .server, .anonymous] {
                let entry = Self.entry(initiator: initiator, subject: subject)
                #expect(entry.forgetting(People.ada) == entry)
            }
        }
    }

    @Test("A60: a detail is kept up to a bound")
    func detail() {
        let entry = Self.entry(
            initiator: .server, subject: .server, detail: String(repeating: "x", count: 9000))
        #expect(entry.detail?.count == AuditEntry.greatestDetailLength)
    }

    @Test("A18: every change has a name of its own in the trail, and its form a version")
    func names() {
        let session = SessionTests.id
        let changes: [AccountChange] =
            [
                .registered, .usernameChanged, .emailChanged, .emailVerified, .profileChanged,
                .tierChanged(from: .free, to: .premium), .roleChanged(.admin), .activated, .deactivated,
                .suspended(until: nil), .unsuspended, .deleted, .keyIssued(APIKeyTests.id),
                .keyRenamed(APIKeyTests.id), .keyRevoked(APIKeyTests.id), .sessionStarted(session),
                .sessionRefreshed(session), .sessionRevoked(session, .signedOut),
                .sessionRevoked(session, .tokenReused), .invitationIssued(InvitationTests.id),
                .invitationAccepted(InvitationTests.id), .invitationWithdrawn(InvitationTests.id),
            ] + CreditEntry.Kind.Name.allCases.map { .creditsMoved($0, amount: 1, available: 1) }
        #expect(Set(changes.map(\.action)).count == changes.count)
        #expect(AccountEvent.formatVersion == 1)
        for action in AuditAction.allCases {
            #expect(action.rawValue.utf8.allSatisfy { $0 == UInt8(ascii: "_") || $0 >= UInt8(ascii: "a") })
        }
    }
}
