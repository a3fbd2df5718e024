import Domain

/// Takes jobs from workers that are lost, so that others go on with them: those of a process that is gone at
/// once, those of one that does not renew its leases when they end.
///
/// What waits in the private queue of a process that is gone is called off: nobody else takes it.
public struct RescueJobs: Sendable {
    /// How many expired leases, and jobs in private queues, are looked at in one go.
    private static let batch = 100

    private let store: any Store
    private let owners: any OwnerRegistry
    private let followers: JobFollowers
    private let clock: any WallClock

    /// The use case over its ports.
    public init(store: any Store, owners: any OwnerRegistry, followers: JobFollowers, clock: any WallClock) {
        self.store = store
        self.owners = owners
        self.followers = followers
        self.clock = clock
    }

    /// Rescues what can be rescued now.
    ///
    /// Each job is a unit of work of its own, so that one that cannot be rescued does not keep the others.
    ///
    /// - Returns: What happened to which job.
    @discardableResult
    public func callAsFunction() async throws -> [JobChange] {
        let now = clock.now()
        var lost: [(hold: JobHold, reason: JobInterruption)] = []
        var failure: (any Error)?
        for owner in try store.read({ try $0.jobs.owners() }) {
            do {
                guard try owners.isGone(owner) else { continue }
            } catch {
                // Whether it lives cannot be told now; its leases end all the same.
                failure = error
                continue
            }
            lost += try store.read { try $0.jobs.held(by: owner) }.compactMap(\.hold).map { ($0, .ownerGone) }
        }
        let expired = try store.read { try $0.jobs.expired(at: now, limit: Self.batch) }
        let known = Set(lost.map(\.hold))
        lost += expired.compactMap(\.hold).filter { !known.contains($0) }.map { ($0, .leaseExpired) }

        var changes: [JobChange] = []
        for (hold, reason) in lost {
            do {
                if let change = try await rescue(hold, because: reason, at: now) { changes.append(change) }
            } catch {
                failure = error
            }
        }
        for job in try store.read({
            try $0.jobs.waiting(inQueuesNamed: Job.privateQueuePrefix, limit: Self.batch)
        }) {
            do {
                guard let owner = job.privateOwner, try owners.isGone(owner) else { continue }
                if let change = try await callOff(job.id, at: now) { changes.append(change) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return changes
    }

    private func callOff(_ id: Identifier<Job>, at now: Timestamp) async throws -> JobChange? {
        try await store.write { [followers] writer in
            guard var job = try writer.jobs.find(id), !job.state.name.isFinal,
                let event = try job.requestCancellation(at: now)
            else { return nil }
            let change = JobChange(job: job, event: event)
            try followers.keep(change, in: writer, at: now)
            return change
        }
    }

    private func rescue(_ hold: JobHold, because reason: JobInterruption, at now: Timestamp) async throws
        -> JobChange?
    {
        try await store.write { [followers] writer in
            guard let lease = try writer.jobs.find(hold.job)?.lease else { return nil }
            // Its worker may have renewed it since it was looked at.
            if reason == .leaseExpired, lease.until > now { return nil }
            let ending = AttemptEnding(hold: hold, way: .interrupted(reason))
            return try JobTurn(endings: [ending], claim: nil, now: now, followers: followers)
                .take(in: writer).ended.first
        }
    }
}
