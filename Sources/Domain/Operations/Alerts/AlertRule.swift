/// What an operator wants to be told of, and what is to be done about it.
public struct AlertRule: Hashable, Sendable {
    /// How bad it is.
    public enum Severity: String, CaseIterable, Comparable, Sendable {
        case info, warning, error, critical

        /// Orders by how bad it is.
        public static func < (first: Severity, second: Severity) -> Bool { first.rank < second.rank }

        private var rank: Int {
            switch self {
            case .info: 0
            case .warning: 1
            case .error: 2
            case .critical: 3
            }
        }
    }

    /// What can be done.
    public enum Action: Hashable, Sendable {
        /// A line in the log, and an event for whoever watches.
        case notify
        /// The component that the target's `service` names is started anew.
        case restart
        /// Something that this program cannot do; it says so, and never that it did.
        case unsupported(String)

        /// An action by its name.
        public init(name: String) {
            switch name {
            case "notify": self = .notify
            case "restart": self = .restart
            default: self = .unsupported(name)
            }
        }

        /// Its name on the wire.
        public var name: String {
            switch self {
            case .notify: "notify"
            case .restart: "restart"
            case .unsupported(let name): name
            }
        }
    }

    /// A name of its own, such as `part_unhealthy`.
    public let name: String
    /// When it is the matter.
    public let expression: AlertExpression
    /// For how long it must be so before the alert fires.
    public let hold: Duration
    /// For how long it must be otherwise before the alert is resolved.
    public let keepFiring: Duration
    /// How long after its actions they are not taken again for the same target.
    public let cooldown: Duration
    /// How bad it is.
    public let severity: Severity
    /// What it means, in a sentence.
    public let summary: String
    /// What is done when it fires.
    public let actions: [Action]

    /// A rule.
    public init(
        _ name: String, when expression: AlertExpression, for hold: Duration, keepFiring: Duration = .zero,
        cooldown: Duration = .seconds(60), severity: Severity, summary: String, actions: [Action] = [.notify]
    ) {
        self.name = name
        self.expression = expression
        self.hold = hold
        self.keepFiring = keepFiring
        self.cooldown = cooldown
        self.severity = severity
        self.summary = summary
        self.actions = actions
    }
}
