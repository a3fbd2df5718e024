import Domain

extension ComponentRunner {
    /// What a runner knows of a part.
    struct Entry: Sendable {
        let component: Component
        var lifecycle: ComponentLifecycle
        var history = RestartHistory()
        /// Whether it is to be started as soon as it can be.
        var mayStart = true
        /// How often it was begun: what an earlier run has to say is old.
        var run = 0
        /// What runs of it, and what that does.
        var running: RunningComponent?
        var work: Task<Void, Never>?
        /// Its start, while it starts.
        var start: Task<Void, Never>?
        /// Its next start, while it waits for that.
        var retry: Task<Void, Never>?
        /// What its latest fault was thrown as.
        var cause: (any Error)?

        init(_ component: Component, at now: Timestamp) {
            self.component = component
            lifecycle = ComponentLifecycle(at: now)
        }
    }

    /// What a runner knows.
    struct State: Sendable {
        /// One who waits until something is so.
        struct Waiter {
            let condition: @Sendable (State) -> Bool
            let continuation: CheckedContinuation<Void, Never>
        }

        var phase = Phase.idle
        var entries: [ComponentName: Entry]
        /// The parts that are to run.
        var wanted: Set<ComponentName> = []
        /// The parts that are being stopped to be started again.
        var restarting: Set<ComponentName> = []
        /// When the start of everything has to be over.
        var startDeadline: Timestamp?
        /// Why the program cannot go on.
        var failure: ComponentFailure?
        /// What is to be told.
        var notices: [ComponentNotice] = []
        var waiters: [Int: Waiter] = [:]
        private var lastWaiter = 0

        init(entries: [ComponentName: Entry]) {
            self.entries = entries
        }

        mutating func nextWaiter() -> Int {
            lastWaiter += 1
            return lastWaiter
        }

        /// Those who no longer have to wait.
        mutating func takeAwake() -> [CheckedContinuation<Void, Never>] {
            var awake: [CheckedContinuation<Void, Never>] = []
            for (id, waiter) in waiters where waiter.condition(self) {
                awake.append(waiter.continuation)
                waiters[id] = nil
            }
            return awake
        }

        /// Whether nothing more will come of a part by itself, for now.
        func isSettled(_ name: ComponentName) -> Bool {
            switch entries[name]?.lifecycle.state {
            case .running, .degraded, .error: true
            default: false
            }
        }

        /// Whether a part is neither there nor on its way.
        func isDown(_ name: ComponentName) -> Bool {
            entries[name]?.lifecycle.state.isUnderWay != true
        }

        /// The part to blame for one that does not run; nil for one that does, or has no fault.
        func rootOfFault(of name: ComponentName) -> ComponentName? {
            guard case .error(let fault) = entries[name]?.lifecycle.state else { return nil }
            return fault.becauseOf ?? name
        }

        /// How many things are under way in all parts.
        var inFlight: Int { entries.values.reduce(0) { $0 + ($1.running?.inFlight() ?? 0) } }
    }
}

extension ComponentState {
    /// Whether it is there, comes or goes.
    var isUnderWay: Bool {
        switch self {
        case .initializing, .running, .degraded, .stopping: true
        case .registered, .stopped, .error: false
        }
    }
}
