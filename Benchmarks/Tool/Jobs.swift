import Application
import Domain
import Infrastructure

/// A handler that does nothing but say when it was asked.
private struct NoOp: JobHandler {
    let kind = "no_op"
    let began: @Sendable () -> Void

    func run(_ job: RunningJob) async -> JobOutcome {
        began()
        return .completed
    }
}

/// Durable no-op jobs from enqueueing to completion, over a history of `--history` jobs that have ended, and
/// how long an idle worker takes to wake up.
func jobs(_ options: Options) async throws {
    let store = try SQLiteStore(path: options.text("data") + "/cutroom.sqlite")
    let clock = SystemClock()
    let identifiers = IdentifierMaker(clock: clock, random: SystemRandomSource())
    try await fillHistory(options.number("history"), of: store, identifiers: identifiers, clock: clock)

    let (starts, told) = AsyncStream<ContinuousClock.Instant>.makeStream()
    let (ends, finished) = AsyncStream<Void>.makeStream()
    let worker = JobWorker(
        owner: identifiers.make(), handlers: [NoOp { told.yield(ContinuousClock.now) }],
        ports: JobWorker.Ports(
            store: store, owners: try FileOwners(folder: options.text("data") + "/owners"),
            pacemaker: ThreadPacemaker(), clock: clock, random: SystemRandomSource()),
        settings: JobWorker.Settings(concurrency: 200)
    ) { change in
        if change.event == .completed { finished.yield() }
    }
    let working = Task { try await worker.run() }
    var started = starts.makeAsyncIterator()
    var ended = ends.makeAsyncIterator()

    var waits: [Double] = []
    for _ in 0..<300 {
        try await store.write { [job = job(identifiers, clock)] in _ = try $0.jobWriter.insert(job) }
        let enqueued = ContinuousClock.now
        guard let start = await started.next() else { return }
        waits.append(max(0, (start - enqueued).inSeconds * 1000))
        await ended.next()
        try await Task.sleep(for: .milliseconds(3))
    }

    let count = options.number("jobs")
    let began = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<8 {
            group.addTask {
                for _ in 0..<(count / 8 / 50) {
                    let batch = (0..<50).map { _ in job(identifiers, clock) }
                    try await store.write { for job in batch { try $0.jobWriter.insert(job) } }
                }
            }
        }
        try await group.waitForAll()
    }
    let total = count / 8 / 50 * 50 * 8
    for _ in 0..<total { await ended.next() }
    let seconds = (ContinuousClock.now - began).inSeconds
    worker.stop()
    try await working.value
    try answer([
        "rate": Double(total) / seconds, "wake_p50_ms": waits.quantile(0.5),
        "wake_p99_ms": waits.quantile(0.99),
    ])
}

private func job(_ identifiers: IdentifierMaker, _ clock: SystemClock) -> Job {
    Job(id: identifiers.make(), kind: "no_op", now: clock.now())
}

private func fillHistory(
    _ count: Int, of store: SQLiteStore, identifiers: IdentifierMaker, clock: SystemClock
) async throws {
    let owner: Identifier<JobOwner> = identifiers.make()
    for start in stride(from: 0, to: count, by: 1000) {
        let batch = (start..<min(start + 1000, count)).map { _ in job(identifiers, clock) }
        try await store.write { writer in
            let now = clock.now()
            for var job in batch {
                try writer.jobWriter.insert(job)
                try job.claim(by: owner, at: now, until: now + Job.Lease.shortest)
                guard let hold = job.hold else { continue }
                try job.end(hold, as: .completed, at: now, policy: .ordinary, chance: 0)
                try writer.jobWriter.update(job)
            }
        }
    }
}
