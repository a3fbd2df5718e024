import Domain
import Testing

@Suite("The life of a job")
struct JobLifecycleTests {
    static let now = Timestamp(milliseconds: 1_790_000_000_000)
    static let later = now + .seconds(60)
    static let failure = JobFailure(code: "unavailable", message: "no answer")

    /// Something that can happen to a job.
    enum Happening: String, CaseIterable, CustomTestStringConvertible {
        case claim, renew, report, checkpoint, complete, snooze, giveUp, fail, failForGood, interrupt, cancel,
            retry

        var testDescription: String { rawValue }

        /// Whether only the job's present worker can bring it about.
        var needsHold: Bool {
            switch self {
            case .claim, .cancel, .retry: false
            default: true
            }
        }

        func happen(to job: inout Job, hold: JobHold? = nil) throws(JobError) {
            let hold = hold ?? JobHold(job: job.id, attempt: job.attempt)
            func end(_ outcome: JobOutcome) throws(JobError) {
                try job.end(hold, as: outcome, at: now, policy: .ordinary, chance: 0)
            }
            switch self {
            case .claim: try job.claim(by: owner, at: now, until: now + .seconds(30))
            case .renew: try job.renew(hold, until: later)
            case .report: try job.report(JobProgress(percent: 50, stage: "half"), by: hold)
            case .checkpoint: try job.checkpoint(hold)
            case .complete: try end(.completed)
            case .snooze: try end(.snoozed(until: later))
            case .giveUp: try end(.cancelled)
            case .fail: try end(.failed(failure, retry: .byPolicy))
            case .failForGood: try end(.failed(failure, retry: .never))
            case .interrupt: try job.interrupt(hold, because: .ownerGone, at: now)
            case .cancel: try job.requestCancellation(at: now)
            case .retry: try job.retry(at: now)
            }
        }
    }

    /// A state to begin with; `stopping` is a running job that is to be called off.
    enum Beginning: String, CaseIterable, CustomTestStringConvertible {
        case available, scheduled, retryable, running, stopping, completed, cancelled, discarded

        var testDescription: String { rawValue }

        func job(failureLimit: Int = Job.ordinaryFailureLimit) throws -> Job {
            var job = Job(
                id: Identifier(high: 1, low: 1), kind: "test", failureLimit: failureLimit,
                dueAt: self == .scheduled ? JobLifecycleTests.later : nil, now: JobLifecycleTests.now)
            let steps: [Happening] =
                switch self {
                case .available, .scheduled: []
                case .retryable: [.claim, .fail]
                case .running: [.claim]
                case .stopping: [.claim, .cancel]
                case .completed: [.claim, .complete]
                case .cancelled: [.cancel]
                case .discarded: [.claim, .failForGood]
                }
            for step in steps { try step.happen(to: &job) }
            return job
        }
    }

    static let owner = Identifier<JobOwner>(high: 7, low: 7)

    /// Where everything leads from everywhere: the whole machine.
    static func expected(_ beginning: Beginning, _ happening: Happening) -> Result<Job.State.Name, JobError> {
        switch (beginning, happening) {
        case (.available, .claim): .success(.running)
        case (.scheduled, .claim): .failure(.notDue(.scheduled))
        case (.retryable, .claim): .failure(.notDue(.retryable))
        case (.running, .claim), (.stopping, .claim): .failure(.notDue(.running))
        case (.completed, .claim): .failure(.notDue(.completed))
        case (.cancelled, .claim): .failure(.notDue(.cancelled))
        case (.discarded, .claim): .failure(.notDue(.discarded))

        case (.available, .cancel), (.scheduled, .cancel), (.retryable, .cancel), (.cancelled, .cancel):
            .success(.cancelled)
        case (.running, .cancel), (.stopping, .cancel): .success(.running)
        case (.completed, .cancel): .failure(.notCancellable(.completed))
        case (.discarded, .cancel): .failure(.notCancellable(.discarded))

        case (.scheduled, .retry), (.retryable, .retry), (.cancelled, .retry), (.discarded, .retry):
            .success(.available)
        case (.available, .retry): .failure(.notRetryable(.available))
        case (.running, .retry), (.stopping, .retry): .failure(.notRetryable(.running))
        case (.completed, .retry): .failure(.notRetryable(.completed))

        case (.running, .renew), (.running, .report), (.running, .checkpoint), (.stopping, .renew),
            (.stopping, .report), (.stopping, .checkpoint):
            .success(.running)
        case (.running, .complete): .success(.completed)
        case (.running, .snooze): .success(.scheduled)
        case (.running, .giveUp): .success(.cancelled)
        case (.running, .fail): .success(.retryable)
        case (.running, .failForGood): .success(.discarded)
        case (.running, .interrupt): .success(.available)
        case (.stopping, _): .success(.cancelled)
        default: .failure(.leaseLost)
        }
    }

