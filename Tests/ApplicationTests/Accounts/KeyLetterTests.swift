import Application
import Domain
import Testing

@Suite("Letters about API keys")
struct KeyLetterTests {
    private let registry = Registry()

    /// Somebody whose address was confirmed.
    private func member() async throws -> Caller {
        let (user, caller) = try await registry.member()
        try await registry.store.write { writer in
            guard var user = try writer.users.find(user.id), let email = user.profile?.email else { return }
            _ = try user.verify(email, at: registry.clock.now())
            try writer.userWriter.update(user)
        }
        return caller
    }

    private func letters() async -> [Mail] {
        await registry.deliveredMails().filter { $0.subject.contains("API key") }
    }

    @Test("C54: who makes a key is told by mail what it may do and until when, and never the key")
    func told() async throws {
        let caller = try await member()
        let end = registry.clock.now() + .seconds(30 * 86_400)
        let issued = try await registry.issueKey(
            name: "build server", scopes: [.tasksWrite, .tasksRead],
            expiresAt: end, by: caller, from: Registry.home)
        let sent = await letters()
        let letter = try #require(sent.first)
        #expect(letter.recipient == (try EmailAddress("ada@example.org")))
        for words in [
            "build server", "tasks:read, tasks:write", "on \(CivilDate(of: end)) (UTC)", "clips.example",
            "change your password",
        ] {
            #expect(letter.text.contains(words), "\(words)")
        }
        let secret = issued.token.text.dropFirst(3)
        #expect(!letter.text.contains(secret.prefix(8)) && !letter.subject.contains(secret.prefix(8)))
    }

    @Test("C54: of a key that works until it is revoked the letter says so")
    func endless() async throws {
        let caller = try await member()
        _ = try await registry.issueKey(
            name: "ci", scopes: [.tasksRead], by: caller, from: Registry.home)
        let sent = await letters()
        #expect(sent.map { $0.text.contains("never, until it is revoked") } == [true])
    }

    @Test("C54: an address that nobody confirmed gets no letter, and a key that was refused makes none")
    func silent() async throws {
        let (_, stranger) = try await registry.member("Bob")
        _ = try await registry.issueKey(name: "ci", scopes: [.tasksRead], by: stranger, from: Registry.home)
        let caller = try await member()
        await #expect(throws: APIKeyError.noScope) {
            try await registry.issueKey(name: "ci", scopes: [], by: caller, from: Registry.home)
        }
        let sent = await letters()
        #expect(sent.isEmpty)
    }

    @Test("C54: ten letters an hour are enough to warn somebody")
    func enough() async throws {
        let caller = try await member()
        for _ in 0..<12 {
            _ = try await registry.issueKey(name: "a", scopes: [.tasksRead], by: caller, from: Registry.home)
        }
        registry.clock.advance(by: .seconds(3601))
        let grant = try await registry.enter("Ada")
        let later = try registry.identify(.accessToken(grant.accessToken))
        _ = try await registry.issueKey(name: "b", scopes: [.tasksRead], by: later, from: Registry.home)
        let names = await letters().map { $0.text.contains("Name: b") }
        #expect(names == Array(repeating: false, count: 10) + [true])
    }
}
