import Application

/// Every setting's value and where it came from: flags over the environment over a file over defaults.
struct Configuration: Sendable {
    /// Where a value came from.
    typealias Origin = SettingOrigin
    /// A setting with its value.
    typealias Entry = EffectiveSetting

    /// All of them, with their values read.
    let effective: EffectiveConfiguration

    /// Every setting, in the order of ``Settings/all``.
    var entries: [Entry] { effective.settings }
    /// What was set but is not known, a sentence each.
    var warnings: [String] { effective.warnings }

    /// Settings that were brought together before.
    init(_ effective: EffectiveConfiguration) {
        self.effective = effective
    }

    /// Brings the sources together.
    ///
    /// - Parameters:
    ///   - flags: The values by setting name, as the command line gave them.
    ///   - environment: The variables of the process.
    ///   - files: What is read from disk.
    /// - Throws: ``ConfigurationError`` for the first value that its setting does not take, and where unknown names
    ///   are refused for the first of those.
    init(
        flags: [String: [String]], environment: [String: String],
        files: any ConfigurationFiles = FilesOnDisk()
    ) throws(ConfigurationError) {
        let layers = try ConfigurationLayers(flags: flags, environment: environment, files: files)
        var entries: [Entry] = []
        for declaration in Settings.all {
            entries.append(try layers.entry(of: declaration).resolved(by: files))
        }
        let unknown = layers.unknown(among: Settings.all)
        let level: ValidationLevel
        do throws(UnusableSetting) {
            let known = try EffectiveConfiguration(entries)
            level = known[Settings.configurationValidation.key]
            effective = try level == .warn ? EffectiveConfiguration(entries, warnings: unknown) : known
        } catch {
            throw ConfigurationError(entry: error.setting, expectation: error.refusal.expectation)
        }
        if level == .strict, let first = unknown.first { throw ConfigurationError(first) }
    }

    /// The value of a setting.
    subscript<Value>(setting: Setting<Value>) -> Value { effective[setting.key] }

    /// Where the value of a setting came from.
    func origin<Value>(of setting: Setting<Value>) -> Origin { entry(of: setting).origin }

    /// A setting with its value as text.
    func entry<Value>(of setting: Setting<Value>) -> Entry {
        guard let entry = effective.setting(named: setting.declaration.name) else {
            preconditionFailure("\(setting.declaration.name) is missing from Settings.all")
        }
        return entry
    }
}

extension Configuration.Entry {
    /// The same with the value that its file holds, where the value names a file.
    ///
    /// Only what is a secret is kept in a file: of anything else that would hide where a value comes from.
    fileprivate func resolved(by files: any ConfigurationFiles) throws(ConfigurationError) -> Self {
        guard values.contains(where: { $0.hasPrefix(FileReference.opening) }) else { return self }
        guard declaration.secret != .nothing else {
            throw ConfigurationError(entry: self, expectation: "is no secret, and so not read from a file")
        }
        var resolved: [String] = []
        for value in values {
            do throws(SettingRefusal) {
                guard let reference = try FileReference(value) else {
                    resolved.append(value)
                    continue
                }
                resolved.append(try files.secret(at: reference.path))
            } catch {
                throw ConfigurationError(naming: self, expectation: error.expectation)
            }
        }
        return Self(declaration, resolved, from: origin)
    }
}

/// A value that cannot be used; its description is the one line that people read.
struct ConfigurationError: Error, CustomStringConvertible {
    /// The line.
    let description: String

    /// A line of one's own.
    init(_ description: String) {
        self.description = description
    }

    /// The line about a value that its setting does not take.
    init(entry: Configuration.Entry, expectation: String) {
        // An address that cannot be read may have its password behind any colon, whatever follows it.
        let rest = entry.shown.split(separator: "://", maxSplits: 1).last ?? ""
        let isHidden =
            switch entry.declaration.secret {
            case .nothing: false
            case .credentials: rest.contains(":") && !rest.contains("••••••")
            case .everything: true
            }
        let value = isHidden ? "" : " \"\(entry.shown)\""
        description = "\(Self.place(of: entry))\(value) \(expectation)"
    }

    /// The same line without the value.
    init(naming entry: Configuration.Entry, expectation: String) {
        description = "\(Self.place(of: entry)) \(expectation)"
    }

    private static func place(of entry: Configuration.Entry) -> String {
        switch entry.origin {
        case .flag: entry.declaration.flag
        case .variable(let variable): variable
        case .file(let path): "\(entry.declaration.name) in \(path)"
        case .fallback, .administrator: entry.declaration.name
        }
    }
}
