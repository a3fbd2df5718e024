public import Domain
import Synchronization

/// What a follower of a task is told.
public enum TaskFeedItem: Hashable, Sendable {
    /// Its status or stage; `number` is its place in the order of notices.
    case status(TaskSnapshot, number: Int64)
    /// How far it is, with the seconds that are left if they can be guessed; never stored.
    case progress(TaskSnapshot, secondsLeft: Double?)
    /// A clip is there.
    case clipReady(Clip, number: Int64)
    /// It ended; nothing follows.
    case closed(VideoTask.Status.Name, number: Int64)
    /// Who follows is not let in any more; nothing follows.
    case dismissed
}

/// Tells followers what happens to tasks: first what they have missed, then what comes, each notice once
/// and in order, whichever process it happened in.
///
/// Notices come from the store's outbox, so that none is lost; progress comes straight from the worker in
/// this process, or from the store when the worker is another process.
///
/// Whoever is not let in any more is dismissed: as soon as the session or key is ended or the user kept out, and at
/// the next heartbeat when the time of one of them is over.
public final class TaskFeed: Sendable {
    /// Takes an item and must not block, call the feed, or throw; false lets the follower go.
    public typealias Delivery = @Sendable (TaskFeedItem) -> Bool

    private struct Follower {
        let id: Int
        let caller: Caller
        let deliver: Delivery
        /// When the session or key by which the caller follows stops working by itself; nil for never.
        var until: Timestamp?
        /// The number of the last notice that it was told.
        var last: Int64
    }

    private struct State {
        var followers: [Identifier<VideoTask>: [Follower]] = [:]
        /// The number up to which notices were handed out.
        var handedOut: Int64 = 0
        /// The number up to which events of accounts were looked at, for whom they keep out.
        var accountEvents: Int64 = 0
        /// When it was last looked whose time is over.
        var lookedAt: Timestamp?
        /// The progress that followers were last told, so that the store's copy is not told again.
        var told: [Identifier<VideoTask>: Double] = [:]
        var nextID = 0
        /// Followers let go inside the lock; what their deliveries own must end outside it.
        var released: [Follower] = []
        /// What could not be read inside the lock, to be told outside it.
        var failures: [any Error] = []
    }

    private static let batch = 500
    /// The least time between two looks at the store: however busy it is, followers are told what was written
    /// in it together.
    private static let pause = Duration.milliseconds(50)
    /// How long whoever's session or key runs out may go on following.
    static let heartbeat = Duration.seconds(15)

    private let store: any Store
    private let clock: any WallClock
    private let tell: (@Sendable (any Error) -> Void)?
    private let state = Mutex(State())

    /// A feed over the notices of a store.
    ///
    /// - Parameter tell: Is told why a notice could not be handed out, for the log.
    public init(store: any Store, clock: any WallClock, tell: (@Sendable (any Error) -> Void)? = nil) {
        self.store = store
        self.clock = clock
        self.tell = tell
    }

    /// Keeps a follower registered for as long as it is held.
    public final class Subscription: Sendable {
        private let cancel: @Sendable () -> Void

        fileprivate init(cancel: @escaping @Sendable () -> Void) {
            self.cancel = cancel
        }

        deinit { cancel() }
    }

