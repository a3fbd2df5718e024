public import Domain

/// Goes back to what was set when an earlier revision held.
public struct RollBackConfiguration: Sendable {
    private let keeper: ConfigurationKeeper

    /// The use case over the keeper of the configuration.
    public init(_ keeper: ConfigurationKeeper) {
        self.keeper = keeper
    }

    /// Sets what was set then, and nothing else; files, the environment and flags stay as they are.
    ///
    /// - Parameter condition: Whether the configuration of that tag may be changed; nil for any.
    /// - Throws: ``Domain/AccessError``, ``NotFound/revision``, ``Domain/ConfigurationRefusal``.
    public func callAsFunction(
        to number: Int64, if condition: (@Sendable (String) -> Bool)? = nil, by caller: Caller,
        from origin: Origin
    ) async throws -> ConfigurationOutcome {
        try caller.require(.admin)
        // Where mail goes decides who can choose new passwords: no key may.
        try caller.require(.accountSecurity)
        let settings = keeper.settings
        return try await keeper.change(
            because: .rollback, doing: keeper.desk.deed(by: caller, from: origin), if: condition
        ) { reader in
            guard let target = try reader.revisions.settings(of: number) else { throw NotFound.revision }
            return try settings.edits(leadingTo: target, in: reader)
        }
    }
}
