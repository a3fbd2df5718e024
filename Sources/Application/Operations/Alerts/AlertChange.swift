package import Domain

/// Something that happened to an alert.
package struct AlertChange: Hashable, Sendable {
    /// What happened.
    package enum Kind: Hashable, Sendable {
        case fired
        case resolved
        /// An action was taken.
        case acted(String)
        /// An action was not taken, and why.
        case skipped(String)
        /// An action that cannot be taken here, and why.
        case unsupported(String)
        /// An action failed, and why.
        case failed(String)

        /// Its name on the wire.
        package var name: String {
            switch self {
            case .fired: "fired"
            case .resolved: "resolved"
            case .acted: "acted"
            case .skipped: "skipped"
            case .unsupported: "unsupported"
            case .failed: "failed"
            }
        }

        /// What there is to say besides; nil where that is all.
        package var detail: String? {
            switch self {
            case .fired, .resolved: nil
            case .acted(let text), .skipped(let text), .unsupported(let text), .failed(let text): text
            }
        }
    }

    /// The rule's name.
    package let rule: String
    /// How bad it is.
    package let severity: AlertRule.Severity
    /// What it is about.
    package let target: AlertTarget
    /// What happened.
    package let kind: Kind
    /// The number that made it so; nil where there is none.
    package let value: Double?
    /// When.
    package let at: Timestamp

    init(_ rule: AlertRule, _ target: AlertTarget, _ kind: Kind, value: Double? = nil, at now: Timestamp) {
        self.rule = rule.name
        severity = rule.severity
        self.target = target
        self.kind = kind
        self.value = value
        at = now
    }
}

/// A rule with where it stands.
package struct AlertStanding: Sendable {
    /// The rule.
    package let rule: AlertRule
    /// Where it stands for each target about which there is something to say.
    package let targets: [(target: AlertTarget, state: AlertState)]
    /// Until when it does nothing; nil when it is not silenced.
    package let silencedUntil: Timestamp?
}
