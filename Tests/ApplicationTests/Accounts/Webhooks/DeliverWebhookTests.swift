import Application
import Domain
import Synchronization
import TestSupport
import Testing

@Suite("Events are delivered")
struct DeliverWebhookTests {
    private let hook = "https://a.example/hook"

    @Test(
        "A18, X12: clips and the end of a task are told to webhooks, the end alone to the task's own address")
    func events() async throws {
        let office = PostOffice()
        let webhook = try await office.webhook(hook).webhook
        let task = try await office.workshop.order(
            ClipOptions(count: 2, notifyAddress: WebhookAddress("https://b.example/done")))
        #expect(try await office.claim() == nil)
        #expect(try await office.workshop.attempt() == .completed)
        #expect(try await office.deliver().allSatisfy { $0 == .completed })

        let deliveries = try office.deliveries(to: webhook)
        #expect(Set(deliveries.map(\.event.kind)) == [.clipReady, .taskCompleted])
        #expect(deliveries.allSatisfy { $0.state.name == .delivered && $0.attempts == 1 })
        let clips = try office.workshop.details(task).clips
        let told = deliveries.compactMap { delivery -> Identifier<Clip>? in
            if case .clip(let id, let facts) = delivery.event.subject, facts.id == task.id { id } else { nil }
        }
        #expect(Set(told) == Set(clips.map(\.id)) && told.count == clips.count)
        let end = try #require(deliveries.first { $0.event.kind == .taskCompleted }).event
        #expect(
            end.subject
                == .task(WebhookEvent.TaskFacts(id: task.id, status: .completed, clips: clips.count)))

