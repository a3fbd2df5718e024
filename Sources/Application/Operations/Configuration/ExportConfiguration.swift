public import Domain

/// Hands out what was set while the server ran, to be kept or brought in elsewhere.
public struct ExportConfiguration: Sendable {
    private let keeper: ConfigurationKeeper

    /// The use case over the keeper of the configuration.
    public init(_ keeper: ConfigurationKeeper) {
        self.keeper = keeper
    }

    /// The values as they were set, by name; none that is a secret or has one in it.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller) async throws -> ConfigurationExport {
        try caller.require(.admin)
        try await keeper.refresh()
        return ConfigurationExport(
            report: keeper.report(),
            values: try keeper.desk.store.read { try keeper.settings.exported(in: $0) })
    }
}

/// What was set while the server ran.
public struct ConfigurationExport: Sendable {
    /// The configuration that held.
    public let report: ConfigurationReport
    /// The values, by name.
    public let values: [(name: String, text: String)]
}
