package import Domain
internal import Synchronization

/// Watches for what operators want to be told of, and does what their rules say.
///
/// Each look reads the numbers once and asks all rules. Actions have a pause for each target and a budget for all of
/// them, and what came of one stands in the history.
package final class AlertMonitor: Sendable {
    /// How often it looks.
    package static let period = Duration.seconds(15)
    /// How many changes are kept.
    package static let historyLength = 1000
    /// How many restarts there may be in an hour, whoever asks for them.
    package static let restartsPerHour = 5

    /// Has a part restarted.
    package typealias Restart = @Sendable (ComponentName) throws -> Void
    /// Reads the series of those names.
    package typealias Numbers = @Sendable ([String]) -> [String: [AlertTarget: Double]]

    private struct Key: Hashable {
        let rule: String
        let target: AlertTarget
    }

    private struct State {
        var history: SeriesHistory
        var alerts: [Key: AlertState] = [:]
        var actedAt: [Key: Timestamp] = [:]
        var restarts: [Timestamp] = []
        /// Those whose actions may help when they are taken again.
        var unsettled: Set<Key> = []
        var changes = RecentValues<AlertChange>(capacity: AlertMonitor.historyLength)
        var silences: [String: Timestamp] = [:]
        var lookedAt: Timestamp?
    }

    private let rules: [AlertRule]
    private let state: Mutex<State>
    private let numbers: Numbers
    private let restart: Restart?
    private let clock: any WallClock
    private let log: any Log

    /// A monitor that has not looked yet.
    ///
    /// - Parameter restart: Nil where rules only tell, and do nothing.
    package init(
        _ rules: [AlertRule], numbers: @escaping Numbers, restart: Restart?, clock: any WallClock,
        log: any Log
    ) {
        self.rules = rules
        self.numbers = numbers
        self.restart = restart
        self.clock = clock
        self.log = log
        let windows = rules.map(\.expression.series).reduce(into: [:]) { all, series in
            all.merge(series) { max($0, $1) }
        }
        state = Mutex(State(history: SeriesHistory(windows)))
    }

    /// Looks again and again until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            look()
            try? await clock.sleep(until: clock.now() + Self.period)
        }
    }

    /// Looks once.
    package func look() {
        let now = clock.now()
        let names = state.withLock { $0.history.names }
        let read = numbers(names)
        let changes = state.withLock { state in
            state.history.take(read, at: now)
            state.lookedAt = now
            return rules.flatMap { judge($0, in: &state, at: now) }
        }
        for change in changes where !isSilent(change, at: now) { tell(change) }
    }

    private func judge(_ rule: AlertRule, in state: inout State, at now: Timestamp) -> [AlertChange] {
        let values = rule.expression.value(from: state.history)
        let known = state.alerts.keys.filter { $0.rule == rule.name }.map(\.target)
        var changes: [AlertChange] = []
        for target in Set(values.keys).union(known) {
            let key = Key(rule: rule.name, target: target)
            var alert = state.alerts[key] ?? AlertState(at: now)
            let event = alert.observe(values[target], under: rule, at: now)
            // What was never the matter, and is not, is forgotten, so that targets that are gone cost nothing.
            state.alerts[key] = alert.phase == .inactive ? nil : alert
            switch event {
            case .fired?:
                changes.append(AlertChange(rule, target, .fired, value: alert.value, at: now))
                changes += act(on: rule, key, in: &state, at: now)
            case .resolved?:
                state.unsettled.remove(key)
                changes.append(AlertChange(rule, target, .resolved, value: alert.value, at: now))
            case nil:
                // What was tried, or could not be tried yet, and has not helped is tried again.
                if alert.phase == .firing, state.unsettled.contains(key),
                    let last = state.actedAt[key], now - last >= rule.cooldown
                {
                    changes += act(on: rule, key, in: &state, at: now)
                }
            }
        }
        for change in changes { state.changes.append(change) }
        return changes
    }

    private func act(on rule: AlertRule, _ key: Key, in state: inout State, at now: Timestamp)
        -> [AlertChange]
    {
        state.unsettled.insert(key)
        if let silenced = state.silences[rule.name], now < silenced {
            state.actedAt[key] = now
            return [AlertChange(rule, key.target, .skipped("silenced"), at: now)]
        }
        if let last = state.actedAt[key], now - last < rule.cooldown {
            return [AlertChange(rule, key.target, .skipped("too soon after the last time"), at: now)]
        }
        state.actedAt[key] = now
        let changes = rule.actions.filter { $0 != .notify }.map { action in
            AlertChange(rule, key.target, outcome(of: action, on: key.target, in: &state, at: now), at: now)
        }
        let isHopeless = changes.allSatisfy { if case .unsupported = $0.kind { true } else { false } }
        if isHopeless { state.unsettled.remove(key) }
        return changes
    }

    private func outcome(
        of action: AlertRule.Action, on target: AlertTarget, in state: inout State, at now: Timestamp
    ) -> AlertChange.Kind {
        guard case .restart = action, let restart else { return .unsupported(action.name) }
        guard let service = target.labels["service"], let name = ComponentName(service) else {
            return .unsupported("restart: it is not about a part")
        }
        state.restarts.removeAll { now - $0 >= .seconds(3600) }
        guard state.restarts.count < Self.restartsPerHour else {
            return .skipped("no restarts are left this hour")
        }
        do {
            try restart(name)
            state.restarts.append(now)
            return .acted("restart")
        } catch let error as any CodedError {
            return .unsupported("restart: \(error.explanation)")
        } catch {
            return .failed("restart: \(error)")
        }
    }

    /// Whether nobody wants to hear of it now.
    private func isSilent(_ change: AlertChange, at now: Timestamp) -> Bool {
        state.withLock { $0.silences[change.rule].map { now < $0 } ?? false }
    }

    private func tell(_ change: AlertChange) {
        let level: LogLevel =
            switch change.kind {
            case .fired: change.severity >= .error ? .error : change.severity == .warning ? .warning : .info
            case .resolved, .acted, .skipped, .unsupported: .info
            case .failed: .warning
            }
        guard level >= log.level else { return }
        var fields = [LogField(name: "alert", value: .text(change.rule))]
        fields += change.target.labels.sorted { $0.key < $1.key }.map {
            LogField(name: $0.key, value: .text($0.value))
        }
        if let value = change.value { fields.append(LogField(name: "value", value: .number(value))) }
        if let detail = change.kind.detail { fields.append(LogField(name: "detail", value: .text(detail))) }
        log.write(level, "alert \(change.kind.name)", fields)
    }

    // MARK: Asking

    /// The rules, each with where it stands for each target about which there is something to say.
    func standings() -> [AlertStanding] {
        let now = clock.now()
        return state.withLock { state in
            rules.map { rule in
                let targets = state.alerts.filter { $0.key.rule == rule.name }.map {
                    ($0.key.target, $0.value)
                }
                let silenced = state.silences[rule.name].flatMap { $0 > now ? $0 : nil }
                return AlertStanding(rule: rule, targets: targets, silencedUntil: silenced)
            }
        }
    }

    /// The last changes, newest first.
    func changes() -> [AlertChange] { state.withLock { $0.changes.all.reversed() } }

    /// What an expression says now, by the series that the rules look at.
    func evaluate(_ expression: AlertExpression) -> [AlertTarget: Double] {
        let read = numbers(Array(expression.series.keys))
        return state.withLock { state in
            var history = state.history
            // Only what is present is replaced; the past is that of the rules.
            history.show(read)
            return expression.value(from: history)
        }
    }

    /// Has a rule do nothing until a moment.
    ///
    /// - Returns: False when there is no such rule.
    func silence(_ name: String, until moment: Timestamp) -> Bool {
        guard rules.contains(where: { $0.name == name }) else { return false }
        state.withLock { $0.silences[name] = moment }
        return true
    }
}
