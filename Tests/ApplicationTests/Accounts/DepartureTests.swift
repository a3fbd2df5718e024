import Application
import Domain
import Synchronization
import Testing

@Suite("What stays when a user goes")
struct DepartureTests {
    private let registry = Registry()
    private let workshop = Workshop()

    private func leave(_ caller: Caller) async throws {
        try await registry.deleteAccount(password: Registry.password, by: caller, from: Registry.home)
    }

    @Test("A7: an upload that is complete after its owner was deleted is not kept, nor its file")
    func upload() async throws {
        let (user, caller) = try await registry.member()
        let receive = ReceiveUpload(
            store: registry.store, media: workshop.studio, inspector: workshop.studio,
            identifiers: workshop.identifiers, clock: registry.clock, limitBytes: 100)
        var reception = try receive.begin(filename: "talk.mp4", by: caller)
        try [1, 2, 3 as UInt8].withUnsafeBytes { try reception.append($0) }
        try await leave(caller)
        await #expect(throws: UserError.deleted) { try await receive.finish(reception) }
        #expect(try registry.store.read { try $0.uploads.oldest(of: user.id, limit: 1) }.isEmpty)
        #expect(workshop.studio.script.withLock { $0.files.isEmpty })
    }

    @Test("A7: nothing is ordered for, and nothing goes on for, a user who was deleted meanwhile")
    func orders() async throws {
        let (user, caller) = try await registry.member()
        let submit = SubmitVideoTask(
            store: registry.store, catalog: workshop.studio, identifiers: workshop.identifiers,
            clock: registry.clock)
        let command = SubmitVideoTask.Command(
            source: .address("https://a.example/v.mp4"), options: try ClipOptions())
        guard case .created(let task) = try await submit(command, by: caller) else { return }
        _ = try await CancelVideoTask(store: registry.store, clock: registry.clock)(task.id, by: caller)
        try await leave(caller)
        await #expect(throws: UserError.deleted) { try await submit(command, by: caller) }
        let resume = ResumeVideoTask(
            store: registry.store, identifiers: workshop.identifiers, clock: registry.clock)
        await #expect(throws: UserError.deleted) { try await resume(task.id, by: caller) }
        let tasks = try registry.store.read {
            try $0.tasks.page(of: user.id, status: nil, limit: 9, before: nil).items
        }
        #expect(tasks.map(\.task.status.name) == [.cancelled])
    }

    @Test("A7: an invitation forgets the address of who came by it and left")
    func invitation() async throws {
        let admin = try await registry.administrator()
        let invited = try await registry.invite(email: "ada@example.org", by: admin, from: Registry.home)
        let form = Registry.form("Ada")
        _ = try await registry.register(.byInvitation)(
            form, invitation: invited.token.text, from: Registry.home)
        let caller = try registry.identify(.accessToken(try await registry.enter("Ada").accessToken))
        try await leave(caller)
        let kept = try registry.store.read { try $0.invitations.find(invited.invitation.id) }
        #expect(kept?.email == nil)
        guard case .accepted(caller.user, _) = kept?.state else {
            Issue.record("the invitation is \(String(describing: kept?.state))")
            return
        }
    }

    @Test("A60: what administrators wrote into a user's ledger goes with the user, the numbers stay")
    func reasons() async throws {
        let (user, caller) = try await registry.member()
        let admin = try await registry.administrator()
        _ = try await registry.adjust(
            of: user.id, by: 7, because: "for Ada Lovelace", by: admin, from: Registry.home)
        let before = try registry.store.read { try $0.credits.entries(of: user.id, limit: 9, before: nil) }
        try await leave(caller)
        let after = try registry.store.read { try $0.credits.entries(of: user.id, limit: 9, before: nil) }
        #expect(after.items.first?.kind == .adjust(reason: ""))
        #expect(after.items.map(\.available) == before.items.map(\.available))
        #expect(after.items.dropFirst() == before.items.dropFirst())
    }

    @Test("codes are mailed three times an hour, and the answer is the same when they are not")
    func mails() async throws {
        let (_, caller) = try await registry.member()
        let verification = RequestEmailVerification(
            desk: registry.desk, mint: registry.mint, courier: registry.courier, letters: registry.letters)
        for _ in 1...5 {
            try await registry.requestReset(email: "ada@example.org", from: Registry.home)
            try await verification(by: caller)
        }
        registry.clock.advance(by: MailAllowance.period)
        try await registry.requestReset(email: "ada@example.org", from: Registry.home)
        let mails = await registry.deliveredMails()
        #expect(mails.count { $0.subject.hasPrefix("Choose a new password") } == 4)
        // With the one that was mailed at signing up.
        #expect(mails.count { $0.subject.hasPrefix("Confirm your address") } == 3)
        #expect(try registry.trail(.passwordResetRequested).count { !$0.isSuccess } == 2)
    }

    @Test("a code that is not mailed does not make the one void that was")
    func kept() async throws {
        try await registry.join("Ada")
        for _ in 1...4 { try await registry.requestReset(email: "ada@example.org", from: Registry.home) }
        let token = try #require(await registry.deliveredMails().last?.token)
        try await registry.reset(token, to: "a quite different one", from: Registry.home)
        _ = try await registry.enter("Ada", "a quite different one")
    }
}
