/// Where an alert stands for one target.
///
/// It is pending while its expression is true, fires once that was so for long enough at every look, and is resolved
/// when it was otherwise for long enough; one look at which a pending alert's expression is not true begins all anew.
public struct AlertState: Hashable, Sendable {
    /// Where it stands.
    public enum Phase: String, CaseIterable, Sendable {
        case inactive, pending, firing, resolved
    }

    /// What has happened at a look.
    public enum Event: Hashable, Sendable {
        /// It fires from now on.
        case fired
        /// It is over.
        case resolved
    }

    /// Where it stands.
    public private(set) var phase = Phase.inactive
    /// Since when.
    public private(set) var since: Timestamp
    /// The number at the last look at which it was true; nil before the first.
    public private(set) var value: Double?
    /// When it fired last.
    public private(set) var firedAt: Timestamp?
    /// How often it has fired.
    public private(set) var count = 0
    /// Since when it is otherwise while it still fires.
    private var otherwiseSince: Timestamp?

    /// Nothing has been the matter.
    public init(at now: Timestamp) {
        since = now
    }

    /// Takes a look.
    ///
    /// - Parameter value: The expression's number for the target; nil when it is not true, or nothing is known.
    public mutating func observe(_ value: Double?, under rule: AlertRule, at now: Timestamp) -> Event? {
        if let value {
            self.value = value
            otherwiseSince = nil
        }
        switch (phase, value) {
        case (.inactive, _?), (.resolved, _?):
            enter(.pending, at: now)
            return fireIfDue(rule, at: now)
        case (.pending, _?): return fireIfDue(rule, at: now)
        case (.pending, nil): enter(.inactive, at: now)
        case (.firing, nil):
            let began = otherwiseSince ?? now
            otherwiseSince = began
            guard now - began >= rule.keepFiring else { return nil }
            otherwiseSince = nil
            enter(.resolved, at: now)
            return .resolved
        case (.firing, _?), (.inactive, nil), (.resolved, nil): break
        }
        return nil
    }

    private mutating func fireIfDue(_ rule: AlertRule, at now: Timestamp) -> Event? {
        guard now - since >= rule.hold else { return nil }
        enter(.firing, at: now)
        firedAt = now
        count += 1
        return .fired
    }

    private mutating func enter(_ phase: Phase, at now: Timestamp) {
        self.phase = phase
        since = now
    }
}
