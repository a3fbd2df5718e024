public import Domain

/// Shows an administrator the configuration that holds.
public struct GetConfiguration: Sendable {
    private let keeper: ConfigurationKeeper

    /// The use case over the keeper of the configuration.
    public init(_ keeper: ConfigurationKeeper) {
        self.keeper = keeper
    }

    /// All settings, where their values come from, and which of them wait for the next start.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller) async throws -> ConfigurationReport {
        try caller.require(.admin)
        try await keeper.refresh()
        return keeper.report()
    }
}
