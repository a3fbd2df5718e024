/// What every setting says about itself, whatever its type.
///
/// Declared once: the flag, the variable, the key of the file, the help, the check of values, the reference page and
/// what the API shows follow from it.
public struct SettingDeclaration: Sendable {
    /// The key in the configuration file, such as `upload_limit`; the other names are derived from it.
    public let name: String
    /// What it is for, in a sentence.
    public let summary: String
    /// What it takes, as help shows it, such as `0–65535`.
    public let form: String
    /// What its values are, for programs.
    public let shape: SettingShape
    /// The value when nobody sets it, as text; none when it is then unset.
    public let fallback: [String]
    /// What of its value is never shown.
    public let secret: Secret
    /// Whether it may be given more than once; commas separate values in a variable.
    public let isList: Bool
    /// Whether its flag takes no value.
    public let isSwitch: Bool
    /// From when on a value holds that an administrator sets while the server runs; nil when none can.
    ///
    /// One that holds at once is taken from a file that has changed, too; any other waits for the next start.
    public var adjustable: AdjustableSetting.Effect?
    /// Reads values.
    let parse: @Sendable ([String]) throws(SettingRefusal) -> ParsedSetting

    /// What of a value is never shown.
    public enum Secret: String, CaseIterable, Sendable {
        /// All of it may be seen.
        case nothing
        /// The user and the password before the host of an address.
        case credentials
        /// None of it may be seen.
        case everything
    }

    /// The flag of the command line, such as `--upload-limit`.
    public var flag: String { "--" + String(name.map { $0 == "_" ? "-" : $0 }) }
    /// The environment variable, such as `CUTROOM_UPLOAD_LIMIT`.
    public var variable: String { "CUTROOM_" + name.uppercased() }
    /// Whether a changed value holds without a new start.
    public var isReloadable: Bool { adjustable == .now }

    /// A setting whose values are read by `key`.
    public init<Value: Sendable>(
        _ key: SettingKey<Value>, summary: String, form: String, shape: SettingShape = SettingShape(),
        fallback: [String] = [], secret: Secret = .nothing, isList: Bool = false, isSwitch: Bool = false,
        adjustable: AdjustableSetting.Effect? = nil
    ) {
        name = key.name
        self.summary = summary
        self.form = form
        self.shape = shape
        self.fallback = fallback
        self.secret = secret
        self.isList = isList
        self.isSwitch = isSwitch
        self.adjustable = adjustable
        parse = { values throws(SettingRefusal) in ParsedSetting(key, try key.read(values)) }
    }

    /// Throws when the values are not what the setting takes.
    public func check(_ values: [String]) throws(SettingRefusal) { _ = try parse(values) }

    /// The values in a text such as a variable of the environment.
    public func values(in text: String) -> [String] {
        guard isList else { return [text] }
        return text.split(separator: ",").map { part in
            String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
    }
}

/// What the values of a setting are, for programs.
public struct SettingShape: Hashable, Sendable {
    /// The types of values.
    public enum Kind: String, CaseIterable, Sendable {
        case text, integer, number, bytes, duration, boolean, choice, address
    }

    /// The type; of a list, that of each element.
    public let kind: Kind
    /// The least and the greatest number that is taken; nil where there is no such limit.
    public let range: ClosedRange<Double>?
    /// What a number counts, such as `seconds`; nil where that needs no saying.
    public let unit: String?
    /// The texts that are taken; empty where any is.
    public let choices: [String]

    /// A shape; any text where nothing is said.
    public init(
        _ kind: Kind = .text, range: ClosedRange<Double>? = nil, unit: String? = nil, choices: [String] = []
    ) {
        self.kind = kind
        self.range = range
        self.unit = unit
        self.choices = choices
    }
}
