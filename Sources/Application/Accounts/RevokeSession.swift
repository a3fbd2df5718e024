public import Domain

/// Ends another session of the caller's, such as one on a device that is lost.
public struct RevokeSession: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Ends the session; one that was ended already stays as it is.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/session``.
    public func callAsFunction(_ id: Identifier<Session>, by caller: Caller, from origin: Origin)
        async throws
    {
        try caller.require(.accountSecurity)
        let deed = desk.deed(by: caller, from: origin)
        try await desk.store.write { try $0.end(id, of: caller, because: .ended, doing: deed) }
    }
}