    @Test(
        "every happening leads from every state where the table says, or is refused and changes nothing",
        arguments: Beginning.allCases, Happening.allCases)
    func transition(_ beginning: Beginning, _ happening: Happening) throws {
        let before = try beginning.job()
        var job = before
        switch Self.expected(beginning, happening) {
        case .success(let state):
            try happening.happen(to: &job)
            #expect(job.state.name == state)
        case .failure(let error):
            #expect(throws: error) { try happening.happen(to: &job) }
            #expect(job == before)
        }
    }

    @Test(
        "a worker whose job has gone to another attempt, or that holds another job, changes nothing",
        arguments: Happening.allCases.filter(\.needsHold))
    func fence(_ happening: Happening) throws {
        let running = try Beginning.running.job()
        for hold in [
            JobHold(job: running.id, attempt: running.attempt - 1),
            JobHold(job: running.id, attempt: running.attempt + 1),
            JobHold(job: Identifier(high: 2, low: 2), attempt: running.attempt),
        ] {
            var job = running
            #expect(throws: JobError.leaseLost) { try happening.happen(to: &job, hold: hold) }
            #expect(job == running)
        }
    }

    @Test("a failed job waits longer after each failure and is discarded after its limit")
    func failureLimit() throws {
        var job = try Beginning.available.job(failureLimit: 3)
        var now = Self.now
        for (failures, pause) in [(1, 30.0), (2, 120)] {
            let planned = try ended(&job, at: now, chance: 1 << 63)
            #expect(planned == .retried(at: now + .seconds(Int(pause)), after: Self.failure))
            #expect(job.failures == failures)
            now = job.dueAt
        }
        #expect(try ended(&job, at: now, chance: 0) == .discarded(after: Self.failure))
        #expect(job.state == .discarded(at: now))
        #expect(job.log.map(\.number) == [1, 2, 3])
    }

    private func ended(_ job: inout Job, at now: Timestamp, chance: UInt64) throws -> JobEvent {
        try job.claim(by: Self.owner, at: now, until: now + .seconds(30))
        let hold = JobHold(job: job.id, attempt: job.attempt)
        return try job.end(
            hold, as: .failed(Self.failure, retry: .byPolicy), at: now, policy: .ordinary, chance: chance)
    }

    @Test(
        "what a handler tells people about the next try is what happens", arguments: [0, 1 << 40, UInt64.max])
    func announcedTry(_ chance: UInt64) throws {
        var job = try Beginning.running.job(failureLimit: 2)
        let told = job.nextTry(ifFailingAt: Self.now, policy: .ordinary, chance: chance)
        let hold = JobHold(job: job.id, attempt: 1)
        try job.end(
            hold, as: .failed(Self.failure, retry: .byPolicy), at: Self.now, policy: .ordinary, chance: chance
        )
        #expect(job.dueAt == told)
        let moment = try #require(told)
        try job.claim(by: Self.owner, at: moment, until: Self.later)
        #expect(job.nextTry(ifFailingAt: moment, policy: .ordinary, chance: chance) == nil)
    }

    @Test("an interruption raises the fence, not the failures, and keeps the job's place")
    func interruption() throws {
        var job = try Beginning.running.job()
        let place = job.rank
        try job.interrupt(JobHold(job: job.id, attempt: 1), because: .shutdown, at: Self.later)
        #expect(job.failures == 0)
        #expect(job.interruptions == 1)
        #expect(job.rank == place)
        try job.claim(by: Self.owner, at: Self.later, until: Self.later + .seconds(30))
        #expect(job.attempt == 2)
        #expect(job.log.map(\.ending) == [.interrupted(.shutdown)])
    }

