import Application
import Domain
import Testing

@Suite("Signing up")
struct SignUpTests {
    private let registry = Registry()

    @Test(
        "A4, A9: a new user has a hashed password, the plan's credits, and is told in outbox and audit trail")
    func register() async throws {
        let writes = try await registry.writes { try await registry.join("Ada") }
        #expect(writes == 1)
        let user = try #require(try registry.store.read { try $0.users.find(username: Username("ada")) })
        #expect(user.role == .user)
        #expect(user.tier == .free)
        let hash = try registry.store.read { try $0.users.passwordHash(of: user.id) }
        #expect(hash != nil && hash?.text.contains(Registry.password) == false)
        #expect(try registry.ledger(user.id).available == CreditParts(monthly: 10, bought: 0))
        #expect(try registry.events().map(\.change.action) == [.userRegistered, .creditsGranted])
        let trail = try registry.trail()
        #expect(Set(trail.map(\.action)) == [.userRegistered, .creditsGranted])
        let line = try #require(trail.first { $0.action == .userRegistered })
        #expect(line.initiator == .user(user.id) && line.subject == .user(user.id))
        #expect(line.address == Registry.home.address && line.isSuccess)
    }

    @Test(
        "A4, A14: name and address are one user's, however they are written",
        arguments: [
            (Registry.form("aDA", email: "else@example.org"), UserConflict.username),
            (Registry.form("Bob", email: "ADA@Example.ORG"), UserConflict.email),
        ])
    func conflicts(form: SignUpForm, conflict: UserConflict) async throws {
        try await registry.join("Ada")
        let calls = registry.hasher.calls
        let writes = await registry.writes {
            await #expect(throws: conflict) { try await registry.register()(form, from: Registry.home) }
        }
        #expect(writes == 0)
        #expect(registry.hasher.calls == calls)
    }

