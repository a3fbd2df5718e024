import Application
import Domain
import Testing

@Suite("Letters about the end of a task")
struct MailTaskEndTests {
    private let registry = Registry()
    private let workshop = Workshop()
    private var letters: MailTaskEnd {
        MailTaskEnd(store: registry.store, mailer: registry.mailer, letters: registry.letters)
    }

    /// A user whose address is confirmed, and who wants letters or not.
    private func member(wantsLetters: Bool = true, isVerified: Bool = true) async throws -> Identifier<User> {
        let (user, _) = try await registry.member()
        let preferences = try Preferences(
            formats: [.vertical], captionTemplate: nil, captionChanges: .none, notifiesByMail: wantsLetters)
        let now = registry.clock.now()
        try await registry.store.write { writer in
            try writer.preferencesWriter.put(preferences, of: user.id)
            guard isVerified, var present = try writer.users.find(user.id), let profile = present.profile
            else { return }
            _ = try present.verify(profile.email, at: now)
            try writer.userWriter.update(present)
        }
        return user.id
    }

    /// Ends a task of a user, and answers its jobs.
    @discardableResult
    private func end(
        of user: Identifier<User>,
        _ change: @escaping @Sendable (inout VideoTask, Timestamp) throws -> [VideoTaskEvent]
    ) async throws -> [Job] {
        let (id, now) = (workshop.identifiers.make() as Identifier<VideoTask>, registry.clock.now())
        let options = try ClipOptions()
        return try await registry.store.write { writer in
            var task = try VideoTask(
                id: id, owner: user, title: "The talk", source: .address("https://a.example/v.mp4"),
                captions: nil, filename: "v.mp4", options: options, createdAt: now)
            try writer.taskWriter.insert(task)
            let events = try change(&task, now)
            try writer.taskWriter.update(task)
            try writer.announce(events, of: task)
            return try writer.jobs.page(of: user, state: nil, limit: 9, before: nil).items
        }
    }

    private static let failed: @Sendable (inout VideoTask, Timestamp) throws -> [VideoTaskEvent] = {
        task, now in
        _ = try task.begin(at: now)
        return try task.fail(TaskFailure(code: "x", message: "No sound.", stage: nil), at: now)
    }

    private func run(_ job: Job) async throws -> JobOutcome {
        var job = job
        _ = try job.claim(
            by: workshop.identifiers.make(), at: job.dueAt, until: job.dueAt + .seconds(60))
        let running = try #require(
            RunningJob(job, store: registry.store, policy: letters.retryPolicy, chance: 0))
        return await letters.run(running)
    }

    @Test("C58: who wants it is told by mail when a task has ended, in the words of what became of it")
    func told() async throws {
        let user = try await member()
        let jobs = try await end(of: user, Self.failed)
        try #require(jobs.map(\.kind) == [MailTaskEnd.jobKind])
        registry.mailer.fail(with: .unavailable("not now"))
        guard case .failed(_, .byPolicy) = try await run(jobs[0]) else {
            Issue.record("a letter that was not taken is not tried again")
            return
        }
        registry.mailer.fail(with: nil)
        #expect(try await run(jobs[0]) == .completed)
        let mail = try #require(registry.mailer.mails.last)
        #expect(mail.recipient.text == "ada@example.org" && mail.subject.contains("failed"))
        #expect(mail.text.contains("The talk") && mail.text.contains("No sound."))
    }

    @Test("C58: a letter that the mail server refuses for good is not sent again")
    func refused() async throws {
        let user = try await member()
        let job = try #require(try await end(of: user, Self.failed).first)
        registry.mailer.refuse(because: "550 unknown")
        guard case .failed(let failure, .never) = try await run(job) else {
            Issue.record("it is tried again")
            return
        }
        #expect(failure.code == "mail_refused")
    }

    @Test("C58: nobody is written to who does not want it, cancelled the task, or is the local user")
    func untold() async throws {
        #expect(try await end(of: User.local, Self.failed).isEmpty)
        let user = try await member(wantsLetters: false)
        #expect(try await end(of: user, Self.failed).isEmpty)
        let preferences = try Preferences(
            formats: [.vertical], captionTemplate: nil, captionChanges: .none, notifiesByMail: true)
        try await registry.store.write { try $0.preferencesWriter.put(preferences, of: user) }
        let jobs = try await end(of: user) { task, now in try task.cancel(at: now) }
        #expect(jobs.isEmpty)
    }

    @Test("C58: a letter that nobody wants any more, or to an address that is not confirmed, is not sent")
    func changedMind() async throws {
        let user = try await member(isVerified: false)
        let job = try #require(try await end(of: user, Self.failed).first)
        #expect(try await run(job) == .completed)
        try await registry.store.write { try $0.preferencesWriter.forget(user) }
        #expect(try await run(job) == .completed)
        #expect(registry.mailer.mails.allSatisfy { !$0.subject.contains("failed") })
    }
}
