public import Domain

/// Lets a suspended user in again before the suspension ends.
public struct UnsuspendUser: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Ends the suspension.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/user``, ``Domain/UserError``.
    public func callAsFunction(_ id: Identifier<User>, by caller: Caller, from origin: Origin) async throws
        -> User
    {
        try caller.require(.admin)
        let deed = desk.deed(by: caller, from: origin)
        return try await desk.change(id, doing: deed) { user, _ in try user.unsuspend(at: deed.now) }
    }
}
