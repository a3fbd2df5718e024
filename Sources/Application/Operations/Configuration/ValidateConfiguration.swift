public import Domain

/// Tells whether settings could be changed so, and changes nothing.
public struct ValidateConfiguration: Sendable {
    private let keeper: ConfigurationKeeper

    /// The use case over the keeper of the configuration.
    public init(_ keeper: ConfigurationKeeper) {
        self.keeper = keeper
    }

    /// What is wrong with the values, by name; empty where nothing is.
    ///
    /// - Parameter texts: The values as a variable of the environment has them, by name; nil takes back what was set.
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(_ texts: [String: String?], by caller: Caller) throws -> [String: String] {
        try caller.require(.admin)
        return keeper.settings.refusals(of: texts)
    }
}
