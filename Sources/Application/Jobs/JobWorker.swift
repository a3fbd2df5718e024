public import Domain
import Synchronization

/// Claims jobs and has their handlers do them, several at once, until it is stopped.
///
/// It sleeps until the store tells of a change, a job is due or ``Settings/poll`` has passed. What ends and
/// what is claimed next share one unit of work, so that a busy queue needs few commits.
public final class JobWorker: Sendable {
    /// How a worker works.
    public struct Settings: Sendable {
        /// The queues that it takes jobs from.
        public var queues: [String]
        /// How many jobs it does at once, at least 1.
        public var concurrency: Int
        /// How long a lease lasts without renewal; it is renewed three times as often.
        public var lease: Duration
        /// After which time it looks for work even if nobody told it of any.
        public var poll: Duration
        /// How often it looks for jobs of lost workers.
        public var rescue: Duration
        /// The least time between two looks at whether its jobs have been called off.
        public var watch: Duration

        /// How a worker works.
        ///
        /// - Parameter lease: At least ``Domain/Job/Lease/shortest``.
        public init(
            queues: [String] = [Job.ordinaryQueue], concurrency: Int = 2,
            lease: Duration = Job.Lease.shortest, poll: Duration = .seconds(1),
            rescue: Duration = .seconds(2), watch: Duration = .milliseconds(200)
        ) {
            self.queues = queues
            self.concurrency = max(1, concurrency)
            self.lease = max(lease, Job.Lease.shortest)
            self.poll = poll
            self.rescue = rescue
            self.watch = watch
        }
    }

    /// What a worker needs from outside.
    public struct Ports: Sendable {
        let store: any Store
        let owners: any OwnerRegistry
        let pacemaker: any Pacemaker
        let clock: any WallClock
        let random: any RandomSource

        /// The ports of a worker.
        public init(
            store: any Store, owners: any OwnerRegistry, pacemaker: any Pacemaker, clock: any WallClock,
            random: any RandomSource
        ) {
            self.store = store
            self.owners = owners
            self.pacemaker = pacemaker
            self.clock = clock
            self.random = random
        }
    }

    private struct State {
        /// Everything claimed whose end is not stored yet.
        var held: [JobHold: RunningJob] = [:]
        /// The part of it that has ended.
        var endings: [AttemptEnding] = []
        var isStopping = false
        /// When the next job is due, as far as someone has been set to ring then.
        var alarm: Timestamp?
    }

    /// How long a job of a kind that this worker has no handler for is left to others.
    private static let pauseForUnknownKind = Duration.seconds(60)

    private let owner: Identifier<JobOwner>
    private let handlers: [String: any JobHandler]
    private let followers: JobFollowers
    private let ports: Ports
    private let settings: Settings
    private let tell: (@Sendable (JobChange) -> Void)?
    private let state = Mutex(State())
    /// Rings when there may be something to store or to claim.
    private let workBell = Bell()
    /// Rings when a job may have been called off.
    private let watchBell = Bell()

    /// A worker.
    ///
    /// - Parameters:
    ///   - owner: The process that it works for; no other worker has the same.
    ///   - handlers: One for each kind of job.
    ///   - tell: Is told of everything that it did, after it is stored, for logs and counters.
    public init(
        owner: Identifier<JobOwner>, handlers: [any JobHandler], followers: JobFollowers = JobFollowers(),
        ports: Ports, settings: Settings, tell: (@Sendable (JobChange) -> Void)? = nil
    ) {
        self.owner = owner
        self.handlers = Dictionary(handlers.map { ($0.kind, $0) }) { first, _ in first }
        self.followers = followers
        self.ports = ports
        self.settings = settings
        self.tell = tell
    }

