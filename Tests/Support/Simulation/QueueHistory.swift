import Application
import Domain

/// One history of a queue as it is being played.
final class QueueHistory {
    private struct Worker {
        let owner: Identifier<JobOwner>
        var presence: (any OwnerPresence)?
        let store: any Store
        var runs: [RunningJob] = []
        var endings: [AttemptEnding] = []
        /// How many steps it does nothing, as if its machine were busy with something else.
        var stalled = 0
    }

    private static let concurrency = 2
    private static let lease = Job.Lease.shortest

    private let store: any Store
    private let fault: StoreFault?
    private let random: SeededRandomSource
    private let clock = InMemoryClock()
    private let owners = InMemoryOwners()
    private let identifiers: IdentifierMaker
    private var workers: [Worker] = []
    private var oracle = QueueOracle()
    private let isTraced: Bool
    private(set) var trace: [String] = []

    init(seed: UInt64, store: any Store, fault: StoreFault?, isTraced: Bool) throws {
        self.isTraced = isTraced
        self.store = store
        self.fault = fault
        random = SeededRandomSource(seed: seed)
        identifiers = IdentifierMaker(clock: clock, random: random)
        for _ in 0..<3 { workers.append(try makeWorker()) }
    }

    // MARK: Steps

    /// Does one thing of those that can happen, and looks at everything.
    func step() async throws {
        for index in workers.indices where workers[index].stalled > 0 { workers[index].stalled -= 1 }
        let worker = below(workers.count)
        switch below(100) {
        case 0..<18: try await enqueue()
        case 18..<40: try await turn(worker)
        case 40..<55: finishOne(of: worker)
        case 55..<62: try renew(worker)
        case 62..<66: try await touch(worker)
        case 66..<70: try watch(worker)
        case 70..<75: try await rescue()
        case 75..<80: try await cancel()
        case 80..<83: try await retry()
        case 83..<86: workers[worker].stalled = 5 + below(10)
        case 86..<89: try await crash(worker)
        case 89..<91: try await shutDown(worker)
        default: passTime()
        }
        try oracle.inspect(try jobs())
    }

    /// Ends the trouble and waits until everything has come to its end.
    func settle() async throws {
        for index in workers.indices { workers[index].stalled = 0 }
        for _ in 0..<300 {
            let unfinished = try jobs().filter { !$0.state.name.isFinal }
            guard !unfinished.isEmpty else { break }
            if let due = unfinished.map(\.dueAt).min(), unfinished.allSatisfy({ $0.lease == nil }) {
                clock.set(to: max(clock.now(), due))
            } else {
                clock.advance(by: .seconds(25))
            }
            for worker in workers.indices {
                try renew(worker)
                try watch(worker)
            }
            try await rescue()
            for worker in workers.indices {
                for run in workers[worker].runs { end(run, as: .completed, by: worker) }
                try await turn(worker)
            }
        }
        try oracle.inspectEnd(try jobs())
    }

    private func enqueue() async throws {
        let now = clock.now()
        let isKeyed = below(10) < 4
        let job = Job(
            id: identifiers.make(), kind: "work", priority: [0, 5, 5, 5, 9][below(5)],
            uniqueKey: isKeyed ? "key \(below(2))" : nil, failureLimit: 1 + below(3),
            dueAt: below(4) == 0 ? now + .seconds(below(60)) : nil, now: now)
        let before = try jobs()
        let answer = try await workers[0].store.write { try $0.enqueue(job) }
        note("enqueue \(job.id) \(job.uniqueKey ?? "") \(job.priority): \(answer.id)")
        try oracle.enqueued(job, answer: answer, before: before)
    }

    private func turn(_ index: Int, isLast: Bool = false) async throws {
        guard workers[index].stalled == 0 else { return }
        let (worker, now) = (workers[index], clock.now())
        let room = isLast ? 0 : Self.concurrency - worker.runs.count
        let claim = JobClaim(
            queues: [Job.ordinaryQueue], limit: room, owner: worker.owner, now: now, until: now + Self.lease)
        // One ending of each job at a time, so that it is plain which one was accepted.
        var jobs: Set<Identifier<Job>> = []
        let endings = worker.endings.filter { jobs.insert($0.hold.job).inserted }
        let turn = JobTurn(
            endings: endings, claim: room > 0 ? claim : nil, now: now, followers: JobFollowers())
        let result = try await worker.store.write { try turn.take(in: $0) }
        note(
            "turn \(index): ended \(result.ended.map { "\($0.job.id) \($0.event)" }), "
                + "claimed \(result.claimed.map { "\($0.id) \($0.attempt)" })")
        for change in result.ended {
            guard let ending = endings.first(where: { $0.hold.job == change.job.id }) else { continue }
            try oracle.ended(change, by: ending.hold)
        }
        if room > 0 {
            let claimed = Set(result.claimed.map(\.id))
            let others = try self.jobs().filter { !claimed.contains($0.id) }
            try oracle.claimed(result.claimed, by: claim, leaving: others)
        }
        let stored = Set(endings.map(\.hold))
        workers[index].endings.removeAll { stored.contains($0.hold) }
        workers[index].runs += result.claimed.compactMap { job in
            RunningJob(job, store: worker.store, policy: .ordinary, chance: random.next())
        }
    }

