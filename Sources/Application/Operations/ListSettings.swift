public import Domain

/// Shows an administrator which settings can be changed, and where their values come from.
public struct ListSettings: Sendable {
    private let desk: AccountDesk
    private let settings: RuntimeSettings

    /// The use case over its ports.
    public init(desk: AccountDesk, settings: RuntimeSettings) {
        self.desk = desk
        self.settings = settings
    }

    /// All settings that can be changed.
    ///
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(by caller: Caller) throws -> [SettingStatus] {
        try caller.require(.admin)
        let stored = try desk.store.read { try $0.settings.all() }
        return settings.declared.map { setting in
            settings.status(of: setting, stored.first { $0.name == setting.name })
        }
    }

    /// The setting with that name.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/setting``.
    public func callAsFunction(_ name: String, by caller: Caller) throws -> SettingStatus {
        try caller.require(.admin)
        let setting = try settings.find(name)
        return settings.status(of: setting, try desk.store.read { try $0.settings.find(name) })
    }
}