        let own = try office.notifications(of: task)
        #expect(own.map(\.event) == [end])
        #expect(own.first?.state.name == .delivered)
        #expect(office.sender.messages.count == clips.count + 2)
    }

    @Test("a task that is stopped or fails is told as that", arguments: [true, false])
    func ends(isCancelled: Bool) async throws {
        let office = PostOffice()
        let webhook = try await office.webhook(hook, events: [.taskFailed, .taskCancelled]).webhook
        let task = try await office.workshop.order()
        if isCancelled {
            _ = try await office.workshop.cancel(task.id, by: .local)
            _ = try await office.workshop.cancel(task.id, by: .local)
        } else {
            let failure = TaskFailure(code: "not_media", message: "no", stage: .acquiring)
            try await office.store.write { [now = office.clock.now()] writer in
                guard var task = try writer.tasks.find(task.id) else { return }
                let events = try task.fail(failure, at: now)
                try writer.taskWriter.update(task)
                try writer.announce(events, of: task)
            }
        }
        let deliveries = try office.deliveries(to: webhook)
        let facts = WebhookEvent.TaskFacts(
            id: task.id, status: isCancelled ? .cancelled : .failed, clips: 0,
            failure: isCancelled ? nil : "not_media")
        #expect(deliveries.map(\.event.subject) == [.task(facts)])
        #expect(deliveries.map(\.event.kind) == [isCancelled ? .taskCancelled : .taskFailed])
    }

    @Test("a task that is deleted before its end is told as cancelled, one that had ended is told once")
    func deleted() async throws {
        let office = PostOffice()
        let webhook = try await office.webhook().webhook
        let waiting = try await office.workshop.order(ClipOptions(count: 1))
        let ended = try await office.cancelTask()
        for task in [waiting, ended] { try await office.workshop.delete(task.id, by: .local) }
        try await office.deliver()
        let told = try office.deliveries(to: webhook)
        #expect(told.map(\.event.kind) == [.taskCancelled, .taskCancelled])
        #expect(
            Set(told.map(\.event.subject)) == [
                .task(WebhookEvent.TaskFacts(id: waiting.id, status: .cancelled, clips: 0)),
                .task(WebhookEvent.TaskFacts(id: ended.id, status: .cancelled, clips: 0)),
            ])
        #expect(office.sender.messages.count == 2)
    }

    @Test("where nobody wants to hear of anything, nothing is written down")
    func nobody() async throws {
        let office = PostOffice()
        try await office.webhook(hook, by: PostOffice.other)
        let webhook = try await office.webhook(hook, events: [.taskFailed]).webhook
        let off = try await office.webhook("https://c.example/").webhook
        _ = try await EditWebhook(desk: office.desk)(
            off.id, Webhook.Edit(isEnabled: false), by: .local, from: .server)
        try await office.cancelTask()
        #expect(try await office.claim() == nil)
        #expect(try office.deliveries(to: webhook).isEmpty && office.deliveries(to: off).isEmpty)
    }

    @Test("what is to be delivered is kept with what happened, or not at all")
    func whole() async throws {
        let office = PostOffice()
        let webhook = try await office.webhook(hook).webhook
        let task = try await office.workshop.order()
        struct Stop: Error {}
        await #expect(throws: Stop.self) {
            try await office.store.write { [now = office.clock.now()] writer -> Void in
                guard var task = try writer.tasks.find(task.id) else { return }
                try writer.announce(try task.cancel(at: now), of: task)
                throw Stop()
            }
        }
        #expect(try office.deliveries(to: webhook).isEmpty)
        #expect(try await office.claim() == nil)
    }

    @Test("A18: an event is tried over a day and a half, with the same identifier and body each time")
    func retries() async throws {
        let office = PostOffice()
        let webhook = try await office.webhook(hook).webhook
        office.answer(hook, 500)
        try await office.cancelTask()
        for number in 1...WebhookSchedule.mostAttempts {
            let outcomes = try await office.deliver()
            let delivery = try #require(try office.deliveries(to: webhook).first)
            #expect(delivery.attempts == number)
            guard case .pending(let next) = delivery.state else { break }
            #expect(outcomes == [.snoozed(until: next)])
            office.clock.set(to: next - .milliseconds(1))
            #expect(try await office.deliver().isEmpty)
            office.clock.set(to: next)
        }
        #expect(try office.deliveries(to: webhook).first?.state.name == .failed)
        let messages = office.sender.messages
        #expect(messages.count == WebhookSchedule.mostAttempts)
        #expect(Set(messages.map(\.body)).count == 1)
        #expect(Set(messages.map { $0.fields["webhook-id"] }).count == 1)
        let times = messages.compactMap { $0.fields["webhook-timestamp"].flatMap { Int64($0) } }
        #expect(times.count == messages.count && Set(times).count == times.count)
        office.clock.advance(by: .seconds(90_000))
        #expect(try await office.deliver().isEmpty)
    }

    @Test(
        "a receiver that is gone for good is switched off, in the audit trail too, and what waits is given up"
    )
    func gone() async throws {
        let office = PostOffice()
        let webhook = try await office.webhook(hook).webhook
        office.answer(hook, 410)
        try await office.cancelTask()
        try await office.cancelTask()
        #expect(try await office.deliver() == [.completed, .completed])
        #expect(try office.now(webhook).state == .disabled(.gone, at: office.clock.now()))
        #expect(try office.deliveries(to: webhook).map(\.state.name) == [.failed, .failed])
        #expect(office.sender.messages.count == 1)
        try await office.cancelTask()
        #expect(try office.deliveries(to: webhook).count == 2)
        var filter = AuditFilter()
        filter.action = .webhookDisabled
        let lines = try office.store.read { try $0.audit.page(filter, limit: 10, before: nil).items }
        #expect(lines.map(\.detail) == ["gone"] && lines.map(\.initiator) == [.server])
    }

    @Test("an attempt whose process was killed is made again, with the same identifier of the event")
    func killed() async throws {
        let office = PostOffice()
        let webhook = try await office.webhook(hook).webhook
        try await office.cancelTask()
        let job = try #require(try await office.claim())
        // Its process goes while the receiver has it already: nothing of the attempt is kept.
        let lost = try #require(RunningJob(job.job, store: DeadStore(), policy: .ordinary, chance: 0))
        guard case .failed(_, retry: .byPolicy) = await office.handler.run(lost) else {
            Issue.record("it did not notice")
            return
        }
        #expect(try office.deliveries(to: webhook).first?.attempts == 0)
        try await office.end(job, as: await office.handler.run(job))
        #expect(try office.deliveries(to: webhook).first?.state.name == .delivered)
        #expect(office.sender.messages.count == 2)
        #expect(Set(office.sender.messages.map { $0.fields["webhook-id"] }).count == 1)
    }

    @Test("one whose outcome was kept, and its job's not, waits for its time")
    func between() async throws {
        let office = PostOffice()
        try await office.webhook(hook)
        office.answer(hook, 503, retryAfter: .seconds(60))
        try await office.cancelTask()
        let job = try #require(try await office.claim())
        let due = office.clock.now() + .seconds(60)
        #expect(await office.handler.run(job) == .snoozed(until: due))
        #expect(await office.handler.run(job) == .snoozed(until: due))
        #expect(office.sender.messages.count == 1)
        office.clock.set(to: due)
        office.answer(hook, 200)
        #expect(await office.handler.run(job) == .completed)
        #expect(await office.handler.run(job) == .completed)
        #expect(office.sender.messages.count == 2)
    }

    @Test("a receiver that answers slowly holds up only itself")
    func slow() async throws {
        let (begun, full) = (Counter(), TestGate())
        let gates = [TestGate(), TestGate()]
        let office = PostOffice { message async throws(PortError) in
            guard message.address.host == "slow.example" else { return }
            let number = begun.next()
            if number == 1 { full.open() }
            if gates.indices.contains(number) { await gates[number].wait() }
        }
        let slow = try await office.webhook("https://slow.example/", events: [.taskCancelled]).webhook
        for _ in 0..<3 { try await office.cancelTask() }
        var jobs: [RunningJob] = []
        while let job = try await office.claim() { jobs.append(job) }
        #expect(jobs.count == 3)
        let (handler, first, second) = (office.handler, jobs[0], jobs[1])
        async let one = handler.run(first)
        async let two = handler.run(second)
        await full.wait()
        guard case .snoozed(let place) = await office.handler.run(jobs[2]) else {
            Issue.record("a third one got through")
            return
        }
        #expect(place > office.clock.now())
        let quick = try await office.webhook("https://quick.example/").webhook
        try await office.cancelTask()
        while let job = try await office.claim() { _ = await office.handler.run(job) }
        #expect(try office.deliveries(to: quick).map(\.state.name) == [.delivered])
        for gate in gates { gate.open() }
        #expect(await [one, two] == [.completed, .completed])
        #expect(await office.handler.run(jobs[2]) == .completed)
        #expect(try office.deliveries(to: slow).filter { $0.state.name == .delivered }.count >= 3)
    }

    @Test("deliveries that people call off or retry by hand follow their jobs")
    func jobs() async throws {
        let office = PostOffice()
        let webhook = try await office.webhook(hook).webhook
        office.answer(hook, 500)
        try await office.cancelTask()
        try await office.deliver()
        let id = try #require(try office.deliveries(to: webhook).first).id
        let job = Identifier<Job>(high: id.high, low: id.low)
        let followers = JobFollowers([WebhookJobs()])
        _ = try await CancelJob(store: office.store, followers: followers, clock: office.clock)(
            job, by: .local)
        #expect(try office.deliveries(to: webhook).first?.state.name == .failed)
        office.answer(hook, 200)
        _ = try await RetryJob(store: office.store, followers: followers, clock: office.clock)(
            job, by: .local)
        try await office.deliver()
        #expect(try office.deliveries(to: webhook).first?.state.name == .delivered)
    }

    @Test("a job that names no delivery is given up")
    func malformed() async throws {
        let office = PostOffice()
        let job = Job(
            id: Identifier(high: 1, low: 1), kind: DeliverWebhook.jobKind, queue: DeliverWebhook.queue,
            now: office.clock.now())
        _ = try await office.store.write { try $0.enqueue(job) }
        guard case .failed(let failure, retry: .never) = try await office.deliver().first else {
            Issue.record("it went on")
            return
        }
        #expect(failure.code == "malformed")
    }
}

private final class Counter: Sendable {
    private let count = Mutex(0)

    /// 0, 1, 2 …
    func next() -> Int {
        count.withLock { count in
            defer { count += 1 }
            return count
        }
    }
}

/// A store as a process sees it that has been killed.
private struct DeadStore: Store {
    func read<Value>(_ body: (any StoreReader) throws -> Value) throws -> Value { throw gone }
    func write<Value: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> Value) async throws
        -> Value
    { throw gone }
    func writeFirst<Value: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> Value) throws
        -> Value
    { throw gone }
    func observe(_ changed: @escaping @Sendable () -> Void) -> any StoreObservation { Nobody() }

    private var gone: PortError { .unavailable("the process is gone") }
    private final class Nobody: StoreObservation {}
}
