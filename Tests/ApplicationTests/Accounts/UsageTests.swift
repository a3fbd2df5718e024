import Application
import Domain
import Testing

@Suite("How much of a plan is used")
struct UsageTests {
    private let registry = Registry()
    private var usage: GetUsage { GetUsage(desk: registry.desk, calendar: registry.calendar) }

    /// Orders a task, as far as its count is concerned.
    private func order(_ user: User) async throws {
        let now = registry.clock.now()
        let day = try #require(
            registry.calendar.day(containing: now, in: user.profile?.timeZone ?? .utc))
        let id: Identifier<VideoTask> = Identifier(
            high: UInt64(now.milliseconds), low: UInt64.random(in: 1...UInt64.max))
        try await registry.store.write { writer in
            var allowance = try writer.credits.allowance(of: user.id)
            try allowance.take(in: day, limit: Tier.free.tasksPerDay, at: now)
            try writer.creditWriter.put(allowance, of: user.id)
            try writer.taskWriter.insert(
                VideoTask(
                    id: id, owner: user.id, title: "Talk", source: .address("https://a.example/v.mp4"),
                    captions: nil, filename: "v.mp4", options: ClipOptions(), createdAt: now))
        }
    }

    @Test("A12: the day's tasks count anew by themselves at midnight where the user is")
    func days() async throws {
        let (user, caller) = try await registry.member()
        var edit = ProfileEdit()
        edit.timeZone = "Europe/Berlin"
        let moved = try await registry.update(edit, by: caller, from: Registry.home)
        let day = try #require(
            registry.calendar.day(containing: registry.clock.now(), in: Registry.berlin))
        #expect(try usage(by: caller).today?.until == day.end)
        for left in [2, 1, 0] {
            try await order(moved)
            #expect(try usage(by: caller).today?.remaining == left)
        }
        #expect(try usage(by: caller).unfinishedTasks == 3)
        registry.clock.set(to: day.end - .milliseconds(1))
        #expect(try usage(by: Caller(user: user.id, role: .user, means: .local)).today?.remaining == 0)
        registry.clock.set(to: day.end)
        #expect(try usage(by: caller).today?.remaining == 3)
        #expect(try usage(by: caller).unfinishedTasks == 3)
    }

    @Test("A9, A12: a plan without a limit has none, and others' tasks count for others")
    func premium() async throws {
        let (user, caller) = try await registry.member()
        let admin = try await registry.administrator()
        let bob = try await registry.join("Bob")
        try await order(bob)
        _ = try await registry.changeTier(user.id, to: .premium, by: admin, from: Registry.home)
        let used = try usage(by: caller)
        #expect(used.today == nil && used.tier == .premium)
        #expect(used.unfinishedTasks == 0 && used.storedBytes == 0)
    }
}
