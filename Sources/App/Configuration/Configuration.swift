/// Every setting's value and where it came from: flags over the environment over a file over defaults.
struct Configuration: Sendable {
    /// Where a value came from.
    enum Origin: Hashable, Sendable {
        case flag
        case variable(String)
        case file(String)
        case fallback
        /// An administrator has set it while the server ran.
        case administrator

        /// Where it came from, for people.
        var text: String {
            switch self {
            case .flag: "flag"
            case .variable(let name): name
            case .file(let path): path
            case .fallback: "default"
            case .administrator: "admin"
            }
        }
    }

    /// A setting with its value.
    struct Entry: Sendable {
        /// The setting.
        let declaration: SettingDeclaration
        /// Its value as text.
        let values: [String]
        /// Where that came from.
        let origin: Origin
    }

    /// Every setting, in the order of ``Settings/all``.
    let entries: [Entry]
    /// What was set but is not known, a sentence each.
    let warnings: [String]

    private let positions: [String: Int]

    /// Entries that were checked.
    private init(checked entries: [Entry], warnings: [String], positions: [String: Int]) {
        self.entries = entries
        self.warnings = warnings
        self.positions = positions
    }

    /// The same but for some settings, each of which takes its new value.
    func replacing(_ change: (Entry) -> Entry) -> Configuration {
        Configuration(checked: entries.map(change), warnings: warnings, positions: positions)
    }

    /// Brings the sources together.
    ///
    /// - Parameters:
    ///   - flags: The values by setting name, as the command line gave them.
    ///   - environment: The variables of the process.
    ///   - readFile: Reads the settings of a configuration file: values by name, lists as several.
    /// - Throws: ``ConfigurationError`` for the first value that its setting does not take.
    init(
        flags: [String: [String]], environment: [String: String],
        readFile: (String) throws(ConfigurationError) -> [String: [String]]
    ) throws(ConfigurationError) {
        var warnings: [String] = []
        let known = Dictionary(uniqueKeysWithValues: Settings.all.map { ($0.variable, $0) })
        for variable in environment.keys.sorted()
        where variable.hasPrefix("CUTROOM_") && known[variable] == nil
            && !Settings.otherVariables.contains(variable)
        {
            warnings.append(Self.unknown(variable, among: known.keys.sorted(), kind: "variable"))
        }

        let pathSetting = Settings.configurationFile.declaration
        let path = flags[pathSetting.name]?.last ?? environment[pathSetting.variable]
        var fromFile: [String: [String]] = [:]
        if let path, !path.isEmpty {
            fromFile = try readFile(path)
            let names = Settings.all.map(\.name)
            for name in fromFile.keys.sorted() where !names.contains(name) {
                warnings.append(Self.unknown(name, among: names, kind: "setting in \(path)"))
            }
        }

        var entries: [Entry] = []
        for declaration in Settings.all {
            let entry: Entry
            if let values = flags[declaration.name] {
                let values = declaration.isList ? values.flatMap(Self.listed) : values
                entry = Entry(declaration: declaration, values: values, origin: .flag)
            } else if let text = environment[declaration.variable], !text.isEmpty {
                let values = declaration.isList ? Self.listed(text) : [text]
                entry = Entry(
                    declaration: declaration, values: values, origin: .variable(declaration.variable))
            } else if let path, let values = fromFile[declaration.name] {
                entry = Entry(declaration: declaration, values: values, origin: .file(path))
            } else {
                entry = Entry(declaration: declaration, values: declaration.fallback, origin: .fallback)
            }
            do throws(SettingError) {
                try declaration.check(entry.values)
            } catch {
                throw ConfigurationError(entry: entry, expectation: error.expectation)
            }
            entries.append(entry)
        }
        self.entries = entries
        self.warnings = warnings
        positions = Dictionary(
            uniqueKeysWithValues: entries.indices.map { (entries[$0].declaration.name, $0) })
    }

    /// The value of a setting.
    subscript<Value>(setting: Setting<Value>) -> Value {
        guard let value = try? setting.read(entry(of: setting).values) else {
            preconditionFailure("\(setting.declaration.name) was not checked")
        }
        return value
    }

    /// Where the value of a setting came from.
    func origin<Value>(of setting: Setting<Value>) -> Origin { entry(of: setting).origin }

    /// A setting with its value as text.
    func entry<Value>(of setting: Setting<Value>) -> Entry {
        guard let position = positions[setting.declaration.name] else {
            preconditionFailure("\(setting.declaration.name) is missing from Settings.all")
        }
        return entries[position]
    }

    static func listed(_ text: String) -> [String] {
        text.split(separator: ",").map { part in
            String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
    }

    private static func unknown(_ name: String, among known: [String], kind: String) -> String {
        let hint = suggestion(for: name, among: known).map { "; did you mean \($0)?" } ?? ""
        return "unknown \(kind) \(name)\(hint)"
    }
}

extension Configuration.Entry {
    /// The value as `cutroom config` shows it: secrets masked, nothing where nothing is set.
    var shown: String {
        switch declaration.secret {
        case .nothing: values.joined(separator: ",")
        case .credentials: values.map(Self.withoutCredentials).joined(separator: ",")
        case .everything: values.isEmpty ? "" : "••••••"
        }
    }

    /// Rather too much is masked than too little: a wrong value may have its signs anywhere.
    private static func withoutCredentials(_ address: String) -> String {
        guard let end = address.lastIndex(of: "@") else { return address }
        let start = address[..<end].firstRange(of: "://")?.upperBound ?? address.startIndex
        return address[..<start] + "••••••" + address[end...]
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
        let name =
            switch entry.origin {
            case .flag: entry.declaration.flag
            case .variable(let variable): variable
            case .file(let path): "\(entry.declaration.name) in \(path)"
            case .fallback, .administrator: entry.declaration.name
            }
        let value = entry.declaration.secret == .everything ? "" : " \"\(entry.shown)\""
        description = "\(name)\(value) \(expectation)"
    }
}
