public import Domain

/// How a part of the program stands.
public struct ComponentStatus: Sendable {
    /// What it says about itself.
    public let description: ComponentDescription
    /// Its life so far.
    public let lifecycle: ComponentLifecycle
    /// Who needs it, and how much.
    public let dependents: [ComponentDependency]
    /// Whether it can be restarted alone.
    public let isRestartable: Bool
    /// Whether it can say how well it is.
    public let hasHealth: Bool

    /// The parts to blame for what it cannot do.
    public var becauseOf: [ComponentName] {
        switch lifecycle.state {
        case .degraded(let names): names
        case .error(let fault): fault.becauseOf.map { [$0] } ?? []
        default: []
        }
    }
}
