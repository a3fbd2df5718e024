public import Domain

/// Lets an inactive user in again.
public struct ActivateUser: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Activates the user.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/user``, ``Domain/UserError``.
    public func callAsFunction(_ id: Identifier<User>, by caller: Caller, from origin: Origin) async throws
        -> User
    {
        try caller.require(.admin)
        let deed = desk.deed(by: caller, from: origin)
        return try await desk.change(id, doing: deed) { user, _ in try user.activate(at: deed.now) }
    }
}
