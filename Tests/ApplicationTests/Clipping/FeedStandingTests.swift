import Application
import Domain
import Testing

@Suite("Followers who are not let in any more")
struct FeedStandingTests {
    /// A way to keep somebody out.
    struct Ending: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let end: @Sendable (Registry, Caller) async throws -> Void

        init(_ name: String, end: @escaping @Sendable (Registry, Caller) async throws -> Void) {
            (testDescription, self.end) = (name, end)
        }
    }

    static let endings = [
        Ending("signing out") { registry, caller in
            try await SignOut(desk: registry.desk)(by: caller, from: Registry.home)
        },
        Ending("another password") { registry, caller in
            let other = try registry.identify(.accessToken(try await registry.enter("Ada").accessToken))
            try await registry.changePassword(
                from: Registry.password, to: "battery horse correct", by: other, from: Registry.home)
        },
        Ending("a suspension") { registry, caller in
            let admin = try await registry.administrator()
            _ = try await registry.suspend(caller.user, because: "spam", by: admin, from: Registry.home)
        },
        Ending("the end of the account") { registry, caller in
            try await registry.deleteAccount(password: Registry.password, by: caller, from: Registry.home)
        },
    ]

    private let registry = Registry()
    private let random = SeededRandomSource(seed: 11)

    private func feed() -> TaskFeed { TaskFeed(store: registry.store, clock: registry.clock) }

    private func order(by caller: Caller) async throws -> VideoTask {
        let submit = SubmitVideoTask(
            store: registry.store, catalog: Studio(),
            identifiers: IdentifierMaker(clock: registry.clock, random: random), clock: registry.clock)
        let command = SubmitVideoTask.Command(
            source: .address("https://a.example/v.mp4"), options: try ClipOptions())
        guard case .created(let task) = try await submit(command, by: caller) else { throw NotFound.task }
        return task
    }

    @Test("they are dismissed, and nobody else is", arguments: endings)
    func ended(_ ending: Ending) async throws {
        let (_, caller) = try await registry.member("Ada")
        let (_, other) = try await registry.member("Bob")
        let (task, others) = (try await order(by: caller), try await order(by: other))
        let feed = feed()
        let (heard, bystander) = (Heard(), Heard())
        let subscriptions = [
            try feed.follow(task.id, by: caller, after: nil, deliver: heard.take),
            try feed.follow(others.id, by: other, after: nil, deliver: bystander.take),
        ]
        let telling = Task { await feed.run() }
        try await ending.end(registry, caller)
        await heard.closed()
        telling.cancel()
        await telling.value
        withExtendedLifetime(subscriptions) {}
        #expect(heard.kinds == ["status queued -", "dismissed"])
        #expect(bystander.kinds == ["status queued -"])
    }

    @Test("a key that is void follows nothing any more, whatever else its user goes on with")
    func key() async throws {
        let (_, caller) = try await registry.member("Ada")
        let issued = try await registry.issueKey(
            name: "watch", scopes: [.tasksRead], by: caller, from: Registry.home)
        let task = try await order(by: caller)
        let feed = feed()
        let (heard, bystander) = (Heard(), Heard())
        let byKey = try registry.identify(.apiKey(issued.token.text))
        let subscriptions = [
            try feed.follow(task.id, by: byKey, after: nil, deliver: heard.take),
            try feed.follow(task.id, by: caller, after: nil, deliver: bystander.take),
        ]
        let telling = Task { await feed.run() }
        try await RevokeAPIKey(desk: registry.desk)(issued.key.id, by: caller, from: Registry.home)
        await heard.closed()
        telling.cancel()
        await telling.value
        withExtendedLifetime(subscriptions) {}
        #expect(heard.kinds == ["status queued -", "dismissed"])
        #expect(bystander.kinds == ["status queued -"])
    }

    @Test("whose session runs out is dismissed by the next heartbeat, with nothing written")
    func expired() async throws {
        let (_, caller) = try await registry.member("Ada")
        let task = try await order(by: caller)
        let feed = feed()
        let heard = Heard()
        let subscription = try feed.follow(task.id, by: caller, after: nil, deliver: heard.take)
        let telling = Task { await feed.run() }
        while heard.kinds.last != "dismissed" {
            registry.clock.advance(by: Session.idleLimit)
            await Task.yield()
        }
        telling.cancel()
        withExtendedLifetime(subscription) {}
        #expect(heard.kinds == ["status queued -", "dismissed"])
    }

    @Test("who was kept out between being known and following follows nothing")
    func late() async throws {
        let (_, caller) = try await registry.member("Ada")
        let task = try await order(by: caller)
        try await SignOut(desk: registry.desk)(by: caller, from: Registry.home)
        let heard = Heard()
        #expect(throws: SessionError.revoked) {
            try feed().follow(task.id, by: caller, after: nil, deliver: heard.take)
        }
        #expect(heard.items.isEmpty)
    }
}
