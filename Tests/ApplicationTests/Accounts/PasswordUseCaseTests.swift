import Application
import Domain
import Testing

@Suite("Changing a password, and choosing a new one")
struct PasswordUseCaseTests {
    private let registry = Registry()
    private let new = "a quite different one"

    @Test("a new password ends all other sessions, and what was mailed to choose one is void")
    func change() async throws {
        let (user, caller) = try await registry.member()
        let other = try await registry.enter("Ada")
        try await registry.requestReset(email: "ada@example.org", from: Registry.home)
        try await registry.changePassword(
            from: Registry.password, to: new, by: caller, from: Registry.home)
        #expect(throws: SessionError.revoked) { try registry.identify(.accessToken(other.accessToken)) }
        #expect(try ListSessions(desk: registry.desk)(by: caller).map(\.isCurrent) == [true])
        await #expect(throws: SignInError.wrong) { try await registry.enter("Ada") }
        _ = try await registry.enter("Ada", new)
        #expect(try registry.trail(.passwordChanged).map(\.subject) == [.user(user.id)])
        let token = try #require(await registry.deliveredMails().last?.token)
        await #expect(throws: TokenError.unknown) {
            try await registry.reset(token, to: "yet another one", from: Registry.home)
        }
    }

    @Test("a new password leaves API keys alone unless they are to go, and the code for the address good")
    func leftAlone() async throws {
        let (_, caller) = try await registry.member()
        let issued = try await registry.issueKey(
            name: "ci", scopes: [.tasksRead], by: caller, from: Registry.home)
        try await registry.changePassword(
            from: Registry.password, to: new, by: caller, from: Registry.home)
        _ = try registry.identify(.apiKey(issued.token.text))
        try await registry.changePassword(
            from: new, to: "yet another one", revokingKeys: true, by: caller, from: Registry.home)
        #expect(throws: APIKeyError.revoked) { try registry.identify(.apiKey(issued.token.text)) }
        let code = try #require(await registry.deliveredMails().first?.token)
        #expect(try await registry.verify(code, from: Registry.home).profile?.isEmailVerified == true)
    }

    @Test("the password so far has to be shown, and guesses at it are counted like any others")
    func guesses() async throws {
        let (_, caller) = try await registry.member()
        for _ in 1...4 {
            await #expect(throws: SignInError.wrong) {
                try await registry.changePassword(
                    from: "wrong password", to: new, by: caller, from: Registry.home)
            }
        }
        let thrown = await #expect(throws: SignInError.self) {
            try await registry.changePassword(
                from: Registry.password, to: new, by: caller, from: Registry.home)
        }
        #expect(thrown?.code == "sign_in_throttled")
        #expect(try registry.trail(.passwordChanged).isEmpty)
        #expect(try registry.trail(.signInFailed).count == 4)
        registry.clock.advance(by: SignInThrottle.Policy.account.longestDelay)
        _ = try await registry.enter("Ada")
    }

    @Test("a new password that breaks a rule is refused before anything is looked at")
    func rules() async throws {
        let (_, caller) = try await registry.member()
        let looks = registry.hasher.calls
        let writes = await registry.writes {
            await #expect(throws: PasswordError.ownName) {
                try await registry.changePassword(
                    from: Registry.password, to: "ADA@example.org", by: caller, from: Registry.home)
            }
        }
        #expect(writes == 0)
        #expect(registry.hasher.calls == looks)
    }

    @Test(
        "asking for a new password is answered and written down alike whether or not anybody has the address")
    func sameAnswer() async throws {
        try await registry.join("Ada")
        for email in ["ada@example.org", "nobody@example.org"] {
            let writes = try await registry.writes {
                try await registry.requestReset(email: email, from: Registry.home)
            }
            #expect(writes == 1)
        }
        #expect(Set(try registry.trail(.passwordResetRequested).map(\.isSuccess)) == [true, false])
        let resets = await registry.deliveredMails().filter { $0.subject.contains("password") }
        #expect(resets.map(\.recipient.text) == ["ada@example.org"])
    }

    @Test("who is kept out is sent nothing")
    func suspended() async throws {
        let user = try await registry.join("Ada")
        let admin = try await registry.administrator()
        _ = try await registry.suspend(user.id, because: "spam", by: admin, from: Registry.home)
        try await registry.requestReset(email: "ada@example.org", from: Registry.home)
        #expect(await registry.deliveredMails().allSatisfy { !$0.subject.contains("password") })
    }

    @Test(
        "the code gives another password once, ends all sessions and keys, and lets in who was locked out")
    func reset() async throws {
        let (user, caller) = try await registry.member()
        let issued = try await registry.issueKey(
            name: "ci", scopes: [.tasksRead], by: caller, from: Registry.home)
        for _ in 1...4 {
            await #expect(throws: SignInError.wrong) { try await registry.enter("Ada", "wrong password") }
        }
        await #expect(throws: SignInError.self) { try await registry.enter("Ada") }
        try await registry.requestReset(email: "Ada@Example.org", from: Registry.home)
        let letter = try #require(await registry.deliveredMails().last)
        #expect(letter.text.contains("API keys"))
        let token = try #require(letter.token)
        let hashes = registry.hasher.calls.hashes
        await #expect(throws: PasswordError.tooShort) {
            try await registry.reset(token, to: "short", from: Registry.home)
        }
        try await registry.reset(token, to: new, from: Registry.home)
        await #expect(throws: MailedTokenError.used) {
            try await registry.reset(token, to: new, from: Registry.home)
        }
        #expect(registry.hasher.calls.hashes == hashes + 1)
        #expect(try ListSessions(desk: registry.desk)(by: caller).isEmpty)
        #expect(throws: APIKeyError.revoked) { try registry.identify(.apiKey(issued.token.text)) }
        #expect(try registry.trail(.keyRevoked).map(\.initiator) == [.user(user.id)])
        _ = try await registry.enter("Ada", new)
    }

    @Test("a code of another purpose, or one that comes too late, gives no password")
    func otherCodes() async throws {
        try await registry.join("Ada")
        try await registry.requestReset(email: "ada@example.org", from: Registry.home)
        let tokens = await registry.deliveredMails().compactMap(\.token)
        try #require(tokens.count == 2)
        await #expect(throws: TokenError.unknown) {
            try await registry.reset(tokens[0], to: new, from: Registry.home)
        }
        await #expect(throws: TokenError.unknown) {
            try await registry.verify(tokens[1], from: Registry.home)
        }
        registry.clock.advance(by: .seconds(3600))
        await #expect(throws: MailedTokenError.expired) {
            try await registry.reset(tokens[1], to: new, from: Registry.home)
        }
        #expect(registry.hasher.calls.hashes == 1)
    }
}
