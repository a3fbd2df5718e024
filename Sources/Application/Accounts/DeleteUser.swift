public import Domain

/// Removes a user for an administrator.
public struct DeleteUser: Sendable {
    private let desk: AccountDesk
    private let remove: UserRemoval

    /// The use case over its ports.
    public init(desk: AccountDesk, removal: UserRemoval) {
        self.desk = desk
        remove = removal
    }

    /// Makes the user anonymous, with all that is the user's.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/user``, ``Domain/UserError``.
    public func callAsFunction(_ id: Identifier<User>, by caller: Caller, from origin: Origin) async throws {
        try caller.require(.admin)
        let deed = desk.deed(by: caller, from: origin)
        try await desk.store.write { try remove(try $0.user(id), in: $0, doing: deed) }
    }
}
