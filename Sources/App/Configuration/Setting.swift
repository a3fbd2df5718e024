import Application
import Domain

/// What every setting says about itself, whatever its type: declared once, and the flag, the variable, the
/// file's key, the help and `cutroom config` follow from it.
struct SettingDeclaration: Sendable {
    /// The key in the configuration file, such as `upload_limit`; the other names are derived from it.
    let name: String
    /// What it is for, in a sentence.
    let summary: String
    /// What it takes, as help shows it, such as `0–65535`.
    let form: String
    /// The value when nobody sets it, as text; none when it is then unset.
    let fallback: [String]
    /// What of its value is never shown.
    var secret = Secret.nothing
    /// Whether it may be given more than once; commas separate values in a variable.
    var isList = false
    /// Whether its flag takes no value.
    var isSwitch = false
    /// From when on a value holds that an administrator sets while the server runs; nil when none can.
    var adjustable: AdjustableSetting.Effect?
    /// Throws when the values are not what the setting takes.
    let check: @Sendable ([String]) throws(SettingError) -> Void

    /// What of a value is never shown.
    enum Secret: Sendable {
        case nothing
        /// The user and the password before the host of an address.
        case credentials
        case everything
    }

    /// The flag of the command line, such as `--upload-limit`.
    var flag: String { "--" + String(name.map { $0 == "_" ? "-" : $0 }) }
    /// The environment variable, such as `CUTROOM_UPLOAD_LIMIT`.
    var variable: String { "CUTROOM_" + name.uppercased() }
}

/// A value that a setting does not take.
struct SettingError: Error, Equatable {
    /// What was expected instead.
    let expectation: String
}

/// A setting and the type of its value.
struct Setting<Value: Sendable>: Sendable {
    /// What it says about itself.
    private(set) var declaration: SettingDeclaration
    /// Reads the value from the text that was given.
    let read: @Sendable ([String]) throws(SettingError) -> Value

    /// Declares a setting.
    ///
    /// - Parameter fallback: The default as text, read like any other value.
    init(
        _ name: String, _ form: String, default fallback: [String],
        secret: SettingDeclaration.Secret = .nothing, isList: Bool = false, isSwitch: Bool = false,
        _ summary: String,
        read: @escaping @Sendable ([String]) throws(SettingError) -> Value
    ) {
        declaration = SettingDeclaration(
            name: name, summary: summary, form: form, fallback: fallback, secret: secret, isList: isList,
            isSwitch: isSwitch,
            check: { values throws(SettingError) in _ = try read(values) })
        self.read = read
    }

    /// The same, which administrators can set while the server runs.
    func adjustable(_ effect: AdjustableSetting.Effect) -> Self {
        var setting = self
        setting.declaration.adjustable = effect
        return setting
    }
}

/// The last of several values counts, as on every command line.
private func single(_ values: [String]) -> String { values.last ?? "" }

extension Setting where Value == Int {
    /// A whole number within a range.
    static func integer(
        _ name: String, _ range: ClosedRange<Int>, unit: String = "", default fallback: Int, _ summary: String
    ) -> Self {
        let form = "\(range.lowerBound)–\(range.upperBound)" + (unit.isEmpty ? "" : " \(unit)")
        return Self(name, form, default: ["\(fallback)"], summary) { values throws(SettingError) in
            guard let number = Int(single(values)), range.contains(number) else {
                throw SettingError(expectation: "must be a whole number, \(form)")
            }
            return number
        }
    }
}

extension Setting where Value == Int64 {
    /// A number of bytes, such as `500MB` or `12GiB`.
    static func bytes(_ name: String, default fallback: String, _ summary: String) -> Self {
        Self(name, "BYTES", default: [fallback], summary) { values throws(SettingError) in
            guard let bytes = byteCount(single(values)), bytes > 0 else {
                throw SettingError(expectation: "must be a size such as 500MB or 12GiB")
            }
            return bytes
        }
    }
}

extension Setting where Value == Double {
    /// A number within a range.
    static func number(
        _ name: String, _ range: ClosedRange<Double>, unit: String, default fallback: Double,
        _ summary: String
    ) -> Self {
        let form = "\(plain(range.lowerBound))–\(plain(range.upperBound)) \(unit)"
        return Self(name, form, default: [plain(fallback)], summary) { values throws(SettingError) in
            guard let number = Double(single(values)), range.contains(number) else {
                throw SettingError(expectation: "must be a number, \(form)")
            }
            return number
        }
    }

