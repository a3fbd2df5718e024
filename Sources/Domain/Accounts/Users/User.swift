/// Someone who may use the server.
///
/// ```
///       ┌─────────────deactivate───────────┐
///       ▼    deactivate           suspend  │
/// ┌──────────┐ ◀──── ┌────────┐ ────▶ ┌───────────┐
/// │ inactive │       │ active │       │ suspended │──┐ suspend
/// └──────────┘ ────▶ └────────┘ ◀──── └───────────┘◀─┘
///       │   activate     │     unsuspend,   │
///       │                │     or its end   │
///       └──────────────delete───────────────┴──▶ deleted
/// ```
///
/// Each command takes the present moment, changes the user and returns what happened, or throws the rule that
/// forbids it and changes nothing.
public struct User: Hashable, Sendable {
    /// Where a user stands.
    public enum State: Hashable, Sendable {
        /// The user may sign in and work.
        case active
        /// An administrator has switched the user off.
        case inactive
        /// The user is kept out, and why; see ``User/standing(at:)`` for one that has an end.
        case suspended(Suspension)
        /// Nothing of the user is left but the identifier.
        case deleted(at: Timestamp)

        /// The state without its data.
        public var name: Name {
            switch self {
            case .active: .active
            case .inactive: .inactive
            case .suspended: .suspended
            case .deleted: .deleted
            }
        }

        /// The names under which clients know the states.
        public enum Name: String, CaseIterable, Sendable {
            case active, inactive, suspended, deleted
        }
    }

    /// The identifier of the user to whom everything belongs while the server has no accounts.
    public static let local = Identifier<User>(high: 0x7000, low: 0x8000_0000_0000_0000)

    /// The identifier.
    public let id: Identifier<User>
    /// What is personal; nil once the user is deleted.
    public internal(set) var profile: Profile?
    /// What the user is on this server.
    public internal(set) var role: Role
    /// The plan that the user is on.
    public internal(set) var tier: Tier.Name
    /// Where the user stands; ask ``standing(at:)`` to know what that means now.
    public internal(set) var state: State
    /// When the user was made.
    public let createdAt: Timestamp
    /// How often the user has changed; a store refuses to overwrite a later version.
    public internal(set) var version: Int

    /// Makes a user, active from the start.
    public static func register(
        id: Identifier<User>, profile: Profile, role: Role = .user, tier: Tier.Name = .free, at now: Timestamp
    ) -> (user: User, events: [AccountEvent]) {
        var user = User(
            id: id, profile: profile, role: role, tier: tier, state: .active, createdAt: now, version: 0)
        let event = user.changed(.registered, at: now)
        return (user, [event])
    }

    /// Restores a user as a store kept it.
    public init(
        id: Identifier<User>, profile: Profile?, role: Role, tier: Tier.Name, state: State,
        createdAt: Timestamp, version: Int
    ) {
        self.id = id
        self.profile = profile
        self.role = role
        self.tier = tier
        self.state = state
        self.createdAt = createdAt
        self.version = version
    }

    /// Where the user stands at that moment: a suspension that has an end ends by itself.
    public func standing(at now: Timestamp) -> State.Name {
        if case .suspended(let suspension) = state, !suspension.isInForce(at: now) { return .active }
        return state.name
    }

    /// Checks that the user may work, be given credits and change plans.
    public func requireActive(at now: Timestamp) throws(UserError) {
        switch standing(at: now) {
        case .active: return
        case .inactive: throw .inactive
        case .suspended: throw .suspended(until: suspension(at: now)?.until)
        case .deleted: throw .deleted
        }
    }

    /// Why the user is kept out at that moment; nil when the user is not.
    public func suspension(at now: Timestamp) -> Suspension? {
        guard case .suspended(let suspension) = state, suspension.isInForce(at: now) else { return nil }
        return suspension
    }

    /// Counts a change and tells it.
    mutating func changed(_ change: AccountChange, at now: Timestamp) -> AccountEvent {
        version += 1
        return AccountEvent(user: id, version: version, at: now, change: change)
    }
}
