import Application
import Domain
import Synchronization
import TestSupport
import Testing

/// A worker over memory, with its time and its heartbeat in the test's hands.
private final class Bench: Sendable {
    let store = InMemoryStore()
    let clock = InMemoryClock()
    let owners = InMemoryOwners()
    let pacemaker = ManualPacemaker()
    let random = SeededRandomSource(seed: 1)
    let changes: AsyncStream<JobChange>
    private let tell: AsyncStream<JobChange>.Continuation

    init() {
        (changes, tell) = AsyncStream.makeStream()
    }

    var ports: JobWorker.Ports {
        JobWorker.Ports(store: store, owners: owners, pacemaker: pacemaker, clock: clock, random: random)
    }

    func worker(
        owner: Int = 1, concurrency: Int = 2, followers: JobFollowers = JobFollowers(),
        _ handlers: any JobHandler...
    ) -> JobWorker {
        JobWorker(
            owner: Identifier(high: 9, low: UInt64(owner)), handlers: handlers, followers: followers,
            ports: ports, settings: JobWorker.Settings(concurrency: concurrency)
        ) { [tell] change in
            tell.yield(change)
        }
    }

    @discardableResult
    func enqueue(
        _ number: Int, kind: String = "work", failureLimit: Int = 4, dueAt: Timestamp? = nil
    ) async throws -> Job {
        let job = Job(
            id: Identifier(high: 1, low: UInt64(number)), kind: kind, failureLimit: failureLimit,
            dueAt: dueAt, now: clock.now())
        return try await store.write { try $0.enqueue(job) }
    }

    func job(_ number: Int) throws -> Job {
        try #require(try store.read { try $0.jobs.find(Identifier(high: 1, low: UInt64(number))) })
    }

    /// Lets time pass, and hearts beat, until the task is cancelled.
    func letTimePass() -> Task<Void, Never> {
        Task {
            while !Task.isCancelled {
                clock.advance(by: .milliseconds(100))
                pacemaker.beat()
                await Task.yield()
            }
        }
    }

    /// The next change that is not the beginning of an attempt.
    func nextEnd() async -> JobChange? {
        await changes.first { $0.event != .claimed }
    }
}

private struct Handler: JobHandler {
    var kind = "work"
    let body: @Sendable (RunningJob) async -> JobOutcome

    func run(_ job: RunningJob) async -> JobOutcome {
        await body(job)
    }
}

/// A handler that stays at its job until it is stopped, and then says why.
private func patient(started: TestGate, stopped: Mailbox<JobStopReason>) -> Handler {
    Handler { job in
        started.open()
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
        if let reason = job.stopReason { stopped.put(reason) }
        return .failed(JobFailure(code: "program_failed", message: "it was killed"), retry: .never)
    }
}

private final class Mailbox<Item: Sendable>: Sendable {
    private let stream: AsyncStream<Item>
    private let continuation: AsyncStream<Item>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func put(_ item: Item) {
        continuation.yield(item)
    }

    func take() async -> Item? {
        await stream.first { _ in true }
    }
}

