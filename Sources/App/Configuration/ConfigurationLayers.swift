import Application

/// What each source says, before it is known whether that can be used.
struct ConfigurationLayers: Sendable {
    /// A configuration file as it was read.
    private struct File: Sendable {
        let path: String
        let values: [String: [String]]
    }

    private let flags: [String: [String]]
    private let environment: [String: String]
    /// The files, of which the later ones come first.
    private let files: [File]

    /// Reads the file that is named, and the one of its profile.
    init(
        flags: [String: [String]], environment: [String: String], files: any ConfigurationFiles
    ) throws(ConfigurationError) {
        self.flags = flags
        self.environment = environment
        func value(_ declaration: SettingDeclaration) -> String? {
            let text = flags[declaration.name]?.last ?? environment[declaration.variable] ?? ""
            return text.isEmpty ? nil : text
        }
        let paths = try Self.paths(
            file: value(Settings.configurationFile.declaration), profile: value(Settings.profile.declaration))
        var read: [File] = []
        for path in paths { read.append(File(path: path, values: try files.settings(at: path))) }
        self.files = read
    }

    /// The files of a configuration, those that come first last: `cutroom.json`, then `cutroom.production.json`.
    private static func paths(file: String?, profile: String?) throws(ConfigurationError) -> [String] {
        guard let profile else { return file.map { [$0] } ?? [] }
        do throws(SettingRefusal) {
            try Settings.profile.declaration.check([profile])
        } catch {
            throw ConfigurationError("profile \"\(profile)\" \(error.expectation)")
        }
        guard let file else {
            throw ConfigurationError(
                "profile needs a configuration file beside which its own one lies: --config")
        }
        let name = file.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
            return [file, "\(file).\(profile)"]
        }
        return [file, file.dropLast(name.count) + name[..<dot] + ".\(profile)" + name[dot...]]
    }

    /// The value of a setting from the source that comes before the others.
    func entry(of declaration: SettingDeclaration) -> EffectiveSetting {
        if let values = flags[declaration.name] {
            let values = declaration.isList ? values.flatMap(declaration.values(in:)) : values
            return EffectiveSetting(declaration, values, from: .flag)
        }
        if let text = environment[declaration.variable], !text.isEmpty {
            return EffectiveSetting(
                declaration, declaration.values(in: text), from: .variable(declaration.variable))
        }
        for file in files.reversed() {
            guard let values = file.values[declaration.name] else { continue }
            return EffectiveSetting(declaration, values, from: .file(file.path))
        }
        return EffectiveSetting(declaration, declaration.fallback, from: .fallback)
    }

    /// What is set and is no setting, a sentence each.
    func unknown(among declarations: [SettingDeclaration]) -> [String] {
        let variables = declarations.map(\.variable)
        let names = declarations.map(\.name)
        let strangers = environment.keys.sorted().filter { variable in
            variable.hasPrefix("CUTROOM_") && !variables.contains(variable)
                && !Settings.otherVariables.contains(variable)
        }
        return strangers.map { Self.unknown($0, among: variables.sorted(), kind: "variable") }
            + files.flatMap { file in
                file.values.keys.sorted().filter { !names.contains($0) }.map {
                    Self.unknown($0, among: names, kind: "setting in \(file.path)")
                }
            }
    }

    private static func unknown(_ name: String, among known: [String], kind: String) -> String {
        let hint = suggestion(for: name, among: known).map { "; did you mean \($0)?" } ?? ""
        return "unknown \(kind) \(name)\(hint)"
    }
}

/// What is done about names that are no setting's.
enum ValidationLevel: String, CaseIterable, Sendable {
    /// They end the start, and a change of the file is not taken.
    case strict
    /// They are told.
    case warn
    /// They are passed over.
    case none
}

/// The files that a configuration is read from.
protocol ConfigurationFiles: Sendable {
    /// The values of a configuration file by name, as text; lists as several.
    func settings(at path: String) throws(ConfigurationError) -> [String: [String]]
    /// The secret that is kept in a file.
    ///
    /// - Throws: ``Application/SettingRefusal``, which tells nothing of the secret.
    func secret(at path: String) throws(SettingRefusal) -> String
}

/// The files as they lie on the disk.
struct FilesOnDisk: ConfigurationFiles {
    func settings(at path: String) throws(ConfigurationError) -> [String: [String]] {
        try ConfigurationFile.read(path)
    }

    func secret(at path: String) throws(SettingRefusal) -> String {
        try SecretText.read(path)
    }
}
