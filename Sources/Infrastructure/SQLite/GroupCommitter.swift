import CSQLite
import Glibc
import Synchronization

/// The one thread that writes: it puts all waiting writes into one transaction, so that one sync of the disk
/// serves them all.
///
/// Each write of a group fails alone: when one has to be taken back, the group starts over with a savepoint for
/// each. What takes the whole group down (a full disk rolls everything back, released savepoints included)
/// makes each write run again in a transaction of its own. Callers go on only after COMMIT.
final class GroupCommitter: @unchecked Sendable {
    // Unchecked: `session`, `checkpointer`, `postponed`, `lastSync`, `failedSync` and `foreignVersion` are touched by the
    // writer's thread alone once it has started; everything else is Sendable by itself.

    /// Which end of the queue a write joins.
    enum Lane {
        case ordinary
        /// Before all ordinary ones: for what must not be late, such as the renewal of a lease.
        case urgent
    }

    /// How many writes one group holds at most.
    private static let mostWritesOfGroup = 256
    /// After how long a group is committed even when more of its writes wait, unless a sync takes longer: together
    /// with what a sync costs, this keeps a write's wait under 10 ms where the disk allows that.
    private static let longestGroup = Duration.milliseconds(4)
    /// How long the next group is waited for at most; see ``gather(after:)``.
    private static let longestGathering = Duration.milliseconds(2)
    /// Waits shorter than this cost more than they bring.
    private static let shortestGathering = Duration.microseconds(100)
    /// How often another process's commits are looked for.
    private static let pollInterval = Duration.milliseconds(200)

    private struct Queue {
        var urgent: [any WaitingWrite] = []
        var ordinary: [any WaitingWrite] = []
        var isStopped = false
        /// How many waiting writes wake the thread; nil while it is awake.
        var wakingCount: Int?
    }

    private let queue = Mutex(Queue())
    private let bell = Doorbell()
    private let hasEnded = Doorbell()
    private let thread = Mutex<pthread_t?>(nil)
    private let session: SQLiteSession
    private let observers: CommitObservers
    private let fatal: @Sendable (SQLiteError) -> Void
    private let checkpointer: Checkpointer
    /// Writes that were taken for a group which became too long; they come first in the next.
    private var postponed: [any WaitingWrite] = []
    /// The failure after which nothing may be written any more.
    private var failedSync: SQLiteError?
    /// How long the last COMMIT of a group took.
    private var lastSync = Duration.zero
    private var foreignVersion: Int64 = 0

    /// Starts the thread.
    ///
    /// - Parameter fatal: Called on the writer's thread when the disk would not confirm a write; it should
    ///   end the process. If it returns, nothing is written any more.
    init(
        session: SQLiteSession, observers: CommitObservers, fatal: @escaping @Sendable (SQLiteError) -> Void
    ) throws(SQLiteError) {
        self.session = session
        self.observers = observers
        self.fatal = fatal
        checkpointer = Checkpointer(session: session)
        foreignVersion = try session.value("PRAGMA data_version") ?? 0
        OwnThread.start {
            self.thread.withLock { $0 = pthread_self() }
            self.work()
            self.checkpointer.finish()
            self.hasEnded.ring()
        }
    }

    /// Queues a write; after ``stop()`` it fails at once.
    func enqueue(_ write: any WaitingWrite, lane: Lane) {
        enum Answer { case queued, wake, refused }
        let answer: Answer = queue.withLock { queue in
            if queue.isStopped { return .refused }
            switch lane {
            case .ordinary: queue.ordinary.append(write)
            case .urgent: queue.urgent.append(write)
            }
            guard let count = queue.wakingCount, queue.ordinary.count >= count || lane == .urgent else {
                return .queued
            }
            queue.wakingCount = nil
            return .wake
        }
        switch answer {
        case .queued: break
        case .wake: bell.ring()
        case .refused: if write.take() { write.settle(failure: SQLiteError.closed) }
        }
    }

    /// How many writes wait.
    var waitingCount: Int { queue.withLock { $0.urgent.count + $0.ordinary.count } }

