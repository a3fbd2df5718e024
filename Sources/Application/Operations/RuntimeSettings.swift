import Domain

/// The settings that administrators can change, and the box in which their values are kept.
///
/// The only way to what is set while the server runs: each change is written together with its revision of the
/// configuration and its lines in the audit trail.
public struct RuntimeSettings: Sendable {
    /// What administrators have set, as far as it holds.
    public struct Values: Sendable {
        /// The values by setting.
        public internal(set) var texts: [String: String] = [:]
        /// The settings of which what was set cannot be opened, or is no longer taken.
        public internal(set) var unusable: [String] = []
    }

    private let below: @Sendable () -> EffectiveConfiguration
    private let box: @Sendable () throws -> any SecretBox

    /// Settings over what holds without them.
    ///
    /// - Parameters:
    ///   - below: The configuration without what administrators have set, as it is now.
    ///   - box: Seals the values; it is asked for only when there is something to seal or to open.
    public init(
        over below: @escaping @Sendable () -> EffectiveConfiguration,
        box: @escaping @Sendable () throws -> any SecretBox
    ) {
        self.below = below
        self.box = box
    }

    /// Settings over a configuration that stays as it is.
    public init(over below: EffectiveConfiguration, box: any SecretBox) {
        self.init(over: { below }, box: { box })
    }

    /// The same settings over another configuration.
    func over(_ below: EffectiveConfiguration) -> RuntimeSettings {
        RuntimeSettings(over: { below }, box: box)
    }

    /// What holds where administrators have set nothing.
    public var configuration: EffectiveConfiguration { below() }

    /// What there is to set, in the order in which it is shown.
    var declared: [AdjustableSetting] { below().adjustable }

    /// The configuration with what administrators have set.
    func effective(in reader: any StoreReader) throws -> EffectiveConfiguration {
        try effective(values(in: reader))
    }

    private func effective(_ values: Values) -> EffectiveConfiguration {
        values.texts.isEmpty ? below() : below().administered(by: values.texts)
    }

    /// What administrators have set and holds now; values of settings that are no longer declared do not.
    public func values(in reader: any StoreReader) throws -> Values {
        values(of: try reader.settings.all())
    }

    private func values(of layer: [StoredSetting]) -> Values {
        let declared = declared
        return layer.reduce(into: Values()) { values, stored in
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
    func seal(_ text: String, for setting: AdjustableSetting) throws -> [UInt8] {
        try box().seal(Array(text.utf8), context: setting.context)
    }

    /// The text that was set; nil when it cannot be opened or is no longer taken.
    func text(of stored: StoredSetting, for setting: AdjustableSetting) -> String? {
        guard let bytes = try? box().open(stored.sealed, context: setting.context) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return setting.expectation(text) == nil ? text : nil
    }
}

// MARK: - Changing

extension RuntimeSettings {
    /// What would hold after a change that is not made.
    ///
    /// - Parameter edits: What is set, by name; nil for what is to be set no more.
    func preview(_ edits: [String: StoredSetting?], in reader: any StoreReader) throws
        -> EffectiveConfiguration
    {
        let kept = try reader.settings.all().filter { edits[$0.name] == nil }
        return effective(values(of: kept + edits.values.compactMap(\.self)))
    }

    /// Makes a change, with its revision and its lines in the audit trail; nil where it changes nothing.
    ///
    /// - Parameter edits: What is set, by name; nil for what is to be set no more.
    @discardableResult
    func apply(
        _ edits: [String: StoredSetting?], because cause: ConfigurationRevision.Cause, doing deed: Deed,
        in writer: any StoreWriter
    ) throws -> ConfigurationRevision? {
        let before = try effective(in: writer)
        var isChanged = false
        for (name, edit) in edits.sorted(by: { $0.key < $1.key }) {
            let old = try writer.settings.find(name)
            guard !isSame(old, edit) else { continue }
            isChanged = true
            let subject = AuditEntry.Subject.thing(kind: "setting", id: name, owner: nil)
            if let edit {
                try writer.settingWriter.put(edit)
                try writer.note(
                    .settingChanged, on: subject, of: deed,
                    detail: edit.overrides ? "set, to override the environment" : "set")
            } else {
                try writer.settingWriter.remove(name)
                try writer.note(.settingChanged, on: subject, of: deed, detail: "cleared")
            }
        }
        guard isChanged else { return nil }
        return try record(effective(in: writer), since: before, because: cause, doing: deed, in: writer)
    }

    /// Keeps a revision that tells how the configuration came to be what it is now.
    func record(
        _ now: EffectiveConfiguration, since before: EffectiveConfiguration,
        because cause: ConfigurationRevision.Cause, doing deed: Deed, in writer: any StoreWriter
    ) throws -> ConfigurationRevision {
        let author: Identifier<User>? = if case .user(let user) = deed.initiator { user } else { nil }
        let revision = ConfigurationRevision(
            number: (try writer.revisions.latest()?.number ?? 0) + 1, checksum: now.checksum, author: author,
            cause: cause, at: deed.now, changes: now.changes(since: before))
        try writer.revisionWriter.append(revision, of: try writer.settings.all())
        return revision
    }

    /// Whether one says the same as the other, whenever and by whomever it was set.
    private func isSame(_ old: StoredSetting?, _ new: StoredSetting?) -> Bool {
        guard let old, let new else { return old == nil && new == nil }
        guard old.overrides == new.overrides, let setting = try? find(new.name) else { return old == new }
        let text = text(of: old, for: setting)
        return text != nil && text == self.text(of: new, for: setting)
    }
}

extension AdjustableSetting {
    /// What its values are sealed for: the value of one setting cannot be put in the place of another's.
    fileprivate var context: String { "setting:\(name)" }
}