@Suite("A worker") struct JobWorkerTests {
    @Test("does what is enqueued before and while it works, each job once")
    func works() async throws {
        let bench = Bench()
        let done = Mutex<[UInt64]>([])
        let worker = bench.worker(
            Handler { job in
                done.withLock { $0.append(job.job.id.low) }
                return .completed
            })
        for number in 0..<20 { try await bench.enqueue(number) }
        async let running: Void = worker.run()
        for number in 20..<50 { try await bench.enqueue(number) }
        for _ in 0..<50 { #expect(await bench.nextEnd()?.event == .completed) }
        worker.stop()
        try await running
        #expect(done.withLock { $0.sorted() } == Array(0..<50))
        #expect(try bench.store.read { try $0.jobs.counts(of: nil) } == [.completed: 50])
    }

    @Test("does no more at once than it was told to", arguments: [1, 3])
    func concurrency(_ concurrency: Int) async throws {
        struct Count { var now = 0, most = 0 }
        let bench = Bench()
        let count = Mutex(Count())
        let worker = bench.worker(
            concurrency: concurrency,
            Handler { _ in
                count.withLock { count in
                    count.now += 1
                    count.most = max(count.most, count.now)
                }
                for _ in 0..<10 { await Task.yield() }
                count.withLock { $0.now -= 1 }
                return .completed
            })
        for number in 0..<30 { try await bench.enqueue(number) }
        async let running: Void = worker.run()
        for _ in 0..<30 { _ = await bench.nextEnd() }
        worker.stop()
        try await running
        #expect(count.withLock { $0.most } <= concurrency)
    }

    @Test("tries a failed job again when it is due, and gives it up after its limit")
    func retries() async throws {
        let bench = Bench()
        let failure = JobFailure(code: "unavailable", message: "no")
        let worker = bench.worker(Handler { _ in .failed(failure, retry: .byPolicy) })
        try await bench.enqueue(1, failureLimit: 2)
        async let running: Void = worker.run()
        guard case .retried(let moment, failure) = await bench.nextEnd()?.event else {
            Issue.record("it was not tried again")
            return worker.stop()
        }
        bench.clock.set(to: moment)
        #expect(await bench.nextEnd()?.event == .discarded(after: failure))
        worker.stop()
        try await running
    }

    @Test("wakes for a job that becomes due before its poll")
    func alarm() async throws {
        let bench = Bench()
        let worker = bench.worker(Handler { _ in .completed })
        let due = bench.clock.now() + .milliseconds(300)
        try await bench.enqueue(1, dueAt: due)
        async let running: Void = worker.run()
        bench.clock.set(to: due)
        #expect(await bench.nextEnd()?.job.state == .completed(at: due))
        worker.stop()
        try await running
    }

    @Test(
        "hands running jobs back as interrupted when it is stopped, or its task is cancelled",
        arguments: [false, true])
    func shutdown(_ isCancelled: Bool) async throws {
        let (bench, started, stopped) = (Bench(), TestGate(), Mailbox<JobStopReason>())
        let worker = bench.worker(patient(started: started, stopped: stopped))
        try await bench.enqueue(1)
        let running = Task { try await worker.run() }
        await started.wait()
        if isCancelled { running.cancel() } else { worker.stop() }
        #expect(await stopped.take() == .shutdown)
        try await running.value
        let job = try bench.job(1)
        #expect(job.state == .available)
        #expect((job.failures, job.interruptions) == (0, 1))
        #expect(job.log.map(\.ending) == [.interrupted(.shutdown)])
    }

    @Test("keeps what a handler completed while it was being stopped")
    func completedAtShutdown() async throws {
        let (bench, started) = (Bench(), TestGate())
        let worker = bench.worker(
            Handler { _ in
                started.open()
                while !Task.isCancelled { await Task.yield() }
                return .completed
            })
        try await bench.enqueue(1)
        let running = Task { try await worker.run() }
        await started.wait()
        worker.stop()
        try await running.value
        #expect(try bench.job(1).state.name == .completed)
    }

    @Test("stops a job that is called off, and the job is cancelled whatever its handler says")
    func cancellation() async throws {
        let (bench, started, stopped) = (Bench(), TestGate(), Mailbox<JobStopReason>())
        let worker = bench.worker(patient(started: started, stopped: stopped))
        let id = try await bench.enqueue(1).id
        async let running: Void = worker.run()
        await started.wait()
        let cancel = CancelJob(store: bench.store, followers: JobFollowers(), clock: bench.clock)
        #expect(try await cancel(id, by: .local).lease?.isCancelling == true)
        let time = bench.letTimePass()
        defer { time.cancel() }
        #expect(await stopped.take() == .cancelled)
        #expect(await bench.nextEnd()?.event == .cancelled)
        worker.stop()
        try await running
    }

    @Test("stops a job that was deleted, and writes nothing for it")
    func deletion() async throws {
        let (bench, started, stopped) = (Bench(), TestGate(), Mailbox<JobStopReason>())
        let worker = bench.worker(patient(started: started, stopped: stopped))
        let subject = Identifier<VideoTask>(high: 5, low: 5)
        let job = Job(
            id: Identifier(high: 1, low: 1), kind: "work", subject: Identifier(subject),
            now: bench.clock.now())
        _ = try await bench.store.write { try $0.enqueue(job) }
        async let running: Void = worker.run()
        await started.wait()
        try await bench.store.write { try $0.deleteJobs(of: subject) }
        let time = bench.letTimePass()
        defer { time.cancel() }
        #expect(await stopped.take() == .leaseLost)
        worker.stop()
        try await running
        #expect(try bench.store.read { try $0.jobs.counts(of: nil) } == [:])
    }

    @Test("renews its leases at each beat, and stops what it has lost")
    func renewal() async throws {
        let (bench, started, stopped) = (Bench(), TestGate(), Mailbox<JobStopReason>())
        let worker = bench.worker(patient(started: started, stopped: stopped))
        let id = try await bench.enqueue(1).id
        async let running: Void = worker.run()
        await started.wait()
        bench.clock.advance(by: .milliseconds(20_000))
        bench.pacemaker.beat()
        #expect(try bench.job(1).lease?.until == bench.clock.now() + Job.Lease.shortest)
        // Someone else takes it for lost.
        let presence = try bench.owners.enter(Identifier(high: 9, low: 2))
        try await bench.store.write { [now = bench.clock.now()] writer in
            var job = try #require(try writer.jobs.find(id))
            try job.interrupt(JobHold(job: id, attempt: 1), because: .leaseExpired, at: now)
            try job.claim(by: Identifier(high: 9, low: 2), at: now, until: now + .seconds(30))
            try writer.jobWriter.update(job)
        }
        bench.pacemaker.beat()
        #expect(await stopped.take() == .leaseLost)
        worker.stop()
        try await running
        #expect(try bench.job(1).lease?.owner == Identifier(high: 9, low: 2))
        withExtendedLifetime(presence) {}
    }

    @Test("takes over the jobs of a process that is gone at once")
    func rescue() async throws {
        let bench = Bench()
        try await bench.enqueue(1)
        let now = bench.clock.now()
        let claim = JobClaim(
            queues: [Job.ordinaryQueue], limit: 1, owner: Identifier(high: 9, low: 2), now: now,
            until: now + .seconds(3600))
        _ = try await bench.store.write { try $0.jobWriter.claim(claim) }
        let worker = bench.worker(Handler { _ in .completed })
        async let running: Void = worker.run()
        #expect(await bench.nextEnd()?.event == .interrupted(.ownerGone))
        #expect(await bench.nextEnd()?.event == .completed)
        worker.stop()
        try await running
        #expect(try bench.job(1).attempt == 2)
    }

    @Test("takes up what a dead process was at before what was waiting behind it")
    func rescuedFirst() async throws {
        let bench = Bench()
        try await bench.enqueue(1)
        let now = bench.clock.now()
        let claim = JobClaim(
            queues: [Job.ordinaryQueue], limit: 1, owner: Identifier(high: 9, low: 2), now: now,
            until: now + .seconds(3600))
        _ = try await bench.store.write { try $0.jobWriter.claim(claim) }
        try await bench.enqueue(2)
        let order = Mutex<[UInt64]>([])
        let worker = bench.worker(
            concurrency: 1,
            Handler { job in
                order.withLock { $0.append(job.job.id.low) }
                return .completed
            })
        async let running: Void = worker.run()
        for expected in [JobEvent.interrupted(.ownerGone), .completed, .completed] {
            #expect(await bench.nextEnd()?.event == expected)
        }
        worker.stop()
        try await running
        #expect(order.withLock { $0 } == [1, 2])
    }

    @Test("calls off what waits in the private queue of a process that is gone, and of no other")
    func privateQueues() async throws {
        let bench = Bench()
        let (gone, present) = (Identifier<JobOwner>(high: 9, low: 2), Identifier<JobOwner>(high: 9, low: 3))
        let presence = try bench.owners.enter(present)
        let now = bench.clock.now()
        for (number, owner) in [(1, gone), (2, present)] {
            let job = Job(
                id: Identifier(high: 1, low: UInt64(number)), kind: "work",
                queue: Job.privateQueue(of: owner), now: now)
            #expect(job.privateOwner == owner)
            try await bench.store.write { _ = try $0.enqueue(job) }
        }
        // What a process that is gone was at is rescued first, and then called off.
        let claim = JobClaim(
            queues: [Job.privateQueue(of: gone)], limit: 1, owner: Identifier(high: 9, low: 4), now: now,
            until: now + .seconds(3600))
        _ = try await bench.store.write { try $0.jobWriter.claim(claim) }
        let worker = bench.worker(Handler { _ in .completed })
        async let running: Void = worker.run()
        #expect(await bench.nextEnd()?.event == .interrupted(.ownerGone))
        #expect(await bench.nextEnd()?.event == .cancelled)
        worker.stop()
        try await running
        #expect(try bench.job(1).state.name == .cancelled)
        #expect(try bench.job(2).state.name == .available)
        withExtendedLifetime(presence) {}
    }

    @Test("leaves a job of a kind that it does not know to a worker that does")
    func unknownKind() async throws {
        let bench = Bench()
        let worker = bench.worker(Handler { _ in .completed })
        try await bench.enqueue(1, kind: "unheard of")
        async let running: Void = worker.run()
        guard case .snoozed = await bench.nextEnd()?.event else {
            Issue.record("it was not left alone")
            return worker.stop()
        }
        worker.stop()
        try await running
        #expect(try bench.job(1).state.name == .scheduled)
        #expect(try bench.job(1).failures == 0)
    }

    @Test(
        "has what happened to a job followed in the same unit of work; when that fails, both are tried again")
    func followers() async throws {
        let (bench, follower) = (Bench(), UnwillingFollower())
        let worker = bench.worker(followers: JobFollowers([follower]), Handler { _ in .completed })
        try await bench.enqueue(1)
        async let running: Void = worker.run()
        await follower.refused.wait()
        #expect(try bench.job(1).state.name == .running)
        follower.isWilling.withLock { $0 = true }
        let time = bench.letTimePass()
        defer { time.cancel() }
        #expect(await bench.nextEnd()?.event == .completed)
        worker.stop()
        try await running
        #expect(try bench.store.read { try $0.uploads.find(Identifier(high: 3, low: 3)) } != nil)
    }

    @Test("cannot work for an owner that is there already")
    func presence() async throws {
        let bench = Bench()
        let presence = try bench.owners.enter(Identifier(high: 9, low: 1))
        await #expect(throws: PortError.self) { try await bench.worker().run() }
        withExtendedLifetime(presence) {}
    }
}

/// Stores an upload for each completed job, after having refused to.
private final class UnwillingFollower: JobFollower {
    let kind = "work"
    let isWilling = Mutex(false)
    let refused = TestGate()

    func follow(_ event: JobEvent, of job: Job, in writer: any StoreWriter, at now: Timestamp) throws {
        try writer.uploadWriter.insert(
            Upload(
                id: Identifier(high: 3, low: 3), owner: User.local, filename: "followed",
                content: .captions(.srt),
                file: MediaFile(
                    id: Identifier(high: 4, low: 4), bytes: 0,
                    hash: ContentHash(bytes: Array(repeating: 0, count: 32))!),
                createdAt: now))
        guard isWilling.withLock({ $0 }) else {
            refused.open()
            throw PortError.unavailable("not yet")
        }
    }
}
