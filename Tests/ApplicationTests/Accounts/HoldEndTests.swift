import Application
import Domain
import Testing

@Suite("When what is held for a task ends")
struct HoldEndTests {
    let checkout = Checkout()
    private var workshop: Workshop { checkout.workshop }

    /// A task that holds four credits, whose studio finds two moments.
    private func order(_ caller: Caller) async throws -> VideoTask {
        try await checkout.order(try await checkout.upload(seconds: 200, by: caller), by: caller)
    }

    private func run() async throws { try await workshop.attempt() }

    /// Makes the second clip impossible.
    private func breakSecondClip() {
        workshop.studio.change {
            $0.rendering = [20: MediaError.programFailed(program: "ffmpeg", reason: "broken")]
        }
    }

    @Test("A11: a task that completes costs its price")
    func completes() async throws {
        let ada = try await checkout.member(tier: .premium)
        let task = try await order(ada)
        try await run()
        #expect(try checkout.status(task) == .completed)
        #expect(try checkout.ledger(ada).sums == [96, 0])
        #expect(try checkout.holds(task).map(\.captured) == [4])
    }

    @Test("A11: clips that could not be made are not paid for")
    func inProportion() async throws {
        let ada = try await checkout.member(tier: .premium)
        breakSecondClip()
        let task = try await order(ada)
        try await run()
        #expect(try checkout.status(task) == .completed)
        #expect(try checkout.ledger(ada).sums == [98, 0])
        #expect(try checkout.holds(task).first?.endedAt != nil)
    }

    @Test("A11: a task that fails for good costs nothing; while it is tried again its credits stay held")
    func fails() async throws {
        let ada = try await checkout.member(tier: .premium)
        let task = try await order(ada)
        workshop.studio.change { $0.transcribing = PortError.unavailable("busy") }
        try await run()
        #expect(try checkout.status(task)?.isFinal == false)
        #expect(try checkout.ledger(ada).sums == [96, 4])
        workshop.studio.change { $0.transcribing = MediaError.notMedia("nothing") }
        workshop.clock.advance(by: .seconds(3600))
        try await run()
        #expect(try checkout.status(task)?.name == .failed)
        #expect(try checkout.ledger(ada).sums == [100, 0])
    }

    @Test("A11: a task whose workers are lost too often costs nothing, and is given up once")
    func lost() async throws {
        let ada = try await checkout.member(tier: .premium)
        let task = try await order(ada)
        for _ in 1...Job.interruptionLimit {
            let job = try await workshop.claim()
            let turn = JobTurn(
                endings: [AttemptEnding(hold: job.hold, way: .interrupted(.ownerGone))], claim: nil,
                now: workshop.clock.now(), followers: JobFollowers([VideoTaskJobs()]))
            #expect(try checkout.ledger(ada).held.total == 4)
            _ = try await workshop.store.write { try turn.take(in: $0) }
        }
        #expect(try checkout.status(task)?.name == .failed)
        #expect(try checkout.ledger(ada).sums == [100, 0])
    }

    @Test("A11: a task whose job is called off costs nothing")
    func calledOff() async throws {
        let ada = try await checkout.member(tier: .premium)
        let task = try await order(ada)
        let job = try #require(try workshop.job(of: task))
        _ = try await CancelJob(
            store: workshop.store, followers: JobFollowers([VideoTaskJobs()]), clock: workshop.clock)(
                job.id, by: ada)
        #expect(try checkout.status(task) == .cancelled)
        #expect(try checkout.ledger(ada).sums == [100, 0])
    }

    @Test(
        "C60, A11: a task that is cancelled or deleted costs the clips it has, and nothing comes back later")
    func stoppedWithClips() async throws {
        let ada = try await checkout.member(tier: .premium)
        for isDeleted in [false, true] {
            let before = try checkout.ledger(ada).available.total
            let task = try await order(ada)
            workshop.studio.change { $0.rendering = [20: PortError.unavailable("busy")] }
            try await run()
            #expect(try checkout.ledger(ada).held.total == 4)
            if isDeleted {
                try await workshop.delete(task.id, by: ada)
            } else {
                _ = try await workshop.cancel(task.id, by: ada)
                _ = try await workshop.cancel(task.id, by: ada)
            }
            let after = try checkout.ledger(ada)
            #expect(after.sums == [(before == 0 ? 100 : before) - 2, 0])
            guard !isDeleted else { continue }
            try await workshop.delete(task.id, by: ada)
            #expect(try checkout.ledger(ada) == after)
        }
    }

    @Test("A11: a task that waits costs nothing when it is cancelled, deleted, or its owner goes")
    func stoppedWaiting() async throws {
        let ada = try await checkout.member(tier: .premium)
        let tasks = [try await order(ada), try await order(ada), try await order(ada)]
        #expect(try checkout.ledger(ada).sums == [88, 12])
        _ = try await workshop.cancel(tasks[0].id, by: ada)
        #expect(try checkout.ledger(ada).sums == [92, 8])
        try await workshop.delete(tasks[1].id, by: ada)
        #expect(try checkout.ledger(ada).sums == [96, 4])
        let (belongings, now) = (
            ClippingBelongings(identifiers: workshop.identifiers), workshop.clock.now()
        )
        try await workshop.store.write { try belongings.remove(of: ada.user, in: $0, at: now) }
        #expect(try checkout.ledger(ada).sums == [100, 0])
    }

