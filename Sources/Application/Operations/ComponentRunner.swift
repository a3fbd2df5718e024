public import Domain
import Synchronization

/// Starts the parts of a program, each the moment that what it waits for is ready, keeps them running, and stops them.
///
/// What each part is at is in ``statuses``. Every change goes through one lock, which is never held while a part is
/// asked for anything.
public final class ComponentRunner: Sendable {
    /// How patient a runner is.
    public struct Limits: Sendable {
        /// How long the start of everything may take.
        public var start: Duration
        /// How long the end of everything may take; what has not stopped then is left behind.
        public var stop: Duration
        /// How often parts that fail are started again.
        public var restarts: RestartPolicy

        /// How patient a runner is.
        ///
        /// Two minutes to start; half a minute to stop, as Kubernetes gives a container.
        public init(
            start: Duration = .seconds(120), stop: Duration = .seconds(30),
            restarts: RestartPolicy = .ordinary
        ) {
            self.start = start
            self.stop = stop
            self.restarts = restarts
        }
    }

    /// Where the program as a whole stands.
    public enum Phase: String, CaseIterable, Sendable {
        /// Nothing was started yet.
        case idle
        /// The parts are being started.
        case starting
        /// All that could be started was.
        case up
        /// Everything is being stopped.
        case ending
        /// Everything has stopped.
        case ended
    }

    /// The parts, and what they need of each other.
    public let graph: ComponentGraph
    let limits: Limits
    let clock: any WallClock
    private let tell: @Sendable (ComponentNotice) -> Void
    private let state: Mutex<State>

    /// A runner of parts; nothing is started yet.
    ///
    /// - Parameter tell: Is told what happens, in order. It must not call the runner.
    /// - Throws: ``Domain/ComponentGraphError`` where the parts cannot be started in any order.
    public init(
        _ components: [Component], limits: Limits = Limits(), clock: any WallClock,
        tell: @escaping @Sendable (ComponentNotice) -> Void = { _ in }
    ) throws(ComponentGraphError) {
        graph = try ComponentGraph(components.map(\.description))
        self.limits = limits
        self.clock = clock
        self.tell = tell
        let now = clock.now()
        let entries = components.map { ($0.description.name, Entry($0, at: now)) }
        state = Mutex(State(entries: Dictionary(uniqueKeysWithValues: entries)))
    }

    /// A runner of no parts.
    public init(idle clock: any WallClock) {
        graph = ComponentGraph()
        limits = Limits()
        self.clock = clock
        tell = { _ in }
        state = Mutex(State(entries: [:]))
    }

    /// Where the program as a whole stands.
    public var phase: Phase { state.withLock { $0.phase } }

    /// How all parts stand, in the order in which they are started.
    public var statuses: [ComponentStatus] {
        state.withLock { state in graph.order.compactMap { status(of: $0, in: state) } }
    }

    /// How a part stands; nil where there is none of that name.
    public func status(of name: ComponentName) -> ComponentStatus? {
        state.withLock { status(of: name, in: $0) }
    }

    /// How well a part says that it is; nil while it is not up, or where it cannot say.
    public func health(of name: ComponentName) async -> ComponentHealth? {
        let component = state.withLock { state -> Component? in
            guard let entry = state.entries[name], entry.lifecycle.state.isUp else { return nil }
            return entry.component
        }
        return await component?.health?()
    }

    private func status(of name: ComponentName, in state: State) -> ComponentStatus? {
        guard let entry = state.entries[name] else { return nil }
        return ComponentStatus(
            description: entry.component.description, lifecycle: entry.lifecycle,
            dependents: graph.dependents(of: name), isRestartable: entry.component.isRestartable,
            hasHealth: entry.component.health != nil)
    }

    // MARK: Changes

    /// Changes something; then starts what can be started by now, finds out who misses whom, and wakes those who
    /// wait for it.
    func change<Answer: Sendable>(_ body: (inout State) -> Answer) -> Answer {
        let (answer, awake) = state.withLock { state in
            let answer = body(&state)
            advance(&state)
            for notice in state.notices { tell(notice) }
            state.notices = []
            return (answer, state.takeAwake())
        }
        for waiter in awake { waiter.resume() }
        return answer
    }

    /// Waits until something is so, or the calling task is cancelled.
    func until(_ condition: @escaping @Sendable (State) -> Bool) async {
        let id = state.withLock { $0.nextWaiter() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isSo = state.withLock { state in
                    if Task.isCancelled || condition(state) { return true }
                    state.waiters[id] = State.Waiter(condition: condition, continuation: continuation)
                    return false
                }
                if isSo { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
        }
    }

    /// An event in the life of a part; what cannot happen where it stands does not.
    @discardableResult
    func note(_ event: ComponentEvent, of name: ComponentName, in state: inout State) -> Bool {
        guard (try? state.entries[name]?.lifecycle.handle(event, at: clock.now())) == true else {
            return false
        }
        if let next = state.entries[name]?.lifecycle.state { state.notices.append(.changed(name, next)) }
        return true
    }

    /// Begins what can begin, from the first to the last, so that one pass does.
    private func advance(_ state: inout State) {
        guard state.phase == .up || state.phase == .starting && state.failure == nil else { return }
        for name in graph.order where state.wanted.contains(name) {
            guard let entry = state.entries[name] else { continue }
            if entry.mayStart, !entry.lifecycle.state.isUnderWay {
                if let culprit = blocker(of: name, in: state) {
                    block(name, by: culprit, in: &state)
                } else if isAwaited(by: name, in: state) {
                    begin(name, in: &state)
                }
            } else if entry.lifecycle.state.isUp {
                note(.missed(missing(to: name, in: state)), of: name, in: &state)
            }
        }
    }

    /// The part because of which one cannot be started: the first that it requires and that does not run, or the one
    /// because of which that one does not.
    private func blocker(of name: ComponentName, in state: State) -> ComponentName? {
        for need in graph[name]?.dependencies ?? [] where need.kind == .required {
            if let root = state.rootOfFault(of: need.name) { return root }
        }
        return nil
    }

    /// Whether all are there that one waits for, so far as they will be.
    private func isAwaited(by name: ComponentName, in state: State) -> Bool {
        (graph[name]?.dependencies ?? []).allSatisfy { need in
            guard let other = state.entries[need.name] else { return false }
            switch need.kind {
            case .required: return other.lifecycle.state.isUp
            case .optional:
                if case .error = other.lifecycle.state { return true }
                return other.lifecycle.state.isUp
            case .soft: return true
            }
        }
    }

    /// The parts to blame for what one that is up would like to use and cannot.
    func missing(to name: ComponentName, in state: State) -> [ComponentName] {
        var roots: Set<ComponentName> = []
        for need in graph[name]?.dependencies ?? [] where state.wanted.contains(need.name) {
            switch state.entries[need.name]?.lifecycle.state {
            case .error(let fault): roots.insert(fault.becauseOf ?? need.name)
            case .stopping, .stopped: roots.insert(need.name)
            // One that comes for the first time was never missed.
            case .initializing where state.entries[need.name]?.lifecycle.restarts != 0:
                roots.insert(need.name)
            default: break
            }
        }
        return roots.sorted()
    }
}
