public import Domain
import Synchronization

/// Why an attempt is stopped before its end.
public enum JobStopReason: Hashable, Sendable {
    /// Someone called the job off.
    case cancelled
    /// The process is ending; another attempt will go on.
    case shutdown
    /// The job has gone to another worker or was deleted: nothing that is written for it will be kept.
    case leaseLost
}

/// A job in the hands of its handler.
public final class RunningJob: Sendable {
    private struct Stop {
        var reason: JobStopReason?
        var cancel: (@Sendable () -> Void)?
    }

    /// The job as it was claimed.
    public let job: Job
    /// What fences the writes of this attempt.
    public let hold: JobHold
    private let store: any Store
    private let policy: RetryPolicy
    let chance: UInt64
    private let stop = Mutex(Stop())

    /// A claimed job; also for tests of a handler.
    ///
    /// - Parameters:
    ///   - policy: When it is tried again after a failure.
    ///   - chance: 64 random bits for the policy.
    /// - Returns: Nil unless the job is running.
    public init?(_ job: Job, store: any Store, policy: RetryPolicy, chance: UInt64) {
        guard let hold = job.hold else { return nil }
        self.job = job
        self.hold = hold
        self.store = store
        self.policy = policy
        self.chance = chance
    }

    /// Why the attempt is to stop, nil while it may go on.
    public var stopReason: JobStopReason? {
        stop.withLock { $0.reason }
    }

    /// When the job would be tried again if it failed at `now`, nil when there would be no other try.
    ///
    /// Returning `.failed(…, retry: .at(moment))` with this moment keeps what people were told.
    public func nextTry(ifFailingAt now: Timestamp) -> Timestamp? {
        job.nextTry(ifFailingAt: now, policy: policy, chance: chance)
    }

    /// Changes several things as one, if the job is still this worker's.
    ///
    /// - Throws: ``Domain/JobError/leaseLost`` when it is not, ``Domain/JobError/calledOff`` when it is being
    ///   cancelled: another job with its unique key may have begun. Nothing is changed then.
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) async throws -> Value {
        try await store.write { [hold] writer in
            try writer.requireHold(hold)
            return try body(writer)
        }
    }

    /// Like ``write(_:)``, for a change that finishes something which will not have to be done again, such as
    /// a stage: the count of interruptions starts anew.
    public func checkpoint<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Value
    ) async throws -> Value {
        try await store.write { [hold] writer in
            var job = try writer.requireHold(hold)
            if job.interruptions > 0 {
                try job.checkpoint(hold)
                try writer.jobWriter.update(job)
            }
            return try body(writer)
        }
    }

    /// Looks whether the job is still this worker's, before something is done that no unit of work fences.
    ///
    /// - Throws: ``Domain/JobError/leaseLost``, ``Domain/JobError/calledOff``.
    public func requireHold() throws {
        try store.read { [hold] reader in _ = try reader.requireHold(hold) }
    }

    /// Asks the attempt to stop; only the first reason counts, but a lost lease outweighs the others.
    func stop(_ reason: JobStopReason) {
        let cancel = stop.withLock { stop in
            guard stop.reason == nil || reason == .leaseLost else { return nil as (@Sendable () -> Void)? }
            stop.reason = reason
            return stop.cancel
        }
        cancel?()
    }

    /// Has `handler` make the attempt, in a task of its own that ``stop(_:)`` cancels.
    func start(by handler: any JobHandler, whenEnded: @escaping @Sendable (JobOutcome) -> Void) {
        let task = Task { whenEnded(await handler.run(self)) }
        let isStopped = stop.withLock { stop in
            stop.cancel = { task.cancel() }
            return stop.reason != nil
        }
        if isStopped { task.cancel() }
    }
}

extension StoreReader {
    /// The job of a hold, if its worker may go on with it.
    ///
    /// - Throws: ``Domain/JobError/leaseLost``, ``Domain/JobError/calledOff``.
    @discardableResult
    func requireHold(_ hold: JobHold) throws -> Job {
        guard let job = try jobs.find(hold.job), let lease = job.lease, job.hold == hold else {
            throw JobError.leaseLost
        }
        guard !lease.isCancelling else { throw JobError.calledOff }
        return job
    }
}
