public import Domain

/// Takes back what an administrator has set.
public struct ClearSetting: Sendable {
    private let desk: AccountDesk
    private let settings: RuntimeSettings

    /// The use case over its ports.
    public init(desk: AccountDesk, settings: RuntimeSettings) {
        self.desk = desk
        self.settings = settings
    }

    /// Forgets the value; what was not set stays as it is.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/setting``.
    public func callAsFunction(_ name: String, by caller: Caller, from origin: Origin) async throws
        -> SettingStatus
    {
        try caller.require(.admin)
        // Where mail goes decides who can choose new passwords: no key may.
        try caller.require(.accountSecurity)
        let setting = try settings.find(name)
        let deed = desk.deed(by: caller, from: origin)
        try await desk.store.write { [settings] writer in
            _ = try settings.apply(
                [name: StoredSetting?.none], because: .change, doing: deed, in: writer)
        }
        return settings.status(of: setting, nil)
    }
}