    /// A length of time in seconds, such as `90`, `90s`, `5m`, `4h` or `1:30:00`.
    static func duration(_ name: String, default fallback: String, _ summary: String) -> Self {
        Self(name, "DURATION", default: [fallback], summary) { values throws(SettingError) in
            guard let seconds = secondCount(single(values)), seconds > 0 else {
                throw SettingError(expectation: "must be a length of time such as 90s, 4h or 1:30:00")
            }
            return seconds
        }
    }
}

extension Setting where Value == Bool {
    /// Something that is on or off; its flag turns it on.
    static func toggle(_ name: String, _ summary: String) -> Self {
        Self(name, "true|false", default: ["false"], isSwitch: true, summary) { values throws(SettingError) in
            switch single(values).lowercased() {
            case "true", "1", "yes", "on": true
            case "false", "0", "no", "off": false
            default: throw SettingError(expectation: "must be true or false")
            }
        }
    }
}

extension Setting where Value == String {
    /// Any text.
    static func text(_ name: String, _ form: String, default fallback: String, _ summary: String) -> Self {
        Self(name, form, default: [fallback], summary) { values throws(SettingError) in
            guard !single(values).isEmpty else { throw SettingError(expectation: "must not be empty") }
            return single(values)
        }
    }
}

extension Setting where Value == String? {
    /// Any text, or nothing.
    static func optionalText(
        _ name: String, _ form: String, secret: SettingDeclaration.Secret = .nothing, _ summary: String
    ) -> Self {
        Self(name, form, default: [], secret: secret, summary) { values throws(SettingError) in
            single(values).isEmpty ? nil : single(values)
        }
    }

    /// A secret: never shown, never logged.
    static func secret(_ name: String, _ summary: String) -> Self {
        .optionalText(name, "KEY", secret: .everything, summary)
    }

    /// The address of a service without its last slash, or nothing.
    static func serviceAddress(_ name: String, _ summary: String) -> Self {
        Self(name, "URL", default: [], secret: .credentials, summary) { values throws(SettingError) in
            let text = single(values)
            guard !text.isEmpty else { return nil }
            guard let mark = text.firstRange(of: "://"), mark.upperBound < text.endIndex,
                ["http", "https"].contains(text[..<mark.lowerBound].lowercased()),
                !text.contains(where: \.isWhitespace)
            else { throw SettingError(expectation: "must be an http or https address") }
            return text.hasSuffix("/") ? String(text.dropLast()) : text
        }
    }
}

extension Setting where Value == [String] {
    /// A list of texts.
    static func list(_ name: String, _ form: String, default fallback: [String] = [], _ summary: String)
        -> Self
    {
        Self(name, form, default: fallback, isList: true, summary) { values throws(SettingError) in
            values.filter { !$0.isEmpty }
        }
    }
}

extension Setting where Value == [AddressRange] {
    /// A list of networks.
    static func networks(_ name: String, _ summary: String) -> Self {
        Self(name, "CIDR,…", default: [], isList: true, summary) { values throws(SettingError) in
            var ranges: [AddressRange] = []
            for value in values where !value.isEmpty {
                guard let range = AddressRange(value) else {
                    throw SettingError(expectation: "must be networks such as 10.0.0.0/8 or fd00::/8")
                }
                ranges.append(range)
            }
            return ranges
        }
    }
}

extension Setting where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the cases of an enumeration, by name.
    static func choice(_ name: String, default fallback: Value, _ summary: String) -> Self {
        let form = Value.allCases.map(\.rawValue).joined(separator: "|")
        return Self(name, form, default: [fallback.rawValue], summary) { values throws(SettingError) in
            guard let value = Value(rawValue: single(values)) else {
                throw SettingError(expectation: "must be one of \(form)")
            }
            return value
        }
    }
}

extension Setting {
    /// Several cases of an enumeration, by name, each once and in order.
    static func choices<Case>(_ name: String, default fallback: [Case], _ summary: String) -> Self
    where Value == [Case], Case: RawRepresentable & CaseIterable & Sendable, Case.RawValue == String {
        let form = Case.allCases.map(\.rawValue).joined(separator: "|")
        return Self(name, form, default: fallback.map(\.rawValue), isList: true, summary) {
            values throws(SettingError) in
            var cases: [Case] = []
            for value in values where !value.isEmpty {
                guard let known = Case(rawValue: value), !cases.contains(where: { $0.rawValue == value })
                else { throw SettingError(expectation: "must be of \(form), each once") }
                cases.append(known)
            }
            guard !cases.isEmpty else { throw SettingError(expectation: "must be of \(form)") }
            return cases
        }
    }
}
