import Domain

/// The settings that administrators can change, and the box in which their values are kept.
public struct RuntimeSettings: Sendable {
    /// What administrators have set, as far as it holds.
    public struct Values: Sendable {
        /// The values by setting.
        public internal(set) var texts: [String: String] = [:]
        /// The settings of which what was set cannot be opened, or is no longer taken.
        public internal(set) var unusable: [String] = []
    }

    /// What there is to set, in the order in which it is shown.
    let declared: [AdjustableSetting]
    private let box: any SecretBox

    /// The settings that a program declares.
    public init(_ declared: [AdjustableSetting], box: any SecretBox) {
        self.declared = declared
        self.box = box
    }

    /// What administrators have set and holds now; values of settings that are no longer declared do not.
    public func values(in reader: any StoreReader) throws -> Values {
        try reader.settings.all().reduce(into: Values()) { values, stored in
            guard let setting = declared.first(where: { $0.name == stored.name }) else { return }
            guard let text = text(of: stored, for: setting) else {
                values.unusable.append(setting.name)
                return
            }
            guard setting.given.yields(toOneThatOverrides: stored.overrides) else { return }
            values.texts[setting.name] = text
        }
    }

    /// What an administrator has set for one setting, where it holds; nil otherwise.
    public func value(of name: String, in reader: any StoreReader) throws -> String? {
        guard let setting = declared.first(where: { $0.name == name }),
            let stored = try reader.settings.find(name),
            setting.given.yields(toOneThatOverrides: stored.overrides)
        else { return nil }
        return text(of: stored, for: setting)
    }

    /// The setting with that name.
    func find(_ name: String) throws(NotFound) -> AdjustableSetting {
        guard let setting = declared.first(where: { $0.name == name }) else { throw .setting }
        return setting
    }

    /// Which value holds when that was set.
    func status(of setting: AdjustableSetting, _ stored: StoredSetting?) -> SettingStatus {
        SettingStatus(
            setting, stored: stored,
            isReadable: stored.map { text(of: $0, for: setting) != nil } ?? true)
    }

    /// A value in the form in which it is kept.
    func seal(_ text: String, for setting: AdjustableSetting) -> [UInt8] {
        box.seal(Array(text.utf8), context: setting.context)
    }

    private func text(of stored: StoredSetting, for setting: AdjustableSetting) -> String? {
        guard let bytes = box.open(stored.sealed, context: setting.context) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return setting.expectation(text) == nil ? text : nil
    }
}

extension AdjustableSetting {
    /// What its values are sealed for: the value of one setting cannot be put in the place of another's.
    fileprivate var context: String { "setting:\(name)" }

    /// What the audit trail says was changed.
    var subject: AuditEntry.Subject { .thing(kind: "setting", id: name, owner: nil) }
}
