public import Domain

/// Takes back all that was set while the server ran.
public struct ResetConfiguration: Sendable {
    private let keeper: ConfigurationKeeper

    /// The use case over the keeper of the configuration.
    public init(_ keeper: ConfigurationKeeper) {
        self.keeper = keeper
    }

    /// Leaves what files, the environment, flags and defaults say.
    ///
    /// - Parameter condition: Whether the configuration of that tag may be changed; nil for any.
    /// - Throws: ``Domain/AccessError``, ``Domain/ConfigurationRefusal``.
    public func callAsFunction(
        if condition: (@Sendable (String) -> Bool)? = nil, by caller: Caller, from origin: Origin
    ) async throws -> ConfigurationOutcome {
        try caller.require(.admin)
        // Where mail goes decides who can choose new passwords: no key may.
        try caller.require(.accountSecurity)
        let settings = keeper.settings
        return try await keeper.change(
            because: .reset, doing: keeper.desk.deed(by: caller, from: origin), if: condition
        ) { try settings.edits(leadingTo: [], in: $0) }
    }
}