    private func finishOne(of index: Int) {
        guard workers[index].stalled == 0, !workers[index].runs.isEmpty else { return }
        let run = workers[index].runs[below(workers[index].runs.count)]
        let failure = JobFailure(code: "unavailable", message: "no answer")
        let outcome: JobOutcome =
            switch below(20) {
            case 0..<11: .completed
            case 11..<15: .failed(failure, retry: .byPolicy)
            case 15: .failed(failure, retry: .never)
            case 16: .cancelled
            default: .snoozed(until: clock.now() + .seconds(below(30)))
            }
        end(run, as: outcome, by: index)
    }

    private func end(_ run: RunningJob, as outcome: JobOutcome, by index: Int) {
        note("worker \(index) ends \(run.hold) as \(outcome)")
        workers[index].runs.removeAll { $0 === run }
        let way = AttemptEnding.Way.outcome(outcome, policy: .ordinary, chance: random.next())
        workers[index].endings.append(AttemptEnding(hold: run.hold, way: way))
    }

    private func renew(_ index: Int) throws {
        guard workers[index].stalled == 0 else { return }
        let worker = workers[index]
        let holds = worker.runs.map(\.hold) + worker.endings.map(\.hold)
        guard !holds.isEmpty else { return }
        let until = clock.now() + Self.lease
        let good = try worker.store.writeFirst { try $0.jobWriter.renew(holds, until: until) }
        note("worker \(index) renews \(holds): \(good.count) good")
        for hold in holds where good.contains(hold) { try oracle.renewed(hold, until: until) }
        workers[index].runs.removeAll { !good.contains($0.hold) }
    }

    /// A handler writes something in the middle of its work.
    private func touch(_ index: Int) async throws {
        let worker = workers[index]
        guard worker.stalled == 0, !worker.runs.isEmpty else { return }
        let run = worker.runs[below(worker.runs.count)]
        do {
            try await run.checkpoint { [hold = run.hold] writer in
                try writer.jobWriter.record(JobProgress(percent: 50, stage: "half"), by: hold)
            }
        } catch is JobError {
            return
        }
        note("worker \(index) writes for \(run.hold)")
        try oracle.wrote(run.hold)
    }

    private func watch(_ index: Int) throws {
        let worker = workers[index]
        guard worker.stalled == 0 else { return }
        let held = try worker.store.read { try $0.jobs.held(by: worker.owner) }
        for run in worker.runs {
            guard let job = held.first(where: { $0.hold == run.hold }) else {
                workers[index].runs.removeAll { $0 === run }
                continue
            }
            if job.lease?.isCancelling == true { end(run, as: .cancelled, by: index) }
        }
    }

    private func rescue() async throws {
        let rescueJobs = RescueJobs(store: store, owners: owners, followers: JobFollowers(), clock: clock)
        let changes = try await rescueJobs()
        note("rescue \(changes.map { "\($0.job.id) \($0.event)" })")
        for change in changes {
            try oracle.rescued(change, at: clock.now()) { try owners.isGone($0) }
        }
    }

    private func cancel() async throws {
        guard let id = someJob() else { return }
        do {
            let job = try await CancelJob(store: store, followers: JobFollowers(), clock: clock)(
                id, by: .local)
            note("cancel \(id): \(job.state.name)")
            try oracle.calledOff(id)
        } catch is JobError {}
    }

    private func retry() async throws {
        guard let id = someJob() else { return }
        do {
            _ = try await RetryJob(store: store, followers: JobFollowers(), clock: clock)(id, by: .local)
            note("retry \(id)")
            try oracle.retried(id)
        } catch is JobError {
        } catch PortError.conflict {}
    }

    /// A process is killed, perhaps just after it has claimed something without knowing it yet.
    private func crash(_ index: Int) async throws {
        if below(2) == 0 { try await turn(index) }
        note("worker \(index) crashes")
        workers[index] = try makeWorker()
    }

    private func shutDown(_ index: Int) async throws {
        workers[index].endings += workers[index].runs.map {
            AttemptEnding(hold: $0.hold, way: .interrupted(.shutdown))
        }
        workers[index].runs = []
        workers[index].stalled = 0
        try await turn(index, isLast: true)
        note("worker \(index) shuts down")
        workers[index] = try makeWorker()
    }

    private func passTime() {
        switch below(20) {
        case 0: clock.advance(by: .seconds(3600))
        case 1: clock.advance(by: .seconds(-3600))
        case 2..<5: clock.advance(by: .seconds(31))
        default: clock.advance(by: .milliseconds(below(15_000)))
        }
        note("it is \(clock.now().milliseconds)")
    }

    // MARK: Looking and choosing

    private func makeWorker() throws -> Worker {
        let owner: Identifier<JobOwner> = identifiers.make()
        return Worker(
            owner: owner, presence: try owners.enter(owner),
            store: fault.map { FaultyStore(store, fault: $0) } ?? store)
    }

    private func jobs() throws -> [Job] {
        try store.read { try $0.jobs.page(of: nil, state: nil, limit: 1000, before: nil).items }
    }

    private func someJob() -> Identifier<Job>? {
        oracle.accepted.isEmpty ? nil : oracle.accepted[below(oracle.accepted.count)]
    }

    private func below(_ bound: Int) -> Int {
        Int(random.next() % UInt64(bound))
    }

    private func note(_ line: @autoclosure () -> String) {
        if isTraced { trace.append(line()) }
    }
}
