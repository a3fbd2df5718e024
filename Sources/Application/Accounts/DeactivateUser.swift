public import Domain

/// Switches a user off.
public struct DeactivateUser: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Deactivates the user, whose sessions end at once; keys rest until the user is active again.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/user``, ``Domain/UserError``.
    public func callAsFunction(_ id: Identifier<User>, by caller: Caller, from origin: Origin) async throws
        -> User
    {
        try caller.require(.admin)
        let deed = desk.deed(by: caller, from: origin)
        return try await desk.change(id, doing: deed) { user, writer in
            let others = try writer.users.administrators(otherThan: id, at: deed.now)
            let events = try user.deactivate(otherAdministrators: others, at: deed.now)
            try writer.endSessions(of: id, because: .userClosed, doing: deed)
            return events
        }
    }
}
