import Domain

/// What nearly every use case of accounts works with: the store, the time, and identifiers for what is new.
public struct AccountDesk: Sendable {
    let store: any Store
    let identifiers: IdentifierMaker
    let clock: any WallClock

    /// A desk over these ports.
    public init(store: any Store, identifiers: IdentifierMaker, clock: any WallClock) {
        self.store = store
        self.identifiers = identifiers
        self.clock = clock
    }

    /// What a caller does now.
    func deed(by caller: Caller, from origin: Origin) -> Deed {
        deed(by: .user(caller.user), from: origin)
    }

    /// What somebody does now.
    func deed(by initiator: AuditEntry.Initiator, from origin: Origin) -> Deed {
        Deed(initiator: initiator, origin: origin, now: clock.now(), identifiers: identifiers)
    }

    /// Changes a user and tells it, as one unit of work; what changes nothing is not told.
    ///
    /// - Parameters:
    ///   - detail: What the audit trail says beside what happened.
    ///   - body: Changes the user, and what else has to change with that, and returns what happened to the user.
    /// - Throws: ``NotFound/user``, and what the body throws.
    func change(
        _ id: Identifier<User>, doing deed: Deed, detail: String? = nil,
        _ body: @escaping @Sendable (inout User, any StoreWriter) throws -> [AccountEvent]
    ) async throws -> User {
        try await store.write { try $0.change(id, doing: deed, detail: detail, body).present }
    }
}

extension StoreWriter {
    /// Changes a user and tells it, as ``AccountDesk/change(_:doing:detail:_:)`` does.
    ///
    /// - Returns: The user before and after.
    func change(
        _ id: Identifier<User>, doing deed: Deed, detail: String? = nil,
        _ body: (inout User, any StoreWriter) throws -> [AccountEvent]
    ) throws -> (former: User, present: User) {
        let former = try user(id)
        var user = former
        let events = try body(&user, self)
        guard !events.isEmpty else { return (former, user) }
        try userWriter.update(user)
        try record(events, of: deed, detail: detail)
        return (former, user)
    }
}
