public import Domain

/// Changes several settings at once, while the server runs.
public struct EditConfiguration: Sendable {
    private let keeper: ConfigurationKeeper

    /// The use case over the keeper of the configuration.
    public init(_ keeper: ConfigurationKeeper) {
        self.keeper = keeper
    }

    /// Sets values, which come before what the environment and the configuration file say, and takes others back; all
    /// of it or nothing.
    ///
    /// - Parameters:
    ///   - texts: The values as a variable of the environment has them, by name; nil takes back what was set.
    ///   - condition: Whether the configuration of that tag may be changed; nil for any.
    /// - Throws: ``Domain/AccessError``, ``Domain/ConfigurationRefusal``.
    public func callAsFunction(
        _ texts: [String: String?], if condition: (@Sendable (String) -> Bool)? = nil, by caller: Caller,
        from origin: Origin
    ) async throws -> ConfigurationOutcome {
        try caller.require(.admin)
        // Where mail goes decides who can choose new passwords: no key may.
        try caller.require(.accountSecurity)
        let deed = keeper.desk.deed(by: caller, from: origin)
        let edits = try keeper.settings.edits(texts, by: caller.user, at: deed.now)
        return try await keeper.change(because: .change, doing: deed, if: condition) { _ in edits }
    }
}
