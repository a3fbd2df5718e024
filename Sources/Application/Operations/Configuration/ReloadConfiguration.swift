public import Domain

/// Reads the configuration file again, and the files that secrets are kept in.
public struct ReloadConfiguration: Sendable {
    private let keeper: ConfigurationKeeper

    /// The use case over the keeper of the configuration.
    public init(_ keeper: ConfigurationKeeper) {
        self.keeper = keeper
    }

    /// Lets what stands there hold, where it is good throughout.
    ///
    /// - Throws: ``Domain/AccessError``, ``Domain/ConfigurationRefusal``; the last good configuration then holds on.
    public func callAsFunction(by caller: Caller, from origin: Origin) async throws -> ConfigurationOutcome {
        try caller.require(.admin)
        return try await keeper.reload(doing: keeper.desk.deed(by: caller, from: origin))
    }

    /// The same, because the server itself has seen that something may have changed.
    ///
    /// - Throws: ``Domain/ConfigurationRefusal``; the last good configuration then holds on.
    public func callAsFunction() async throws -> ConfigurationOutcome {
        try await keeper.reload(doing: keeper.desk.deed(by: .server, from: .server))
    }
}
