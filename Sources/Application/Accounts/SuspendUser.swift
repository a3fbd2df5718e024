public import Domain

/// Keeps a user out, for a reason and perhaps only until some moment.
public struct SuspendUser: Sendable {
    private let desk: AccountDesk
    private let input: TypedInput

    /// The use case over its ports.
    public init(desk: AccountDesk, input: TypedInput) {
        self.desk = desk
        self.input = input
    }

    /// Suspends the user, whose sessions end at once; keys rest as long.
    ///
    /// - Parameter until: When it ends by itself; nil when only an administrator ends it.
    /// - Throws: ``Domain/AccessError``, ``NotFound/user``, ``Domain/UserError``.
    public func callAsFunction(
        _ id: Identifier<User>, because reason: String, until: Timestamp? = nil, by caller: Caller,
        from origin: Origin
    ) async throws -> User {
        try caller.require(.admin)
        let deed = desk.deed(by: caller, from: origin)
        let reason = input.text(reason)
        return try await desk.change(id, doing: deed, detail: reason) { user, writer in
            let others = try writer.users.administrators(otherThan: id, at: deed.now)
            let events = try user.suspend(
                because: reason, until: until, otherAdministrators: others, at: deed.now)
            try writer.endSessions(of: id, because: .userClosed, doing: deed)
            return events
        }
    }
}
