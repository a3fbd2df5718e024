import Application

extension Settings {
    static let configurationFile = Setting<String?>.optionalText(
        "config", "FILE", "A JSON object with settings by name")
    static let profile = Setting<String?>(
        "profile", "NAME", default: [],
        "Reads a second file beside that of config, which comes before it: cutroom.NAME.json beside cutroom.json"
    ) { values throws(SettingError) in
        guard let name = values.last, !name.isEmpty else { return nil }
        guard name.utf8.count <= 64, name.utf8.allSatisfy(isOfName) else {
            throw SettingError(expectation: "must be a name of small letters, digits, - and _")
        }
        return name
    }
    static let configurationValidation = Setting<ValidationLevel>(
        "config_validation", "strict|warn|none", default: ["warn"],
        shape: SettingShape(.choice, choices: ValidationLevel.allCases.map(\.rawValue)),
        "What is done about unknown variables and keys: refuse them, tell of them, or pass over them"
    ) { values throws(SettingError) in
        // An older name of the last one.
        let text = values.last == "permissive" ? "none" : values.last ?? ""
        guard let level = ValidationLevel(rawValue: text) else {
            throw SettingError(expectation: "must be one of strict|warn|none")
        }
        return level
    }

    static let reference = Setting.toggle("reference", "Print what there is to set, as a page in Markdown")

    static let configurationSettings: [SettingDeclaration] = [
        configurationFile.declaration, profile.declaration, configurationValidation.declaration,
    ]

    private static func isOfName(_ sign: UInt8) -> Bool {
        switch sign {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