    /// Takes no more writes, and returns when those that wait are done and the thread has ended.
    func stop() {
        queue.withLock { $0.isStopped = true }
        bell.ring()
        // A body may hold the last reference to the database: the thread does not wait for itself.
        let isWriter = thread.withLock { thread in thread.map { pthread_equal($0, pthread_self()) != 0 } }
        guard isWriter != true else { return }
        hasEnded.wait(atMost: nil)
        hasEnded.ring()
    }

    /// Looks for other processes' commits soon, since someone observes now.
    func wake() {
        bell.ring()
    }

    private func work() {
        var lastPoll = ContinuousClock.now
        while true {
            if let group = takeGroup() {
                commit(group)
                checkpoint()
                gather(after: group.count)
            } else if queue.withLock({ $0.isStopped }) {
                return
            } else {
                bell.wait(atMost: observers.isEmpty ? nil : Self.pollInterval)
            }
            if !observers.isEmpty, ContinuousClock.now - lastPoll >= Self.pollInterval {
                lastPoll = .now
                noticeForeignCommits()
            }
        }
    }

    /// The writes whose turn it is, none when all were cancelled; nil when there is nothing to do, from which
    /// moment on the next one to come rings the bell.
    private func takeGroup() -> [any WaitingWrite]? {
        let (urgent, ordinary) = queue.withLock { queue in
            let urgent = queue.urgent
            queue.urgent.removeAll(keepingCapacity: true)
            let room = max(0, Self.mostWritesOfGroup - urgent.count - postponed.count)
            let ordinary = Array(queue.ordinary.prefix(room))
            queue.ordinary.removeFirst(ordinary.count)
            queue.wakingCount = urgent.isEmpty && ordinary.isEmpty && postponed.isEmpty ? 1 : nil
            return (urgent, ordinary)
        }
        if urgent.isEmpty, ordinary.isEmpty, postponed.isEmpty { return nil }
        let group = urgent.filter { $0.take() } + postponed + ordinary.filter { $0.take() }
        postponed = []
        return group
    }

    /// Where syncs are slow, waits a part of their time for those who have just been answered: most come back
    /// with their next write, and would else meet a half-filled group on its way and wait for two syncs.
    private func gather(after released: Int) {
        let patience = min(lastSync / 2, Self.longestGathering)
        guard released > 1, postponed.isEmpty, patience >= Self.shortestGathering else { return }
        let isWorthwhile = queue.withLock { queue in
            let expected = min(queue.ordinary.count + released, Self.mostWritesOfGroup)
            guard queue.urgent.isEmpty, queue.ordinary.count < expected, !queue.isStopped else {
                return false
            }
            queue.wakingCount = expected
            return true
        }
        if isWorthwhile { bell.wait(atMost: patience) }
    }

    private func commit(_ writes: [any WaitingWrite]) {
        guard let first = writes.first else { return }
        if let failedSync {
            for write in writes { write.settle(failure: failedSync) }
            return
        }
        var failures: [(any Error)?]
        do throws(SQLiteError) {
            failures = writes.count > 1 ? try commitTogether(writes) : [commitAlone(first)]
        } catch  where error.isFailedSync || error.primaryCode == SQLITE_BUSY {
            // Another process that stands still in a transaction has been waited for: each alone would wait
            // as long again.
            failures = writes.map { _ in error }
        } catch {
            if error.primaryCode == SQLITE_FULL { makeRoom() }
            failures = writes.map { commitAlone($0) }
        }
        if writes.count == 1, (failures[0] as? SQLiteError)?.primaryCode == SQLITE_FULL {
            makeRoom()
            failures = [commitAlone(first)]
        }
        // First, so that whoever goes on finds that all know.
        observers.notify()
        for (write, failure) in zip(writes, failures) { write.settle(failure: failure) }
        postponed = Array(writes.dropFirst(failures.count))
    }