    @Test("A14: an address is kept in small letters, its domain in ASCII, and found again as it was typed")
    func address() async throws {
        let form = Registry.form("Ada", email: "Ada@Bücher.example")
        let user = try await registry.register()(form, from: Registry.home)
        #expect(user.profile?.email.text == "ada@xn--bcher-kva.example")
        _ = try await registry.signIn(
            name: "ADA@bücher.example", password: Registry.password, from: Registry.home)
        await #expect(throws: EmailAddressError.internationalDomain) {
            try await registry.register()(Registry.form("Bob", email: "bob@日本.example"), from: Registry.home)
        }
    }

    @Test("names and passwords are the same in either form of Unicode")
    func composed() async throws {
        var form = Registry.form("Re\u{301}ne", email: "rene@example.org")
        form.password = "cafe\u{301} au lait"
        let user = try await registry.register()(form, from: Registry.home)
        #expect(user.profile.map { Array($0.username.text.unicodeScalars).count } == 4)
        _ = try await registry.enter("R\u{E9}ne", "caf\u{E9} au lait")
    }

    @Test(
        "A3, A4: what breaks a rule is refused by its name, and nothing is written",
        arguments: [
            ("password", "short", PasswordError.tooShort as any CodedError),
            ("password", "ada@example.org", PasswordError.ownName),
            ("password", "password", PasswordError.tooCommon),
            ("username", "a", ProfileError.usernameLength),
            ("email", "ada", EmailAddressError.form),
            ("firstName", "A\u{2028}B", ProfileError.nameCharacters),
            ("timeZone", "Mars/Olympus", ProfileError.timeZone),
        ])
    func rules(field: String, text: String, error: any CodedError) async throws {
        var form = Registry.form("Ada")
        switch field {
        case "password": form.password = text
        case "username": form.username = text
        case "email": form.email = text
        case "firstName": form.firstName = text
        default: form.timeZone = text
        }
        let writes = await registry.writes {
            let thrown = await #expect(throws: (any Error).self) {
                try await registry.register()(form, from: Registry.home)
            }
            #expect((thrown as? any CodedError)?.code == error.code)
        }
        #expect(writes == 0)
        #expect(registry.hasher.calls.hashes == 0)
    }

    @Test("a form shows nothing of itself")
    func redacted() {
        #expect(!"\(Registry.form("Ada"))".contains("correct"))
    }

    @Test("a server that is closed takes nobody, one by invitation nobody without")
    func policies() async throws {
        await #expect(throws: SignUpError.closed) {
            try await registry.register(.closed)(Registry.form("Ada"), from: Registry.home)
        }
        await #expect(throws: SignUpError.invitationNeeded) {
            try await registry.register(.byInvitation)(Registry.form("Ada"), from: Registry.home)
        }
        await #expect(throws: TokenError.unknown) {
            try await registry.register(.byInvitation)(
                Registry.form("Ada"), invitation: "cri_" + String(repeating: "0", count: 64),
                from: Registry.home)
        }
        #expect(registry.hasher.calls.hashes == 0)
    }

    @Test("an invitation decides about role and plan, and is good for one user with its address")
    func invitation() async throws {
        let admin = try await registry.administrator()
        let issued = try await registry.invite(
            email: "ada@example.org", role: .admin, tier: .premium, by: admin, from: Registry.home)
        let register = registry.register(.byInvitation)
        await #expect(throws: InvitationError.otherAddress) {
            try await register(Registry.form("Bob"), invitation: issued.token.text, from: Registry.home)
        }
        let user = try await register(
            Registry.form("Ada"), invitation: issued.token.text, from: Registry.home)
        #expect(user.role == .admin && user.tier == .premium)
        #expect(try registry.trail(.userRegistered).first { $0.subject == .user(user.id) }?.detail == "admin")
        #expect(try registry.ledger(user.id).available.total == 100)
        #expect(try registry.trail(.invitationAccepted).map(\.initiator) == [.user(user.id)])
        await #expect(throws: InvitationError.used) {
            try await register(
                Registry.form("Ada2", email: "ada@example.org"), invitation: issued.token.text,
                from: Registry.home)
        }
    }

    @Test(
        "A4: nobody comes by the invitation of who is no administrator any more",
        arguments: ["demoted", "suspended", "deactivated", "deleted"])
    func formerInviter(fate: String) async throws {
        let grace = try await registry.administrator()
        let mallory = try await registry.administrator("Mallory")
        let issued = try await registry.invite(role: .admin, by: mallory, from: Registry.home)
        let desk = registry.desk
        switch fate {
        case "demoted":
            _ = try await EditUser(desk: desk, editor: registry.editor)(
                mallory.user, ProfileEdit(), role: .user, by: grace, from: Registry.home)
        case "suspended":
            _ = try await registry.suspend(
                mallory.user, because: "spam", by: grace, from: Registry.home)
        case "deactivated":
            _ = try await DeactivateUser(desk: desk)(mallory.user, by: grace, from: Registry.home)
        default:
            try await DeleteUser(desk: desk, removal: registry.removal)(
                mallory.user, by: grace, from: Registry.home)
        }
        let hashes = registry.hasher.calls.hashes
        await #expect(throws: InvitationError.inviterGone) {
            try await registry.register(.byInvitation)(
                Registry.form("Bob"), invitation: issued.token.text, from: Registry.home)
        }
        #expect(registry.hasher.calls.hashes == hashes)
    }

    @Test("an invitation is mailed to its address, not given to who is here already, and can be withdrawn")
    func withdrawing() async throws {
        let admin = try await registry.administrator()
        try await registry.join("Ada")
        await #expect(throws: UserConflict.email) {
            try await registry.invite(email: "ada@example.org", by: admin, from: Registry.home)
        }
        await #expect(throws: NotFound.tier) {
            try await registry.invite(tier: Tier.Name("gold"), by: admin, from: Registry.home)
        }
        let issued = try await registry.invite(email: "bob@example.org", by: admin, from: Registry.home)
        let listed = try ListInvitations(desk: registry.desk)(by: admin).items
        #expect(listed == [issued.invitation])
        let withdraw = WithdrawInvitation(desk: registry.desk)
        try await withdraw(issued.invitation.id, by: admin, from: Registry.home)
        let again = try await registry.writes {
            try await withdraw(issued.invitation.id, by: admin, from: Registry.home)
        }
        #expect(again == 0)
        await #expect(throws: InvitationError.withdrawn) {
            try await registry.register(.byInvitation)(
                Registry.form("Bob"), invitation: issued.token.text, from: Registry.home)
        }
        let mails = await registry.deliveredMails().filter { $0.recipient.text == "bob@example.org" }
        #expect(mails.map(\.token) == [issued.token.text])
    }

    @Test("an administrator is made by the server, with a confirmed address")
    func administrator() async throws {
        let (user, isHeir) = try await registry.createAdministrator(Registry.form("Grace"))
        #expect(user.role == .admin && user.profile?.isEmailVerified == true && !isHeir)
        let lines = try registry.trail(.userRegistered)
        #expect(lines.allSatisfy { $0.initiator == .server && $0.detail == "admin" })
        #expect(try registry.trail(.ownershipHandedOver).isEmpty)
    }

    @Test("the first administrator gets what there was before the server had accounts, a later one nothing")
    func heir() async throws {
        let task = try VideoTask(
            id: registry.desk.anyIdentifier(), owner: User.local, title: nil,
            source: .address("https://a.example/v.mp4"), captions: nil, filename: "v.mp4",
            options: ClipOptions(count: 1), createdAt: registry.clock.now())
        try await registry.store.write { try $0.taskWriter.insert(task) }
        let first = try await registry.createAdministrator(Registry.form("Grace"))
        let second = try await registry.createAdministrator(Registry.form("Ada"))
        #expect(first.isHeir && !second.isHeir)
        #expect(try registry.trail(.ownershipHandedOver).map(\.subject) == [.user(first.user.id)])
        #expect(try registry.store.read { try $0.tasks.find(task.id)?.owner } == first.user.id)
    }

    @Test("the code that confirms an address is mailed after all is on disk, and works once")
    func verification() async throws {
        let user = try await registry.join("Ada")
        let mails = await registry.deliveredMails()
        let token = try #require(mails.first?.token)
        #expect(mails.map(\.recipient.text) == ["ada@example.org"])
        #expect(try await registry.verify(token, from: Registry.home).profile?.isEmailVerified == true)
        #expect(try registry.user(user.id)?.profile?.isEmailVerified == true)
        #expect(try registry.trail(.emailVerified).count == 1)
        await #expect(throws: MailedTokenError.used) { try await registry.verify(token, from: Registry.home) }
        await #expect(throws: TokenError.unknown) { try await registry.verify("crv_1", from: Registry.home) }
    }

    @Test("a newer code replaces the earlier one, and none is sent for an address that is confirmed")
    func verificationAgain() async throws {
        let (_, caller) = try await registry.member()
        let request = RequestEmailVerification(
            desk: registry.desk, mint: registry.mint, courier: registry.courier, letters: registry.letters)
        try await request(by: caller)
        let admin = try await registry.administrator()
        try await request(by: admin)
        let mails = await registry.deliveredMails()
        let tokens = mails.compactMap(\.token)
        #expect(mails.map(\.recipient.text) == ["ada@example.org", "ada@example.org"])
        try #require(tokens.count == 2)
        await #expect(throws: TokenError.unknown) {
            try await registry.verify(tokens[0], from: Registry.home)
        }
        _ = try await registry.verify(tokens[1], from: Registry.home)
    }

    @Test("a code that comes too late confirms nothing")
    func late() async throws {
        try await registry.join("Ada")
        let token = try #require(await registry.deliveredMails().first?.token)
        registry.clock.advance(by: .seconds(86_400))
        await #expect(throws: MailedTokenError.expired) {
            try await registry.verify(token, from: Registry.home)
        }
    }

    @Test("who cannot be written to is signed up all the same, and the log says so")
    func mailFailure() async throws {
        registry.mailer.fail(with: .unavailable("no mail today"))
        let user = try await registry.join("Ada")
        #expect(await registry.deliveredMails().isEmpty)
        #expect(registry.log.events == ["mail delayed", "mail dropped at the end"])
        #expect(try registry.user(user.id) != nil)
        registry.courier.close()
    }
}
