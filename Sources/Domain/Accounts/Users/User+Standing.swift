extension User {
    /// Lets an inactive user in again.
    public mutating func activate(at now: Timestamp) throws(UserError) -> [AccountEvent] {
        guard standing(at: now) == .inactive else { throw notInactive(at: now) }
        state = .active
        return [changed(.activated, at: now)]
    }

    /// Switches a user off; one who is suspended need not be let in first.
    ///
    /// - Parameter otherAdministrators: How many other active administrators there are.
    public mutating func deactivate(otherAdministrators: Int, at now: Timestamp) throws(UserError)
        -> [AccountEvent]
    {
        switch standing(at: now) {
        case .active: try requireReplaceable(otherAdministrators)
        case .suspended: break
        case .inactive: throw .inactive
        case .deleted: throw .deleted
        }
        state = .inactive
        return [changed(.deactivated, at: now)]
    }

    /// Keeps a user out, for a reason and perhaps only until some moment.
    ///
    /// One who is suspended already gets the new reason and the new end.
    ///
    /// - Parameter otherAdministrators: How many other active administrators there are.
    public mutating func suspend(
        because reason: String, until: Timestamp?, otherAdministrators: Int, at now: Timestamp
    ) throws(UserError) -> [AccountEvent] {
        switch standing(at: now) {
        case .active: try requireReplaceable(otherAdministrators)
        case .suspended: break
        case .inactive: throw .inactive
        case .deleted: throw .deleted
        }
        state = .suspended(try Suspension(reason: reason, since: now, until: until))
        return [changed(.suspended(until: until), at: now)]
    }

    /// Lets a suspended user in again before the suspension ends.
    public mutating func unsuspend(at now: Timestamp) throws(UserError) -> [AccountEvent] {
        switch standing(at: now) {
        case .suspended: break
        case .deleted: throw .deleted
        case .active, .inactive: throw .notSuspended
        }
        state = .active
        return [changed(.unsuspended, at: now)]
    }

    /// Makes the user anonymous: name and address are free for others, and nothing personal is left.
    ///
    /// - Parameter otherAdministrators: How many other active administrators there are.
    public mutating func delete(otherAdministrators: Int, at now: Timestamp) throws(UserError)
        -> [AccountEvent]
    {
        switch standing(at: now) {
        case .active: try requireReplaceable(otherAdministrators)
        case .inactive, .suspended: break
        case .deleted: throw .deleted
        }
        state = .deleted(at: now)
        profile = nil
        role = .user
        tier = .free
        return [changed(.deleted, at: now)]
    }

    /// Makes an active user an administrator, or an ordinary user again, who may also be inactive or suspended;
    /// what the user is already changes nothing.
    ///
    /// - Parameter otherAdministrators: How many other active administrators there are.
    public mutating func change(role: Role, otherAdministrators: Int, at now: Timestamp) throws(UserError)
        -> [AccountEvent]
    {
        let standing = standing(at: now)
        guard standing != .deleted else { throw .deleted }
        guard role != self.role else { return [] }
        if role == .admin { try requireActive(at: now) }
        // Who is kept out is not counted as an administrator, and can be done without.
        if standing == .active { try requireReplaceable(otherAdministrators) }
        self.role = role
        return [changed(.roleChanged(role), at: now)]
    }

    /// Puts the user on another plan; the one that the user is on already changes nothing.
    ///
    /// Credits are the ledger's: see ``CreditLedger/renew(for:upTo:at:)``.
    public mutating func change(tier: Tier.Name, at now: Timestamp) throws(UserError) -> [AccountEvent] {
        try requireActive(at: now)
        guard tier != self.tier else { return [] }
        let change = AccountChange.tierChanged(from: self.tier, to: tier)
        self.tier = tier
        return [changed(change, at: now)]
    }

    private func requireReplaceable(_ otherAdministrators: Int) throws(UserError) {
        guard role != .admin || otherAdministrators > 0 else { throw .lastAdministrator }
    }

    private func notInactive(at now: Timestamp) -> UserError {
        switch standing(at: now) {
        case .suspended: .suspended(until: suspension(at: now)?.until)
        case .deleted: .deleted
        case .active, .inactive: .alreadyActive
        }
    }
}