    /// Works until ``stop()`` is called or the calling task is cancelled, and until everything that it had
    /// begun is handed back.
    ///
    /// - Throws: ``PortError`` when its presence cannot be made known.
    public func run() async throws {
        let presence = try ports.owners.enter(owner)
        // Not a child of the caller: its cancellation must not reach the writes that hand jobs back.
        let work = Task { await self.work() }
        await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            self.stop()
        }
        withExtendedLifetime(presence) {}
    }

    /// How many jobs it is at.
    public var inHand: Int { state.withLock { $0.held.count } }

    /// Takes no more jobs, and stops those that run: they are handed back as interrupted.
    public func stop() {
        let running = state.withLock { state in
            state.isStopping = true
            return Array(state.held.values)
        }
        for job in running { job.stop(.shutdown) }
        workBell.ring()
    }

    private func work() async {
        let observation = ports.store.observe { [workBell, watchBell] in
            workBell.ring()
            watchBell.ring()
        }
        let heartbeat = ports.pacemaker.start(every: settings.lease / 3) { [weak self] in self?.renewLeases()
        }
        let rescueJobs = RescueJobs(
            store: ports.store, owners: ports.owners, followers: followers, clock: ports.clock)
        // Before anything is claimed: what a dead process was at has its place before what came later.
        await rescue(by: rescueJobs)
        await withDiscardingTaskGroup { group in
            group.addTask { await self.poll() }
            group.addTask { await self.watch() }
            group.addTask { await self.keepRescuing(by: rescueJobs) }
            while !isDone {
                guard await turn(setAlarm: { moment in group.addTask { await self.ring(at: moment) } }) else {
                    break
                }
                await workBell.wait()
            }
            group.cancelAll()
            watchBell.ring()
        }
        withExtendedLifetime((observation, heartbeat)) {}
    }

    private var isDone: Bool {
        state.withLock { $0.isStopping && $0.held.isEmpty }
    }

    /// Stores what has ended and claims what there is room for.
    ///
    /// - Returns: Whether to go on; not when the store fails a worker that is to stop: what it still holds
    ///   will be rescued.
    private func turn(setAlarm: (Timestamp) -> Void) async -> Bool {
        let now = ports.clock.now()
        let (endings, room) = state.withLock { state in
            let endings = state.endings
            state.endings = []
            let room = state.isStopping ? 0 : settings.concurrency - state.held.count + endings.count
            if let alarm = state.alarm, alarm <= now { state.alarm = nil }
            return (endings, room)
        }
        do {
            if endings.isEmpty {
                guard room > 0, try isSomethingDue(at: now, setAlarm: setAlarm) else { return true }
            }
            let claim = JobClaim(
                queues: settings.queues, limit: room, owner: owner, now: now, until: now + settings.lease)
            let turn = JobTurn(
                endings: endings, claim: room > 0 ? claim : nil, now: now, followers: followers)
            let result = try await ports.store.write { try turn.take(in: $0) }
            state.withLock { state in
                for ending in endings { state.held[ending.hold] = nil }
            }
            if let tell { result.ended.forEach(tell) }
            for job in result.claimed { start(job) }
            return true
        } catch {
            return await recover(endings)
        }
    }

    /// Tries again each ending alone, since one that cannot be stored must not keep the others.
    private func recover(_ endings: [AttemptEnding]) async -> Bool {
        let now = ports.clock.now()
        var failed: [AttemptEnding] = []
        for ending in endings {
            let turn = JobTurn(endings: [ending], claim: nil, now: now, followers: followers)
            do {
                let result = try await ports.store.write { try turn.take(in: $0) }
                state.withLock { $0.held[ending.hold] = nil }
                if let tell { result.ended.forEach(tell) }
            } catch {
                failed.append(ending)
            }
        }
        let isStopping = state.withLock { state in
            state.endings += failed
            return state.isStopping
        }
        return !(isStopping && !failed.isEmpty)
    }

    private func isSomethingDue(at now: Timestamp, setAlarm: (Timestamp) -> Void) throws -> Bool {
        guard let due = try ports.store.read({ try $0.jobs.nextDue(in: settings.queues) }) else {
            return false
        }
        guard due > now else { return true }
        // The poll comes first otherwise.
        guard due < now + settings.poll else { return false }
        let isNew = state.withLock { state in
            if let alarm = state.alarm, alarm <= due { return false }
            state.alarm = due
            return true
        }
        if isNew { setAlarm(due) }
        return false
    }

    private func start(_ job: Job) {
        let handler = handlers[job.kind]
        let policy = handler?.retryPolicy ?? .ordinary
        let chance = ports.random.next()
        guard let running = RunningJob(job, store: ports.store, policy: policy, chance: chance) else {
            return
        }
        let hold = running.hold
        let isStopping = state.withLock { state in
            state.held[hold] = running
            return state.isStopping
        }
        tell?(JobChange(job: job, event: .claimed))
        guard let handler else {
            // A worker of a newer version may know it.
            let outcome = JobOutcome.snoozed(until: ports.clock.now() + Self.pauseForUnknownKind)
            return end(
                AttemptEnding(hold: hold, way: .outcome(outcome, policy: policy, chance: chance)))
        }
        if isStopping { running.stop(.shutdown) }
        running.start(by: handler) { [self] outcome in
            // What a handler says while its process ends is about the shutdown, not about the job.
            let way: AttemptEnding.Way =
                running.stopReason == .shutdown && outcome != .completed
                ? .interrupted(.shutdown)
                : .outcome(outcome, policy: policy, chance: chance)
            end(AttemptEnding(hold: hold, way: way))
        }
    }

    private func end(_ ending: AttemptEnding) {
        state.withLock { $0.endings.append(ending) }
        workBell.ring()
    }
}

// MARK: - What goes on beside the work

extension JobWorker {
    private func poll() async {
        while !Task.isCancelled {
            await ring(at: ports.clock.now() + settings.poll)
        }
    }

    private func ring(at moment: Timestamp) async {
        try? await ports.clock.sleep(until: moment)
        workBell.ring()
    }

    /// Stops the jobs that have been called off, deleted or taken away.
    private func watch() async {
        while !Task.isCancelled {
            await watchBell.wait()
            let running = state.withLock { $0.held }
            // Read after the jobs were noted: what is not there any more is lost, not yet to come.
            if !running.isEmpty, let held = try? ports.store.read({ try $0.jobs.held(by: owner) }) {
                let stored = Dictionary(held.compactMap { job in job.hold.map { ($0, job) } }) { first, _ in
                    first
                }
                for (hold, job) in running {
                    guard let lease = stored[hold]?.lease else {
                        job.stop(.leaseLost)
                        continue
                    }
                    if lease.isCancelling { job.stop(.cancelled) }
                }
            }
            try? await ports.clock.sleep(until: ports.clock.now() + settings.watch)
        }
    }

    private func keepRescuing(by rescueJobs: RescueJobs) async {
        while !Task.isCancelled {
            try? await ports.clock.sleep(until: ports.clock.now() + settings.rescue)
            await rescue(by: rescueJobs)
        }
    }

    private func rescue(by rescueJobs: RescueJobs) async {
        // What fails now is tried again soon.
        if let changes = try? await rescueJobs(), let tell { changes.forEach(tell) }
    }

    /// Runs on the pacemaker's thread.
    private func renewLeases() {
        let running = state.withLock { $0.held }
        guard !running.isEmpty else { return }
        let holds = Array(running.keys)
        let until = ports.clock.now() + settings.lease
        // A renewal that fails is tried again at the next beat, twice before the lease ends.
        guard let good = try? ports.store.writeFirst({ try $0.jobWriter.renew(holds, until: until) }) else {
            return
        }
        for (hold, job) in running where !good.contains(hold) { job.stop(.leaseLost) }
    }
}