    /// One transaction for all, or for the first of them when it takes long; throws when nothing of it stays.
    ///
    /// - Parameter guarded: Whether each write gets a savepoint. That makes SQLite copy each page that the write
    ///   changes, so the group is tried without first: a write that fails before it has changed anything needs
    ///   none.
    /// - Returns: Why each write that was tried failed.
    private func commitTogether(_ writes: [any WaitingWrite], guarded: Bool = false) throws(SQLiteError)
        -> [(any Error)?]
    {
        try begin()
        // Who is left behind waits for another sync: as long as that one would take, it is worth to take them along.
        let deadline = ContinuousClock.now + max(Self.longestGroup, lastSync)
        do throws(SQLiteError) {
            var failures: [(any Error)?] = []
            failures.reserveCapacity(writes.count)
            for write in writes {
                if guarded {
                    failures.append(try runInSavepoint(write))
                } else {
                    let before = session.connection.totalChanges
                    let failure = write.run(on: session)
                    try requireTransaction(after: failure)
                    if failure != nil, session.connection.totalChanges != before {
                        try session.run("ROLLBACK")
                        return try commitTogether(writes, guarded: true)
                    }
                    failures.append(failure)
                }
                if ContinuousClock.now > deadline { break }
            }
            let start = ContinuousClock.now
            try end()
            lastSync = ContinuousClock.now - start
            return failures
        } catch {
            rollBack(after: error)
            throw error
        }
    }

    private func runInSavepoint(_ write: any WaitingWrite) throws(SQLiteError) -> (any Error)? {
        try session.run("SAVEPOINT one_write")
        let tallies = session.tallies
        let failure = write.run(on: session)
        try requireTransaction(after: failure)
        if failure != nil {
            try session.run("ROLLBACK TO one_write")
            session.tallies = tallies
        }
        try session.run("RELEASE one_write")
        return failure
    }

    /// Throws when SQLite has rolled back the transaction by itself.
    private func requireTransaction(after failure: (any Error)?) throws(SQLiteError) {
        guard session.connection.isOutsideTransaction else { return }
        throw (failure as? SQLiteError) ?? SQLiteError(code: SQLITE_ABORT, message: "rolled back")
    }

    /// A transaction for one write; answers why it failed.
    private func commitAlone(_ write: any WaitingWrite) -> (any Error)? {
        do throws(SQLiteError) {
            try begin()
        } catch {
            return error
        }
        if let failure = write.run(on: session) {
            rollBack(after: failure)
            return failure
        }
        do throws(SQLiteError) {
            try requireTransaction(after: nil)
            try end()
            return nil
        } catch {
            rollBack(after: error)
            return error
        }
    }

    private func begin() throws(SQLiteError) {
        session.tallies = [:]
        try session.run("BEGIN IMMEDIATE")
    }

    private func end() throws(SQLiteError) {
        try session.writeTallies()
        try session.run("COMMIT")
    }

    private func rollBack(after failure: any Error) {
        endIfSyncFailed(failure)
        guard !session.connection.isOutsideTransaction else { return }
        do throws(SQLiteError) {
            try session.run("ROLLBACK")
        } catch {
            endIfSyncFailed(error)
        }
    }

    /// Where the disk is full, the log may still be written over from its start, once it is in the file.
    private func makeRoom() {
        do throws(SQLiteError) {
            try checkpointer.run()
        } catch {
            endIfSyncFailed(error)
        }
    }

    private func checkpoint() {
        do throws(SQLiteError) {
            try checkpointer.runIfDue()
        } catch {
            // A checkpoint that is in someone's way or out of space is tried again later: the log has it all.
            endIfSyncFailed(error)
        }
    }

    private func endIfSyncFailed(_ failure: any Error) {
        guard failedSync == nil, let failure = failure as? SQLiteError, failure.isFailedSync else { return }
        queue.withLock { $0.isStopped = true }
        failedSync = failure
        fatal(failure)
    }

    private func noticeForeignCommits() {
        // The value changes when another connection has committed; this one is the process's only writer.
        guard let version: Int64 = try? session.value("PRAGMA data_version") else { return }
        if version != foreignVersion {
            foreignVersion = version
            observers.notify()
        }
    }
}

extension SQLiteError {
    /// The database was closed.
    static let closed = SQLiteError(code: SQLITE_MISUSE, message: "the database is closed")
}
