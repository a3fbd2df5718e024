import Application
import Domain
import Testing

@Suite("Jobs by hand") struct JobUseCaseTests {
    let store = InMemoryStore()
    let clock = InMemoryClock()

    private func enqueue(_ number: Int, _ change: (inout Job) throws -> Void = { _ in }) async throws -> Job {
        var job = Job(
            id: Identifier(high: 1, low: UInt64(number)), kind: "work", uniqueKey: "key \(number)",
            now: clock.now())
        try change(&job)
        return try await store.write { [job] in try $0.enqueue(job) }
    }

    @Test("a list has at least one and at most a hundred jobs on a page", arguments: [(0, 1), (500, 100)])
    func limit(_ asked: Int, _ given: Int) async throws {
        for number in 0..<101 { _ = try await enqueue(number) }
        #expect(try ListJobs(store: store)(by: .local, limit: asked).items.count == given)
    }

    @Test("a job that does not exist is not found")
    func notFound() async throws {
        let id = Identifier<Job>(high: 9, low: 9)
        #expect(throws: NotFound.job) { try GetJob(store: store)(id, by: .local) }
        await #expect(throws: NotFound.job) {
            try await CancelJob(store: store, followers: JobFollowers(), clock: clock)(id, by: .local)
        }
        await #expect(throws: NotFound.job) {
            try await RetryJob(store: store, followers: JobFollowers(), clock: clock)(id, by: .local)
        }
    }

    @Test("a waiting job is called off at once, its follower is told, and doing it again changes nothing")
    func cancel() async throws {
        let follower = RecordingFollower()
        let id = try await enqueue(1).id
        let cancel = CancelJob(store: store, followers: JobFollowers([follower]), clock: clock)
        let cancelled = try await cancel(id, by: .local)
        #expect(cancelled.state.name == .cancelled)
        #expect(try await cancel(id, by: .local) == cancelled)
        #expect(try GetJob(store: store)(id, by: .local) == cancelled)
        let notes = try store.read { try $0.answers.find(RecordingFollower.key(.cancelled)) }
        #expect(notes != nil)
    }

    @Test("a discarded job is tried again, unless another one has taken its place")
    func retry() async throws {
        let retry = RetryJob(store: store, followers: JobFollowers(), clock: clock)
        let id = try await enqueue(1) { try $0.requestCancellation(at: clock.now()) }.id
        let retried = try await retry(id, by: .local)
        #expect(retried.state == .available)
        await #expect(throws: JobError.notRetryable(.available)) { try await retry(id, by: .local) }
        try await CancelJob(store: store, followers: JobFollowers(), clock: clock)(id, by: .local)
        let rival = Job(id: Identifier(high: 2, low: 2), kind: "work", uniqueKey: "key 1", now: clock.now())
        _ = try await store.write { try $0.enqueue(rival) }
        await #expect(throws: PortError.self) { try await retry(id, by: .local) }
        #expect(try GetJob(store: store)(id, by: .local).state.name == .cancelled)
    }

    @Test("all jobs about something are called off together")
    func cancelAll() async throws {
        let subject = Identifier<VideoTask>(high: 5, low: 5)
        let now = clock.now()
        try await store.write { writer in
            for number in UInt64(1)...3 {
                try writer.enqueue(
                    Job(
                        id: Identifier(high: 1, low: number), kind: "work",
                        subject: Identifier(number == 3 ? Identifier(high: 6, low: 6) : subject), now: now))
            }
            _ = try writer.jobWriter.claim(
                JobClaim(
                    queues: [Job.ordinaryQueue], limit: 1, owner: Identifier(high: 9, low: 9), now: now,
                    until: now + .seconds(30)))
            try writer.cancelJobs(of: subject, at: now)
        }
        let jobs = try ListJobs(store: store)(by: .local).items
        #expect(jobs.map(\.state.name) == [.available, .cancelled, .running])
        #expect(jobs.last?.lease?.isCancelling == true)
    }
}

/// Leaves a stored answer for each thing that it is told.
private struct RecordingFollower: JobFollower {
    let kind = "work"

    static func key(_ event: JobEvent) -> IdempotencyKey {
        IdempotencyKey(caller: User.local, route: "followed", key: "\(event)")
    }

    func follow(_ event: JobEvent, of job: Job, in writer: any StoreWriter, at now: Timestamp) throws {
        let answer = StoredAnswer(
            fingerprint: ContentHash(bytes: Array(repeating: 0, count: 32))!, status: 0, location: "",
            body: [],
            createdAt: now)
        try writer.answerWriter.put(answer, under: Self.key(event))
    }
}
