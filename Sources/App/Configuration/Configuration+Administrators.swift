import Application
import FoundationEssentials
import Infrastructure

extension RuntimeSettings {
    /// The settings that administrators can change, as a process was started with them.
    init(_ given: Configuration, keys: KeyRing) {
        self.init(given.adjustable, box: SodiumSecretBox(keys))
    }
}

extension Configuration {
    /// The settings that administrators can change.
    fileprivate var adjustable: [AdjustableSetting] {
        entries.compactMap { entry in
            let declaration = entry.declaration
            guard let effect = declaration.adjustable else { return nil }
            return AdjustableSetting(
                name: declaration.name, summary: declaration.summary, form: declaration.form, effect: effect,
                given: entry.origin.source
            ) { text in
                do throws(SettingError) {
                    try declaration.check(declaration.values(in: text))
                    return nil
                } catch {
                    return error.expectation
                }
            }
        }
    }

    /// The same with what administrators have set, as far as it holds.
    ///
    /// Only where people sign in are there administrators who could change it back. What cannot be read does not
    /// keep anything from starting: it is noted in the log.
    ///
    /// - Parameters:
    ///   - keys: Finds the key of the installation; it is asked for only when something was set.
    ///   - effect: Which settings are meant; nil for all.
    func withAdministrators(
        of store: any Store, keys: () throws -> KeyRing, effect: AdjustableSetting.Effect? = nil, log: any Log
    ) -> Configuration {
        guard self[Settings.accounts] == .on else { return self }
        do {
            guard try store.read({ try !$0.settings.all().isEmpty }) else { return self }
            let settings = RuntimeSettings(self, keys: try keys())
            let values = try store.read { try settings.values(in: $0) }
            for name in values.unusable {
                log.write(.error, "what an administrator has set cannot be used", ["setting": .text(name)])
            }
            return replacing { entry in
                guard let text = values.texts[entry.declaration.name],
                    effect == nil || entry.declaration.adjustable == effect
                else { return entry }
                return Entry(
                    declaration: entry.declaration, values: entry.declaration.values(in: text),
                    origin: .administrator)
            }
        } catch {
            log.write(
                .error, "what administrators have set cannot be read", ["reason": .text("\(error)")])
            return self
        }
    }
}

extension Invocation {
    /// All settings, with what administrators have set where there is a store that says so.
    func administeredConfiguration() throws -> Configuration {
        let data = DataFolder(configuration, environment: environment)
        guard configuration[Settings.accounts] == .on, FileManager.default.fileExists(atPath: data.database)
        else { return configuration }
        let store = try CompositionRoot.openStore(data)
        defer { store.database.close() }
        let clock = SystemClock()
        let identifiers = IdentifierMaker(clock: clock, random: SystemRandomSource())
        return configuration.withAdministrators(
            of: store, keys: { try KeyRing(of: configuration, in: data, identifiers: identifiers) },
            log: LineLog(self, clock: clock))
    }
}

extension SettingDeclaration {
    /// The values in a text such as a variable of the environment.
    fileprivate func values(in text: String) -> [String] {
        isList ? Configuration.listed(text) : [text]
    }
}

extension Configuration.Origin {
    fileprivate var source: SettingSource {
        switch self {
        case .flag: .flag
        case .variable: .environment
        case .file: .file
        case .fallback: .fallback
        case .administrator: .administrator
        }
    }
}
