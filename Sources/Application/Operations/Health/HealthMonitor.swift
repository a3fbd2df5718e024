package import Domain
import Synchronization

/// Looks at every part again and again, and says at any time how well it is.
///
/// One task decides what is due, and each look is a task of its own: a thousand parts need no thread. Whoever asks is
/// answered from what was found last, with its age; nobody waits for a look.
package final class HealthMonitor: Sendable {
    /// What a look costs is measured in steady nanoseconds.
    package typealias SteadyClock = @Sendable () -> Int64

    private struct State {
        var board: HealthBoard
        /// Who looks at which part, by its place on the board; nil for those that are told.
        var probes: [(any HealthProbe)?] = []
        /// The looks that are under way.
        var looks: [Int64: Task<Void, Never>] = [:]
        var loop: Task<Void, Never>?
        /// How often parts were asked for, and how often what was known was not too old.
        var served = (asked: 0, fresh: 0)
    }

    /// The least and the most time between two decisions: looks that are due together are begun together, and parts
    /// that are added are noticed soon.
    private static let pauses = (shortest: Duration.milliseconds(50), longest: Duration.milliseconds(500))

    private let state: Mutex<State>
    private let clock: any WallClock
    private let random: any RandomSource
    private let steady: SteadyClock
    private let log: (any Log)?
    private let feed = HealthFeed()

    /// A monitor that does not look yet.
    ///
    /// - Parameters:
    ///   - windows: When parts are kept from their work on purpose.
    ///   - log: Is told of every change.
    package init(
        _ checks: [HealthCheck], windows: [MaintenanceWindow] = [], clock: any WallClock,
        random: any RandomSource, steady: @escaping SteadyClock, log: (any Log)? = nil
    ) {
        state = Mutex(State(board: HealthBoard(windows: windows)))
        self.clock = clock
        self.random = random
        self.steady = steady
        self.log = log
        for check in checks { watch(check) }
    }

    // MARK: Parts

    /// Looks at a part from now on, also while it runs; takes the place of what is watched by that name.
    package func watch(_ check: HealthCheck) {
        add(check.description, probe: check.probe, pace: check.pace)
    }

    /// Takes what someone has found out about a part without being asked, such as whoever uses it.
    ///
    /// A part that nobody has spoken of before is there from then on, and stays as it was told.
    package func note(_ health: ComponentHealth) {
        guard let name = ComponentName(health.name) else { return }
        let now = clock.now()
        if state.withLock({ $0.board.place(of: name) }) == nil {
            add(
                ComponentDescription(name, version: "", summary: name.text, isCritical: health.isEssential),
                probe: nil, pace: .told)
        }
        change { state in
            state.board.place(of: name).map { state.board.note(health, of: $0, at: now) } ?? []
        }
    }

    private func add(_ description: ComponentDescription, probe: (any HealthProbe)?, pace: HealthPace) {
        let now = clock.now()
        state.withLock { state in
            let place = state.board.add(description, pace: pace, isWatched: probe != nil, at: now)
            if place < state.probes.count { state.probes[place] = probe } else { state.probes.append(probe) }
        }
    }

    // MARK: Running

    /// Whether it looks.
    package var isRunning: Bool { state.withLock { $0.loop != nil } }

    /// Begins to look.
    ///
    /// - Returns: False when it does already; it does not look twice as often then.
    @discardableResult package func start() -> Bool {
        state.withLock { state in
            guard state.loop == nil else { return false }
            // Detached from whoever begins it: what it does later belongs to no request.
            state.loop = Task.detached { [weak self, clock] in
                while !Task.isCancelled, let next = self?.tick() {
                    let now = clock.now()
                    let soonest = now + Self.pauses.shortest
                    try? await clock.sleep(until: min(max(next, soonest), now + Self.pauses.longest))
                }
            }
            return true
        }
    }

    /// Looks no more: what is known grows old, and is unknown in the end.
    ///
    /// - Returns: False when it does not look anyway.
    @discardableResult package func stop() -> Bool {
        let now = clock.now()
        let (loop, looks) = state.withLock { state in
            defer { (state.loop, state.looks) = (nil, [:]) }
            if state.loop != nil { state.board.giveUpLooks(at: now) }
            return (state.loop, Array(state.looks.values))
        }
        loop?.cancel()
        for look in looks { look.cancel() }
        return loop != nil
    }

    /// Looks until the calling task is cancelled; someone may stop and start it meanwhile.
    package func run() async {
        start()
        let (cancellation, end) = AsyncStream<Never>.makeStream()
        for await _ in cancellation {}
        withExtendedLifetime(end) {}
        stop()
    }

    /// The server is about to end: it is not ready from now on, whatever is found.
    package func leave() {
        let now = clock.now()
        change { $0.board.leave(at: now) }
    }

    /// Begins the looks that are due and gives up those that take too long.
    ///
    /// - Returns: When to do so again, at the latest.
    package func tick() -> Timestamp {
        let now = clock.now()
        var due = HealthBoard.Turn()
        var cutOff: [Task<Void, Never>] = []
        change { state in
            let (turn, changes) = state.board.turn(at: now, chance: random.next)
            due = turn
            cutOff = turn.cutOff.compactMap { state.looks[$0] }
            return changes
        }
        for look in cutOff { look.cancel() }
        for (part, look) in due.begin { begin(look, of: part) }
        return due.next ?? now + Self.pauses.longest
    }

    private func begin(_ look: Int64, of part: Int) {
        // Under the lock, so that a look that ends at once is not noted after its end.
        state.withLock { state in
            guard let probe = state.probes[part] else { return }
            state.looks[look] = Task { [weak self, steady] in
                let start = steady()
                let health = await probe.check()
                self?.end(look, of: part, with: health, took: .nanoseconds(steady() - start))
            }
        }
    }

    private func end(_ look: Int64, of part: Int, with health: ComponentHealth, took: Duration) {
        let (now, chance) = (clock.now(), random.next())
        change { state in
            state.looks[look] = nil
            return state.board.end(look, of: part, with: health, took: took, at: now, chance: chance)
        }
    }

    // MARK: Asking

    /// Whether the server can be used; costs no more than a lock.
    package var readiness: HealthReadiness { state.withLock { $0.board.readiness } }

    /// How well everything is, as far as it is known.
    package func report() -> HealthReport {
        let now = clock.now()
        return state.withLock { state in
            let report = state.board.report(at: now)
            state.served.asked += report.parts.count
            state.served.fresh += report.parts.count { !$0.isStale }
            return report
        }
    }

    /// How the monitor itself is doing.
    package var activity: HealthMonitorActivity {
        state.withLock { state in
            HealthMonitorActivity(
                isRunning: state.loop != nil, activeLooks: state.board.activeLooks,
                followers: feed.count,
                freshShare: state.served.asked > 0
                    ? Double(state.served.fresh) / Double(state.served.asked) : 0,
                transitions: state.board.transitions.count)
        }
    }

    /// The last changes, newest first.
    package func history(limit: Int) -> [HealthTransition] {
        Array(state.withLock { $0.board.transitions }.suffix(limit).reversed())
    }

    /// Follows the changes from now on, and those after `last` that are remembered.
    ///
    /// - Parameters:
    ///   - last: The number of the last change that is known; nil for none: then the present level comes first.
    ///   - deliver: Takes the items; it must not block or ask the monitor. False ends it.
    package func follow(after last: Int64?, deliver: @escaping HealthFeed.Delivery) -> HealthFeed.Subscription
    {
        let now = clock.now()
        // Under the lock, so that no change falls between what is replayed and what comes.
        return state.withLock { state in
            let board = state.board
            var missed = [HealthFeedItem.status(board.readiness.level, number: board.lastNumber, at: now)]
            // A number from before a restart says nothing.
            if let last, last <= board.lastNumber {
                missed = board.transitions.filter { $0.number > last }.map { .changed($0) }
            }
            return feed.follow(missed, deliver: deliver)
        }
    }

    /// Changes the state, tells followers what has become of it, and then the log.
    private func change(_ body: (inout State) -> [HealthTransition]) {
        let changes = state.withLock { state in
            let changes = body(&state)
            // Within the lock, so that all are told in one order, and those who begin to follow miss nothing.
            for change in changes { feed.deliver(.changed(change)) }
            return changes
        }
        guard let log else { return }
        for change in changes {
            // That all is well at the first look is no news.
            let isExpected = change.previous == .unknown && change.level == .healthy
            let level = change.level > .unknown ? LogLevel.warning : isExpected ? .debug : .info
            guard level >= log.level else { continue }
            var fields = [
                LogField(name: "service", value: .text(change.part?.text ?? "system")),
                LogField(name: "from", value: .text(change.previous.rawValue)),
                LogField(name: "to", value: .text(change.level.rawValue)),
                LogField(name: "detail", value: .text(change.detail)),
            ]
            if let cause = change.cause { fields.append(LogField(name: "cause", value: .text(cause.text))) }
            log.write(level, "health changed", fields)
        }
    }
}

/// How the monitor itself is doing.
package struct HealthMonitorActivity: Hashable, Sendable {
    /// Whether it looks.
    package let isRunning: Bool
    /// How many looks are under way.
    package let activeLooks: Int
    /// How many follow the changes.
    package let followers: Int
    /// The share of answers that were not too old, 0–1.
    package let freshShare: Double
    /// How many changes are remembered.
    package let transitions: Int
}

extension HealthPace {
    /// Of what is told and not looked at: it holds until something else is told.
    static let told = HealthPace(period: .seconds(1 << 31), thresholds: .none)
}
