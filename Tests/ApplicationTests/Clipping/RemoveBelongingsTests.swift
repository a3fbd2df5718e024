import Application
import Domain
import Synchronization
import Testing

@Suite("What a user had goes with the user")
struct RemoveBelongingsTests {
    let workshop = Workshop()
    let other = Caller(user: Identifier(high: 0x7000, low: 0x8000_0000_0000_0001), role: .user, means: .local)

    /// A task that is done, one that waits and two uploads of the local user, and one of each of someone else.
    ///
    /// - Returns: The files of someone else.
    private func fill() async throws -> Set<Identifier<MediaFile>> {
        _ = try await workshop.order()
        #expect(try await workshop.attempt() == .completed)
        let captions = try await workshop.upload("a.srt")
        _ = try await workshop.upload("b.srt")
        let options = try ClipOptions(count: 1)
        _ = try await workshop.submit(
            SubmitVideoTask.Command(
                source: .address("https://a.example/w.mp4"), captions: captions.id, options: options),
            by: .local)
        let before = workshop.studio.files
        var reception = try workshop.receive.begin(filename: "c.srt", by: other)
        try Array("1\n00:00:01,000 --> 00:00:02,000\nHello.\n".utf8).withUnsafeBytes {
            try reception.append($0)
        }
        _ = try await workshop.receive.finish(reception)
        _ = try await workshop.submit(
            SubmitVideoTask.Command(source: .address("https://a.example/x.mp4"), options: options), by: other)
        return workshop.studio.files.subtracting(before)
    }

    private func delete() async throws {
        let belongings = ClippingBelongings(identifiers: workshop.identifiers)
        let now = workshop.clock.now()
        try await workshop.store.write { try belongings.remove(of: User.local, in: $0, at: now) }
    }

    private var handler: RemoveBelongings {
        RemoveBelongings(
            store: workshop.store, media: workshop.studio, cache: workshop.studio, feed: workshop.feed)
    }

    private func statuses(of owner: Identifier<User>) throws -> [VideoTask.Status.Name] {
        try workshop.store.read { reader in
            try reader.tasks.page(of: owner, status: nil, limit: 9, before: nil).items.map(\.task.status.name)
        }
    }

    @Test("what waits is cancelled at once, and one job of the server's own is left to remove the rest")
    func cancelled() async throws {
        _ = try await fill()
        try await delete()
        try await delete()
        #expect(try statuses(of: User.local) == [.cancelled, .completed])
        #expect(try statuses(of: other.user) == [.queued])
        let job = try await workshop.claim().job
        #expect(job.kind == RemoveBelongings.jobKind && job.owner == nil)
        #expect(try await workshop.claim().job.kind == RunVideoTask.jobKind)
    }

    @Test(
        "however often its process is killed, the next attempt removes what is left, and nothing of others",
        arguments: 0..<5)
    func killed(after writes: Int) async throws {
        let kept = try await fill()
        try await delete()
        let job = try await workshop.claim()
        let doomed = try #require(
            RunningJob(
                job.job, store: DoomedStore(workshop.store, writes: writes), policy: .ordinary, chance: 0))
        guard case .failed(_, retry: .byPolicy) = await handler.run(doomed) else {
            Issue.record("it did not notice")
            return
        }
        #expect(!workshop.studio.cachedOwners.isEmpty)
        #expect(await handler.run(job) == .completed)
        #expect(workshop.studio.files == kept)
        #expect(workshop.studio.cachedOwners.isEmpty)
        #expect(try statuses(of: User.local) == [])
        #expect(try statuses(of: other.user) == [.queued])
        try workshop.store.read { reader in
            let nothing = StoreStatistics(tasks: [:], clips: 0, uploads: 0, mediaBytes: 0)
            #expect(try reader.tasks.statistics(of: User.local) == nothing)
            #expect(try reader.uploads.oldest(of: other.user, limit: 9).count == 1)
            let jobs = try reader.jobs.page(of: nil, state: nil, limit: 9, before: nil).items
            #expect(Set(jobs.map(\.kind)) == [RemoveBelongings.jobKind, RunVideoTask.jobKind])
            #expect(jobs.count == 2)
        }
        #expect(await handler.run(job) == .completed)
    }

    @Test("a job that names no user is given up")
    func malformed() async throws {
        let now = workshop.clock.now()
        _ = try await workshop.store.write { writer in
            try writer.enqueue(Job(id: Identifier(high: 1, low: 1), kind: RemoveBelongings.jobKind, now: now))
        }
        guard case .failed(let failure, retry: .never) = await handler.run(try await workshop.claim()) else {
            Issue.record("it went on")
            return
        }
        #expect(failure.code == "malformed")
    }
}

/// A store as a process sees it that is killed after some units of work.
private final class DoomedStore: Store {
    private let base: any Store
    private let left: Mutex<Int>

    init(_ base: any Store, writes: Int) {
        self.base = base
        left = Mutex(writes)
    }

    func read<Value>(_ body: (any StoreReader) throws -> Value) throws -> Value { try base.read(body) }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) async throws -> Value {
        try writeFirst(body)
    }

    func writeFirst<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) throws -> Value {
        let isAlive = left.withLock { left in
            left -= 1
            return left >= 0
        }
        guard isAlive else { throw PortError.unavailable("the process is gone") }
        return try base.writeFirst(body)
    }

    func observe(_ changed: @escaping @Sendable () -> Void) -> any StoreObservation {
        base.observe(changed)
    }
}
