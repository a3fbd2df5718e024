import Application
import FoundationEssentials
import Infrastructure

extension Configuration {
    /// The same with what administrators have set, as far as it holds.
    ///
    /// What cannot be read does not keep anything from starting: it is noted in the log.
    ///
    /// - Parameters:
    ///   - keys: Finds the key of the installation; it is asked for only when something was set.
    ///   - effect: Which settings are meant; nil for all.
    func withAdministrators(
        of store: any Store, keys: @escaping @Sendable () throws -> KeyRing,
        effect: AdjustableSetting.Effect? = nil, log: any Log
    ) -> Configuration {
        do {
            guard try store.read({ try !$0.settings.all().isEmpty }) else { return self }
            // Asked for here, so that one that cannot be had is told.
            let box = SodiumSecretBox(try keys())
            let settings = RuntimeSettings(over: effective, box: box)
            let values = try store.read { try settings.values(in: $0) }
            for name in values.unusable {
                log.write(.error, "what an administrator has set cannot be used", ["setting": .text(name)])
            }
            return Configuration(effective.administered(by: values.texts, effect: effect))
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
        guard FileManager.default.fileExists(atPath: data.database) else { return configuration }
        let store = try CompositionRoot.openStore(data)
        defer { store.database.close() }
        let clock = SystemClock()
        let identifiers = IdentifierMaker(clock: clock, random: SystemRandomSource())
        return configuration.withAdministrators(
            of: store,
            keys: { [configuration] in try KeyRing(of: configuration, in: data, identifiers: identifiers) },
            log: LineLog(self, clock: clock))
    }
}
