public import Domain

/// Shows an administrator how the configuration came to be what it is.
public struct ListRevisions: Sendable {
    private let keeper: ConfigurationKeeper

    /// The use case over the keeper of the configuration.
    public init(_ keeper: ConfigurationKeeper) {
        self.keeper = keeper
    }

    /// The newest revisions, the newest first.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(_ count: Int, by caller: Caller) throws -> [ConfigurationRevision] {
        try caller.require(.admin)
        return try keeper.desk.store.read { try $0.revisions.newest(count) }
    }
}
