public import Domain

/// Whether the parts of this process do what they are there for: no new work can be taken while one is missing
/// without which the program cannot go on, nor from the first moment of its end on.
public struct ComponentsProbe: HealthProbe {
    private let runner: ComponentRunner

    /// The probe over what runs the parts.
    public init(runner: ComponentRunner) {
        self.runner = runner
    }

    /// How well the parts are together.
    public func check() async -> ComponentHealth {
        let phase = runner.phase
        let statuses = runner.statuses
        func finding(_ level: HealthLevel, _ detail: String) -> ComponentHealth {
            ComponentHealth(name: "components", level: level, detail: detail, isEssential: true)
        }
        switch phase {
        case .ending, .ended: return finding(.unhealthy, "the program is ending")
        case .idle, .starting, .up: break
        }
        // While the program starts, what is not there yet is only late.
        let missing =
            phase == .starting
            ? [] : statuses.filter { $0.description.isCritical && !$0.lifecycle.state.isUp }
        guard missing.isEmpty else { return finding(.unhealthy, "not there: \(Self.names(missing))") }
        let unwell = statuses.filter { status in
            switch status.lifecycle.state {
            case .error, .degraded: true
            default: false
            }
        }
        guard unwell.isEmpty else {
            return finding(.degraded, "not as they should be: \(Self.names(unwell))")
        }
        return finding(.healthy, "all that were started run")
    }

    private static func names(_ statuses: [ComponentStatus]) -> String {
        statuses.map { status in
            let because = status.becauseOf.map(\.text).joined(separator: ", ")
            return because.isEmpty
                ? status.description.name.text : "\(status.description.name) because of \(because)"
        }.joined(separator: "; ")
    }
}
