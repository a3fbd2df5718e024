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
        try await desk.store.write { writer in
            guard try writer.settings.find(name) != nil else { return }
            try writer.settingWriter.remove(name)
            try writer.note(.settingChanged, on: setting.subject, of: deed, detail: "cleared")
        }
        return settings.status(of: setting, nil)
    }
}
