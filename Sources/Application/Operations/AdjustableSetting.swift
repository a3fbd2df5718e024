public import Domain

/// A setting that administrators can change while the server runs, as the program declares it.
public struct AdjustableSetting: Sendable {
    /// From when on a changed value holds.
    public enum Effect: String, CaseIterable, Sendable {
        /// At once.
        case now
        /// From the next start of each process on.
        case restart
    }

    /// What it is called.
    public let name: String
    /// What it is for, in a sentence.
    public let summary: String
    /// What it takes, for people.
    public let form: String
    /// From when on a changed value holds.
    public let effect: Effect
    /// Where its value comes from while no administrator's holds.
    public let given: SettingSource
    /// The setting with the value that it has while no administrator's holds.
    private let setting: EffectiveSetting

    /// A setting with the value that it has while no administrator's holds; nil when none can change it.
    init?(_ setting: EffectiveSetting) {
        let declaration = setting.declaration
        guard let effect = declaration.adjustable else { return nil }
        self.setting = setting
        self.effect = effect
        name = declaration.name
        summary = declaration.summary
        form = declaration.form
        given = setting.origin.source
    }

    /// What a value has to be instead; nil for one that is taken.
    ///
    /// What is set from afar is taken as it stands: it must not make the server read its files, and not be what was
    /// shown in place of a secret.
    func expectation(_ text: String) -> String? {
        if text.hasPrefix(FileReference.opening) { return "must not name a file when it is set from here" }
        if text.contains(EffectiveSetting.mask) { return "must be the value itself, not what stands for it" }
        do throws(SettingRefusal) {
            try setting.declaration.check(setting.declaration.values(in: text))
            return nil
        } catch {
            return error.expectation
        }
    }

    /// Whether all of a value may be seen.
    func isPublic(_ text: String) -> Bool {
        EffectiveSetting(setting.declaration, setting.declaration.values(in: text), from: .administrator)
            .isPublic
    }
}

/// Where the value of a setting comes from.
public enum SettingSource: String, CaseIterable, Sendable {
    /// Nobody has set it.
    case fallback = "default"
    /// The configuration file.
    case file
    /// A variable of the process.
    case environment
    /// The command line.
    case flag
    /// An administrator, while the server ran.
    case administrator = "admin"

    /// Whether an administrator's value holds instead of one from here.
    ///
    /// Who runs the server has the last word by a flag, so that nobody can be locked out by what was set.
    func yields(toOneThatOverrides overrides: Bool) -> Bool {
        switch self {
        case .fallback, .administrator: true
        case .file, .environment: overrides
        case .flag: false
        }
    }
}

/// A value that a setting does not take.
public struct SettingRefusal: CodedError, Equatable {
    /// What was expected instead, without the value.
    public let expectation: String

    /// A value that has to be something else.
    public init(expectation: String) {
        self.expectation = expectation
    }

    /// The stable code.
    public var code: String { "setting_value" }
    /// What was wrong and what to do.
    public var explanation: String { "The value \(expectation)." }
}