    @Test("A22: what goes on is held anew, less what was paid for the clips that are there")
    func resumes() async throws {
        let ada = try await checkout.member(tier: .premium)
        let task = try await order(ada)
        workshop.studio.change { $0.rendering = [20: PortError.unavailable("busy")] }
        try await run()
        _ = try await workshop.cancel(task.id, by: ada)
        #expect(try checkout.ledger(ada).sums == [98, 0])
        workshop.studio.change { $0.rendering = [:] }
        _ = try await checkout.resume(task.id, by: ada)
        #expect(try checkout.ledger(ada).sums == [96, 2])
        #expect(try checkout.usage(ada).today == nil)
        workshop.clock.advance(by: .seconds(3600))
        // The job that was called off is gone, the new one goes on.
        while try checkout.status(task)?.isFinal == false { try await run() }
        #expect(try checkout.status(task) == .completed)
        #expect(try checkout.ledger(ada).sums == [96, 0])
        #expect(try checkout.holds(task).map(\.captured).reduce(0, +) == 4)
    }

    @Test("A22: what cannot be paid does not go on, whether the task or its job is taken up again")
    func resumesWithoutCredits() async throws {
        let ada = try await checkout.member(credits: 4, longest: .seconds(600))
        let task = try await order(ada)
        workshop.studio.change { $0.transcribing = MediaError.notMedia("nothing") }
        try await run()
        let failed = try #require(try checkout.status(task))
        let other = try await order(ada)
        #expect(try checkout.ledger(ada).sums == [0, 4])
        await #expect(throws: OrderRefusal.self) { _ = try await checkout.resume(task.id, by: ada) }
        _ = try await workshop.cancel(other.id, by: ada)
        let poor = try await order(ada)
        let job = try #require(try workshop.job(of: task))
        let retry = RetryJob(
            store: workshop.store, followers: JobFollowers([VideoTaskJobs()]), clock: workshop.clock)
        let claimedFirst = try await workshop.claim()
        #expect(claimedFirst.job.subject == Identifier(poor.id))
        try await retry(job.id, by: ada)
        try await run()
        #expect(try checkout.status(task) == failed)
        #expect(try workshop.job(of: task)?.state.name == .discarded)
        #expect(try workshop.job(of: task)?.log.last != nil)
        #expect(try checkout.ledger(ada).sums == [0, 4])
    }

    @Test("A22: a job that is taken up again by hand holds the price again")
    func retries() async throws {
        let ada = try await checkout.member(tier: .premium)
        let task = try await order(ada)
        workshop.studio.change { $0.transcribing = MediaError.notMedia("nothing") }
        try await run()
        #expect(try checkout.ledger(ada).sums == [100, 0])
        workshop.studio.change { $0.transcribing = nil }
        let job = try #require(try workshop.job(of: task))
        try await RetryJob(
            store: workshop.store, followers: JobFollowers([VideoTaskJobs()]), clock: workshop.clock)(
                job.id, by: ada)
        try await run()
        #expect(try checkout.status(task) == .completed)
        #expect(try checkout.ledger(ada).sums == [96, 0])
    }

    @Test("A13: what was held for the longest source comes back once the real one is here")
    func repriced() async throws {
        let ada = try await checkout.member(tier: .premium)
        let task = try await checkout.order(by: ada)
        #expect(try checkout.ledger(ada).sums == [95, 5])
        // The studio's source lasts a minute; its first rendering looks at what is held.
        let seen = Count()
        workshop.studio.change { [checkout] script in
            script.onRender = {
                if try checkout.ledger(ada).sums == [99, 1] { seen.increase() }
            }
        }
        try await run()
        #expect(seen.value > 0)
        #expect(try checkout.status(task) == .completed)
        #expect(try checkout.ledger(ada).sums == [99, 0])
    }

    @Test("A9, A22: a source that turns out longer than the plan takes fails its task, and costs nothing")
    func tooLong() async throws {
        let ada = try await checkout.member()
        workshop.studio.change { $0.facts = Checkout.facts(75) }
        let task = try await checkout.order(by: ada)
        #expect(try checkout.ledger(ada).sums == [9, 1])
        try await run()
        #expect(
            try workshop.store.read { try $0.tasks.find(task.id) }?.failure?.code == "quota_source_too_long")
        #expect(try checkout.ledger(ada).sums == [10, 0])
        #expect(workshop.studio.files.isEmpty)
    }

    @Test("A10: who moves to a larger plan meanwhile pays no more than was held")
    func largerPlan() async throws {
        let ada = try await checkout.member()
        workshop.studio.change { $0.facts = Checkout.facts(290) }
        let task = try await checkout.order(by: ada)
        let now = workshop.clock.now()
        try await workshop.store.write { writer in
            guard var user = try writer.users.find(ada.user) else { throw NotFound.user }
            _ = try user.change(tier: .premium, at: now)
            try writer.userWriter.update(user)
        }
        try await run()
        #expect(try checkout.status(task) == .completed)
        #expect(try checkout.ledger(ada).sums == [9, 0])
    }
}
