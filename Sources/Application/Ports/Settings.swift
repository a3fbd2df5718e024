public import Domain

/// What an administrator has set while the server ran; nobody but the server can read the value.
public struct StoredSetting: Hashable, Sendable {
    /// The setting.
    public let name: String
    /// The value, sealed for this setting alone.
    public let sealed: [UInt8]
    /// Whether it comes before what the environment and the configuration file say.
    public let overrides: Bool
    /// When it was set.
    public let changedAt: Timestamp
    /// Who set it.
    public let changedBy: Identifier<User>

    /// A value that was set.
    public init(
        name: String, sealed: [UInt8], overrides: Bool, changedAt: Timestamp, changedBy: Identifier<User>
    ) {
        self.name = name
        self.sealed = sealed
        self.overrides = overrides
        self.changedAt = changedAt
        self.changedBy = changedBy
    }
}

/// Reads what administrators have set.
public protocol SettingReader {
    /// What was set for the setting with that name; nil when nothing was.
    func find(_ name: String) throws -> StoredSetting?
    /// All that was set, by name.
    func all() throws -> [StoredSetting]
}

/// Changes what administrators have set.
public protocol SettingWriter {
    /// Keeps a value in place of the one that was set before.
    func put(_ setting: StoredSetting) throws
    /// Forgets what was set for a setting; what was not set stays so.
    func remove(_ name: String) throws
}
