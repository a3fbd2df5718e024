import Application
import Domain

/// What a setting says about itself: declared by ``Setting``, and known to the whole program.
typealias SettingDeclaration = Application.SettingDeclaration

/// A value that a setting does not take.
struct SettingError: Error, Equatable {
    /// What was expected instead.
    let expectation: String
}

/// A setting and the type of its value.
struct Setting<Value: Sendable>: Sendable {
    /// What it says about itself.
    private(set) var declaration: SettingDeclaration
    /// What its value is found and read by.
    let key: SettingKey<Value>

    /// Declares a setting.
    ///
    /// - Parameters:
    ///   - fallback: The default as text, read like any other value.
    ///   - shape: What its values are, for programs.
    init(
        _ name: String, _ form: String, default fallback: [String],
        secret: SettingDeclaration.Secret = .nothing, isList: Bool = false, isSwitch: Bool = false,
        shape: SettingShape = SettingShape(), _ summary: String,
        read: @escaping @Sendable ([String]) throws(SettingError) -> Value
    ) {
        key = SettingKey(name) { values throws(SettingRefusal) in
            do throws(SettingError) {
                return try read(values)
            } catch {
                throw SettingRefusal(expectation: error.expectation)
            }
        }
        declaration = SettingDeclaration(
            key, summary: summary, form: form, shape: shape, fallback: fallback, secret: secret,
            isList: isList, isSwitch: isSwitch)
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
        let shape = SettingShape(
            .integer, range: Double(range.lowerBound)...Double(range.upperBound),
            unit: unit.isEmpty ? nil : unit)
        return Self(name, form, default: ["\(fallback)"], shape: shape, summary) {
            values throws(SettingError) in
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
        let shape = SettingShape(.bytes, unit: "bytes")
        return Self(name, "BYTES", default: [fallback], shape: shape, summary) {
            values throws(SettingError) in
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
        let shape = SettingShape(.number, range: range, unit: unit)
        return Self(name, form, default: [plain(fallback)], shape: shape, summary) {
            values throws(SettingError) in
            guard let number = Double(single(values)), range.contains(number) else {
                throw SettingError(expectation: "must be a number, \(form)")
            }
            return number
        }
    }

    /// A length of time in seconds, such as `90`, `90s`, `5m`, `4h` or `1:30:00`.
    static func duration(_ name: String, default fallback: String, _ summary: String) -> Self {
        let shape = SettingShape(.duration, unit: "seconds")
        return Self(name, "DURATION", default: [fallback], shape: shape, summary) {
            values throws(SettingError) in
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
        let shape = SettingShape(.boolean)
        return Self(name, "true|false", default: ["false"], isSwitch: true, shape: shape, summary) {
            values throws(SettingError) in
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
        let shape = SettingShape(.address)
        return Self(name, "URL", default: [], secret: .credentials, shape: shape, summary) {
            values throws(SettingError) in
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
        let shape = SettingShape(.choice, choices: Value.allCases.map(\.rawValue))
        return Self(name, form, default: [fallback.rawValue], shape: shape, summary) {
            values throws(SettingError) in
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
        let shape = SettingShape(.choice, choices: Case.allCases.map(\.rawValue))
        return Self(name, form, default: fallback.map(\.rawValue), isList: true, shape: shape, summary) {
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
