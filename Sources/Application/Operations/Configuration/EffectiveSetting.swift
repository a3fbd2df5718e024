/// Where a value came from, exactly.
public enum SettingOrigin: Hashable, Sendable {
    /// The command line.
    case flag
    /// A variable of the process, by name.
    case variable(String)
    /// A configuration file, by path.
    case file(String)
    /// Nobody has set it.
    case fallback
    /// An administrator has set it while the server ran.
    case administrator

    /// Where it came from, for people.
    public var text: String {
        switch self {
        case .flag: "flag"
        case .variable(let name): name
        case .file(let path): path
        case .fallback: "default"
        case .administrator: "admin"
        }
    }

    /// The kind of place.
    public var source: SettingSource {
        switch self {
        case .flag: .flag
        case .variable: .environment
        case .file: .file
        case .fallback: .fallback
        case .administrator: .administrator
        }
    }
}

/// A setting with its value: however it is printed, what is secret of the value does not show.
public struct EffectiveSetting: Sendable {
    /// The setting.
    public let declaration: SettingDeclaration
    /// Its value as text, secrets in the clear: for those who work with it.
    public let values: [String]
    /// Where that came from.
    public let origin: SettingOrigin

    /// A setting with its value.
    public init(_ declaration: SettingDeclaration, _ values: [String], from origin: SettingOrigin) {
        self.declaration = declaration
        self.values = values
        self.origin = origin
    }

    /// What stands in place of what is secret.
    public static let mask = "••••••"

    /// The value as it may be shown: secrets masked, nothing where nothing is set.
    public var shown: String { declaration.shown(values) }

    /// Whether all of the value may be seen.
    public var isPublic: Bool { declaration.secret != .everything && shown == values.joined(separator: ",") }

    /// The value as it may be shown; nil where nothing is set.
    var shownOrNothing: String? { values.isEmpty ? nil : shown }
}

extension EffectiveSetting: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Its name and the value as it may be shown.
    public var description: String { "\(declaration.name)=\(shown)" }
    /// The same.
    public var debugDescription: String { description }
    /// The same, for `dump` and whatever else looks into things.
    public var customMirror: Mirror {
        Mirror(self, children: ["name": declaration.name, "value": shown, "origin": origin.text])
    }
}

extension SettingDeclaration {
    /// Values as they may be shown.
    public func shown(_ values: [String]) -> String {
        switch secret {
        case .nothing: values.joined(separator: ",")
        case .credentials: values.map(Self.withoutCredentials).joined(separator: ",")
        case .everything: values.isEmpty ? "" : EffectiveSetting.mask
        }
    }

    /// Rather too much is masked than too little: a wrong value may have its signs anywhere.
    private static func withoutCredentials(_ address: String) -> String {
        guard let end = address.lastIndex(of: "@") else { return address }
        let start = address[..<end].firstRange(of: "://")?.upperBound ?? address.startIndex
        return address[..<start] + EffectiveSetting.mask + address[end...]
    }
}
