public import Domain

/// Makes an API key void.
public struct RevokeAPIKey: Sendable {
    private let desk: AccountDesk

    /// The use case over its ports.
    public init(desk: AccountDesk) {
        self.desk = desk
    }

    /// Makes the key void, at once and for good; doing so twice changes nothing.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/apiKey``.
    @discardableResult
    public func callAsFunction(_ id: Identifier<APIKey>, by caller: Caller, from origin: Origin)
        async throws -> APIKey
    {
        try caller.require(.accountSecurity)
        let deed = desk.deed(by: caller, from: origin)
        return try await desk.store.write { writer in
            try writer.change(id, of: caller, doing: deed) { $0.revoke(at: deed.now) }
        }
    }
}