    /// Hands out what other parts of the program and other processes write, until it is cancelled.
    ///
    /// Without followers it reads nothing.
    public func run() async {
        // A stream of its own for each run: one that was cancelled has ended for good.
        let (wake, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let observation = store.observe { signal.yield() }
        // What was written before the observation began.
        signal.yield()
        await withDiscardingTaskGroup { group in
            group.addTask { [clock] in
                while (try? await clock.sleep(until: clock.now() + Self.heartbeat)) != nil { signal.yield() }
            }
            for await _ in wake {
                // A store that does not answer now is asked again after the next commit; nothing is lost by it.
                try? dismissStrangers()
                try? handOut()
                try? await Task.sleep(for: Self.pause)
            }
            group.cancelAll()
        }
        withExtendedLifetime(observation) {}
    }

    /// Follows a task: what was missed is delivered before this returns.
    ///
    /// - Parameters:
    ///   - id: The task.
    ///   - last: The number of the last notice that the follower knows from before; nil for none: it then
    ///     gets the present status, the clips so far and, if the task ended, that.
    ///   - deliver: Takes the items.
    /// - Returns: Nil when the task has ended and all was told, else what keeps the follower registered.
    /// - Throws: ``Domain/AccessError``, ``NotFound/task``; ``Domain/SessionError``, ``Domain/APIKeyError`` or
    ///   ``Domain/UserError`` when the caller was kept out since it was found out who calls.
    public func follow(
        _ id: Identifier<VideoTask>, by caller: Caller, after last: Int64?, deliver: @escaping Delivery
    ) throws -> Subscription? {
        try caller.require(.tasksRead)
        return try locked { state in
            // Catching up first makes the snapshot below begin exactly where the handing out goes on.
            if state.followers.isEmpty {
                (state.handedOut, state.accountEvents) = try store.read {
                    (try $0.notices.latestNumber(), try $0.accountEvents.latestNumber())
                }
            }
            let now = clock.now()
            let (task, clips, notices, until) = try store.read { reader in
                let until = try reader.standing(of: caller, at: now)
                let task = try reader.task(id, of: caller)
                return (
                    task, try reader.clips.all(of: id),
                    try reader.notices.notices(of: id, after: 0, limit: .max), until
                )
            }
            let missed = Self.missed(task: task, clips: clips, notices: notices, after: last)
            guard missed.allSatisfy(deliver), !task.status.isFinal else { return nil }
            state.nextID += 1
            let follower = Follower(
                id: state.nextID, caller: caller, deliver: deliver, until: until,
                last: notices.last?.number ?? state.handedOut)
            state.followers[id, default: []].append(follower)
            return Subscription { [weak self, number = follower.id] in self?.drop(number, of: id) }
        }
    }

    /// How many follow tasks now.
    package var followerCount: Int {
        state.withLock { $0.followers.values.reduce(0) { $0 + $1.count } }
    }

    /// Tells the followers of a task how far it is.
    public func report(_ snapshot: TaskSnapshot, secondsLeft: Double?) {
        locked { state in
            guard state.followers[snapshot.task] != nil else { return }
            state.told[snapshot.task] = snapshot.progress
            deliver(.progress(snapshot, secondsLeft: secondsLeft), about: snapshot.task, state: &state)
        }
    }

    /// Tells the followers of a task that was removed that nothing more will come.
    public func close(_ task: Identifier<VideoTask>) {
        locked { state in
            deliver(.closed(.cancelled, number: state.handedOut), about: task, state: &state)
            Self.release(task, state: &state)
        }
    }

    /// What a follower that knows everything up to `last` has to be told.
    static func missed(
        task: VideoTask, clips: [Clip], notices: [NumberedNotice], after last: Int64?
    ) -> [TaskFeedItem] {
        var items: [TaskFeedItem] = []
        let closing = task.status.isFinal ? notices.last?.number : nil
        if last == nil {
            let number = notices.last { if case .status = $0.notice { true } else { false } }?.number
            items.append(.status(task.snapshot, number: number ?? 0))
        }
        for notice in notices where notice.number > (last ?? 0) {
            switch notice.notice {
            case .status(let snapshot):
                if last != nil { items.append(.status(snapshot, number: notice.number)) }
            case .clipReady(let id):
                guard let clip = clips.first(where: { $0.id == id }) else { continue }
                items.append(.clipReady(clip, number: notice.number))
            case .closed:
                // An end that a resumption has undone is not told.
                continue
            }
        }
        if let closing {
            items.append(.closed(task.status.name, number: closing))
        } else if last != nil {
            items.append(.progress(task.snapshot, secondsLeft: nil))
        }
        return items
    }

    /// Lets those go who are not let in any more.
    ///
    /// Only of those about whom something was written it is read how they stand; whose time is over is seen without
    /// reading anything.
    private func dismissStrangers() throws {
        try locked { state in
            guard !state.followers.isEmpty else { return }
            let now = clock.now()
            while true {
                let events = try store.read {
                    try $0.accountEvents.events(after: state.accountEvents, limit: Self.batch)
                }
                guard let last = events.last else { break }
                let users = Set(events.map(\.event.user))
                try dismiss(from: &state) { follower in
                    guard users.contains(follower.caller.user) else { return true }
                    do {
                        follower.until = try store.read { try $0.standing(of: follower.caller, at: now) }
                        return true
                    } catch is any CodedError {
                        return false
                    }
                }
                state.accountEvents = last.number
            }
            if let lookedAt = state.lookedAt, lookedAt <= now, now - lookedAt < Self.heartbeat { return }
            state.lookedAt = now
            dismiss(from: &state) { follower in follower.until.map { now < $0 } ?? true }
        }
    }

    private func dismiss<Failure: Error>(
        from state: inout State, unless mayStay: (inout Follower) throws(Failure) -> Bool
    ) throws(Failure) {
        for task in Array(state.followers.keys) {
            guard var followers = state.followers[task] else { continue }
            for index in followers.indices.reversed() where try !mayStay(&followers[index]) {
                _ = followers[index].deliver(.dismissed)
                state.released.append(followers.remove(at: index))
            }
            state.followers[task] = followers
            if followers.isEmpty { Self.release(task, state: &state) }
        }
    }

    private func handOut() throws {
        try locked { state in
            guard !state.followers.isEmpty else { return }
            while true {
                let (notices, end) = try unheard(&state)
                guard end > state.handedOut else { break }
                for notice in notices {
                    do {
                        try handOut(notice, state: &state)
                    } catch let failure as PortError where failure.isLasting {
                        // What cannot be read must not keep back what comes after it.
                        state.failures.append(failure)
                    }
                    state.handedOut = notice.number
                }
                state.handedOut = end
            }
            for snapshot in try store.read({ try $0.tasks.running() })
            where state.followers[snapshot.task] != nil && snapshot.progress > state.told[snapshot.task] ?? 0
            {
                state.told[snapshot.task] = snapshot.progress
                deliver(.progress(snapshot, secondsLeft: nil), about: snapshot.task, state: &state)
            }
        }
    }

    /// The next notices, and the number up to which these are all; one that cannot be read is left out.
    private func unheard(_ state: inout State) throws -> (notices: [NumberedNotice], end: Int64) {
        let last = state.handedOut
        do {
            let notices = try store.read { try $0.notices.notices(after: last, limit: Self.batch) }
            return (notices, notices.last?.number ?? last)
        } catch let failure as PortError where failure.isLasting {
            state.failures.append(failure)
            return try store.read { reader in
                let end = max(last, min(last + Int64(Self.batch), try reader.notices.latestNumber()))
                return (try (last..<end).compactMap { try Self.notice($0 + 1, of: reader) }, end)
            }
        }
    }

    private static func notice(_ number: Int64, of reader: any StoreReader) throws -> NumberedNotice? {
        do {
            return try reader.notices.notices(after: number - 1, limit: 1).first { $0.number == number }
        } catch let failure as PortError where failure.isLasting {
            return nil
        }
    }

    private func handOut(_ notice: NumberedNotice, state: inout State) throws {
        guard let followers = state.followers[notice.task],
            followers.contains(where: { $0.last < notice.number })
        else { return }
        let item: TaskFeedItem
        switch notice.notice {
        case .status(let snapshot): item = .status(snapshot, number: notice.number)
        case .clipReady(let id):
            guard let clip = try store.read({ try $0.clips.find(id, of: notice.task) }) else { return }
            item = .clipReady(clip, number: notice.number)
        case .closed(let status): item = .closed(status, number: notice.number)
        }
        deliver(item, about: notice.task, number: notice.number, state: &state)
        if case .closed = notice.notice { Self.release(notice.task, state: &state) }
    }

    private static func release(_ task: Identifier<VideoTask>, state: inout State) {
        state.released += state.followers.removeValue(forKey: task) ?? []
        state.told[task] = nil
    }

    private func deliver(
        _ item: TaskFeedItem, about task: Identifier<VideoTask>, number: Int64? = nil, state: inout State
    ) {
        guard var followers = state.followers[task] else { return }
        for index in followers.indices.reversed() {
            if let number {
                guard followers[index].last < number else { continue }
                followers[index].last = number
            }
            if !followers[index].deliver(item) { state.released.append(followers.remove(at: index)) }
        }
        state.followers[task] = followers.isEmpty ? nil : followers
    }

    private func drop(_ id: Int, of task: Identifier<VideoTask>) {
        locked { state in
            guard let index = state.followers[task]?.firstIndex(where: { $0.id == id }) else { return }
            if let follower = state.followers[task]?.remove(at: index) { state.released.append(follower) }
            if state.followers[task]?.isEmpty == true { Self.release(task, state: &state) }
        }
    }

    private func locked<Value: Sendable, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let (result, released, failures) = state.withLock {
            state -> (Result<Value, Failure>, [Follower], [any Error]) in
            defer { (state.released, state.failures) = ([], []) }
            do throws(Failure) {
                return (.success(try body(&state)), state.released, state.failures)
            } catch {
                return (.failure(error), state.released, state.failures)
            }
        }
        if let tell { failures.forEach(tell) }
        withExtendedLifetime(released) {}
        return try result.get()
    }
}

extension PortError {
    /// Whether asking again cannot help.
    fileprivate var isLasting: Bool {
        if case .corrupt = self { true } else { false }
    }
}
