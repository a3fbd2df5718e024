public import Domain

/// Sets a value while the server runs.
public struct ChangeSetting: Sendable {
    private let desk: AccountDesk
    private let settings: RuntimeSettings

    /// The use case over its ports.
    public init(desk: AccountDesk, settings: RuntimeSettings) {
        self.desk = desk
        self.settings = settings
    }

    /// Keeps the value, sealed; the audit trail tells that it was changed, and nothing of the value.
    ///
    /// - Parameters:
    ///   - text: The value as a variable of the environment has it.
    ///   - overrides: Whether it comes before what the environment and the configuration file say.
    /// - Throws: ``Domain/AccessError``, ``NotFound/setting``, ``SettingRefusal``.
    public func callAsFunction(
        _ name: String, to text: String, overriding overrides: Bool = false, by caller: Caller,
        from origin: Origin
    ) async throws -> SettingStatus {
        try caller.require(.admin)
        // Where mail goes decides who can choose new passwords: no key may.
        try caller.require(.accountSecurity)
        let setting = try settings.find(name)
        if let expectation = setting.expectation(text) { throw SettingRefusal(expectation: expectation) }
        let deed = desk.deed(by: caller, from: origin)
        let stored = StoredSetting(
            name: name, sealed: try settings.seal(text, for: setting), overrides: overrides,
            changedAt: deed.now,
            changedBy: caller.user)
        return settings.status(
            of: setting,
            try await desk.store.write { [settings] writer in
                try settings.apply([name: stored], because: .change, doing: deed, in: writer)
                return try writer.settings.find(name)
            })
    }
}
