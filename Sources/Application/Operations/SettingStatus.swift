public import Domain

/// Which value of a setting holds, and why; never the value itself.
public struct SettingStatus: Sendable {
    /// The setting.
    public let setting: AdjustableSetting
    /// Where the value comes from that holds, at once or from the next start on.
    public let source: SettingSource
    /// Whether an administrator has set it; such a value may have to give way.
    public let isSet: Bool
    /// Whether the administrator's value comes before what the environment and the configuration file say.
    public let overrides: Bool
    /// When it was set; nil when no administrator has.
    public let changedAt: Timestamp?
    /// Who set it; nil when no administrator has.
    public let changedBy: Identifier<User>?
    private let isReadable: Bool

    /// - Parameter isReadable: Whether what was set can be opened and is a value that the setting takes.
    init(_ setting: AdjustableSetting, stored: StoredSetting?, isReadable: Bool) {
        self.setting = setting
        self.isReadable = isReadable
        isSet = stored != nil
        overrides = stored?.overrides ?? false
        changedAt = stored?.changedAt
        changedBy = stored?.changedBy
        let holds = stored.map { isReadable && setting.given.yields(toOneThatOverrides: $0.overrides) }
        source = holds == true ? .administrator : setting.given
    }

    /// Why the value from there holds.
    public var reason: String {
        guard isSet else {
            return setting.given == .fallback
                ? "Nobody has set it." : "No administrator has set it; \(setting.given.place) does."
        }
        guard isReadable else {
            return "What an administrator has set cannot be used any more: set it again, or clear it."
        }
        return switch (source, setting.given) {
        case (.administrator, .fallback): "An administrator has set it, and nothing else does."
        case (.administrator, let given): "What an administrator has set overrides \(given.place)."
        case (.flag, _): "A flag of the command line comes before all else."
        case (let given, _): "What an administrator has set does not override \(given.place)."
        }
    }
}

extension SettingSource {
    fileprivate var place: String {
        switch self {
        case .fallback: "the default"
        case .file: "the configuration file"
        case .environment: "the environment"
        case .flag: "a flag of the command line"
        case .administrator: "an administrator"
        }
    }
}