    @Test(
        "a job is given up after too many interruptions, but not when something is finished in between",
        arguments: [false, true])
    func interruptionLimit(_ isProgressing: Bool) throws {
        var job = try Beginning.available.job()
        for number in 1...Job.interruptionLimit {
            try job.claim(by: Self.owner, at: Self.now, until: Self.later)
            let hold = JobHold(job: job.id, attempt: number)
            if isProgressing, number == 10 { try job.checkpoint(hold) }
            try job.interrupt(hold, because: .leaseExpired, at: Self.now)
        }
        #expect(job.state.name == (isProgressing ? .available : .discarded))
        #expect(job.log.count == Job.longestLog)
        #expect(job.log.last?.number == Job.interruptionLimit)
    }

    @Test(
        "a cancelled job is never completed",
        arguments: [
            Happening.complete, .snooze, .giveUp, .fail, .failForGood, .interrupt,
        ])
    func cancelledNeverCompletes(_ ending: Happening) throws {
        var job = try Beginning.stopping.job()
        try ending.happen(to: &job)
        #expect(job.state == .cancelled(at: Self.now))
    }

    @Test("a unique key is claimed until the job ends or is being called off", arguments: Beginning.allCases)
    func uniqueKey(_ beginning: Beginning) throws {
        let keyless = try beginning.job()
        #expect(!keyless.claimsUniqueKey)
        let job = Job(
            id: keyless.id, owner: nil, kind: "", subject: nil, arguments: [], queue: "", priority: 0,
            uniqueKey: "key",
            failureLimit: 1, createdAt: Self.now, dueAt: Self.now, state: keyless.state, attempt: 1,
            failures: 0, interruptions: 0, progress: .none, log: [])
        switch beginning {
        case .available, .scheduled, .retryable, .running: #expect(job.claimsUniqueKey)
        case .stopping, .completed, .cancelled, .discarded: #expect(!job.claimsUniqueKey)
        }
    }

    @Test("a retry by hand forgets failures and interruptions, not attempts")
    func retry() throws {
        var job = try Beginning.discarded.job()
        try job.retry(at: Self.later)
        #expect((job.failures, job.interruptions, job.attempt) == (0, 0, 1))
        #expect(job.dueAt == Self.later)
    }

    @Test("a retry by hand opens a job of a private queue to all, once it has ended")
    func privateQueue() throws {
        let queue = Job.privateQueue(of: Self.owner)
        var job = Job(id: Identifier(high: 1, low: 1), kind: "work", queue: queue, now: Self.now)
        #expect(job.privateOwner == Self.owner)
        try job.claim(by: Self.owner, at: Self.now, until: Self.later)
        let hold = JobHold(job: job.id, attempt: 1)
        try job.end(
            hold, as: .failed(Self.failure, retry: .byPolicy), at: Self.now, policy: .ordinary, chance: 0)
        try job.retry(at: Self.now)
        #expect(job.queue == queue)
        try job.requestCancellation(at: Self.now)
        try job.retry(at: Self.later)
        #expect(job.queue == Job.ordinaryQueue)
        #expect(job.privateOwner == nil)
    }

    @Test("a priority out of range is the nearest one", arguments: [(-1, 0), (0, 0), (9, 9), (10, 9)])
    func priority(_ given: Int, _ taken: Int) {
        let job = Job(id: Identifier(high: 1, low: 1), kind: "test", priority: given, now: Self.now)
        #expect(job.priority == taken)
    }
}

@Suite struct RetryPolicyTests {
    @Test("four tries of the ordinary policy lie within ten minutes, whatever the chance")
    func tenMinutes() {
        let longest = (1...3).map { RetryPolicy.ordinary.pause(afterFailure: $0, chance: .max) }
        #expect(longest.reduce(.zero, +) < .seconds(600))
    }

    @Test("a pause lies within the jitter around the plain pause", arguments: 1...5)
    func jitter(_ number: Int) {
        let policy = RetryPolicy(base: .seconds(10), factor: 2, cap: .seconds(100), jitter: 0.5)
        let plain = [10.0, 20, 40, 80, 100][number - 1]
        let low = policy.pause(afterFailure: number, chance: 0).inSeconds
        let high = policy.pause(afterFailure: number, chance: .max).inSeconds
        #expect(abs(low - plain * 0.5) < 0.002)
        #expect(abs(high - plain * 1.5) < 0.002)
    }
}
