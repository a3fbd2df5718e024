public import Domain

/// Reads how the configuration came to be what it is.
public protocol RevisionReader {
    /// The newest revision; nil while nothing was ever changed.
    func latest() throws -> ConfigurationRevision?
    /// The newest revisions, the newest first, at most so many.
    func newest(_ count: Int) throws -> [ConfigurationRevision]
    /// What was set while the server ran when that revision held, by name; nil for one that is not there, any more
    /// or yet.
    func settings(of number: Int64) throws -> [StoredSetting]?
}

/// Keeps how the configuration comes to be what it is.
public protocol RevisionWriter {
    /// Keeps a revision with what is set then, and forgets those that are more than
    /// ``Domain/ConfigurationRevision/remembered`` older.
    ///
    /// - Throws: ``PortError/conflict(_:)`` when its number is not the next one.
    func append(_ revision: ConfigurationRevision, of settings: [StoredSetting]) throws
}
