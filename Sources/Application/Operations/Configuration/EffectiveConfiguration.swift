import Domain

/// All settings as they hold, and where each value came from; it never changes.
public final class EffectiveConfiguration: Sendable {
    /// Every setting, in the order in which they are declared.
    public let settings: [EffectiveSetting]
    /// What was set but is not known, a sentence each.
    public let warnings: [String]
    /// Those that administrators can change.
    let adjustable: [AdjustableSetting]
    private let parsed: [ParsedSetting]
    private let positions: [String: Int]

    /// Settings with their values.
    ///
    /// - Throws: ``UnusableSetting`` for the first value that its setting does not take.
    public init(_ settings: [EffectiveSetting], warnings: [String] = []) throws(UnusableSetting) {
        var parsed: [ParsedSetting] = []
        for setting in settings {
            do throws(SettingRefusal) {
                parsed.append(try setting.declaration.parse(setting.values))
            } catch {
                throw UnusableSetting(setting: setting, refusal: error)
            }
        }
        self.settings = settings
        self.warnings = warnings
        self.parsed = parsed
        adjustable = settings.compactMap(AdjustableSetting.init)
        positions = Dictionary(settings.indices.map { (settings[$0].declaration.name, $0) }) { $1 }
    }

    /// The value of a setting, which must be one of these.
    public subscript<Value>(key: SettingKey<Value>) -> Value {
        guard let value = key.value(in: parsed) else {
            preconditionFailure("\(key.name) is none of the settings")
        }
        return value
    }

    /// A setting with its value as text; nil where there is none of that name.
    public func setting(named name: String) -> EffectiveSetting? { positions[name].map { settings[$0] } }

    /// The same with what administrators have set, as texts by name; what a setting does not take is left out.
    ///
    /// - Parameter effect: Which settings are meant; nil for all.
    public func administered(
        by texts: [String: String], effect: AdjustableSetting.Effect? = nil
    ) -> EffectiveConfiguration {
        let changed = settings.map { setting -> EffectiveSetting in
            let declaration = setting.declaration
            guard let text = texts[declaration.name], let own = declaration.adjustable,
                effect == nil || own == effect
            else { return setting }
            let administered = EffectiveSetting(
                declaration, declaration.values(in: text), from: .administrator)
            return (try? declaration.check(administered.values)) == nil ? setting : administered
        }
        // Each of them was checked, here or before.
        return (try? EffectiveConfiguration(changed, warnings: warnings)) ?? self
    }

    /// The names of the settings that have other values there.
    public func differences(to other: EffectiveConfiguration) -> [String] {
        settings.filter { setting in
            other.setting(named: setting.declaration.name)?.values != setting.values
        }.map(\.declaration.name)
    }

    /// How it differs from the one before.
    func changes(since old: EffectiveConfiguration) -> [SettingChange] {
        old.differences(to: self).compactMap { name in
            guard let before = old.setting(named: name), let after = setting(named: name) else { return nil }
            let kind: SettingChange.Kind =
                before.origin == .fallback ? .added : after.origin == .fallback ? .removed : .modified
            return SettingChange(
                name: name, kind: kind, old: before.shownOrNothing, new: after.shownOrNothing)
        }
    }

    /// What tells it from others, secrets left out.
    var checksum: String {
        ConfigurationRevision.checksum(of: settings.flatMap { [$0.declaration.name, $0.shown] })
    }
}

/// A value that its setting does not take.
public struct UnusableSetting: Error {
    /// The setting, with the value.
    public let setting: EffectiveSetting
    /// What was expected instead.
    public let refusal: SettingRefusal
}

extension EffectiveConfiguration {
    /// The same with these settings alone.
    public func limited(to names: Set<String>) -> EffectiveConfiguration {
        let kept = settings.filter { names.contains($0.declaration.name) }
        // Each of them was checked before.
        return (try? EffectiveConfiguration(kept, warnings: warnings)) ?? self
    }
}
